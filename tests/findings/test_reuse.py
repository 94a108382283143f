"""A picture that was there before is found again, whatever was done to it, and asked about once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image, ImageOps
from sqlalchemy import select

from app.findings.jobs import examine
from app.findings.models import PhotoFinding, PhotoPair
from app.photos import service as photos
from app.photos.models import Photo
from app.photos.rules import Subject
from app.shared.db import db
from app.shared.files import FileStore, content_key
from tests.conftest import NOW, World
from tests.findings.conftest import Submit, picture, saved

pytestmark = pytest.mark.both_stores

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Examined = Callable[..., None]


def asked(app: Flask) -> list[tuple[str, str, str]]:
    """Photo, code and other photo of every reuse finding that stands."""
    with app.app_context():
        rows = db.session.execute(
            select(PhotoFinding.photo_id, PhotoFinding.code, PhotoFinding.about)
            .where(PhotoFinding.kind == "reuse", PhotoFinding.withdrawn_at.is_(None))
            .order_by(PhotoFinding.found_at, PhotoFinding.id)
        ).all()
        db.session.remove()
    return [(str(photo_id), code, about) for photo_id, code, about in rows]


def pairs(app: Flask) -> list[PhotoPair]:
    with app.app_context():
        found = list(db.session.scalars(select(PhotoPair)))
        db.session.remove()
    return found


def elsewhere(world: World) -> Subject:
    return Subject("centre", world.stranger, world.stranger)


def test_the_same_file_of_another_centre_is_asked_about_where_it_came_later(
    app: Flask, submit: Submit, examined: Examined, world: World
):
    data = saved(picture(1))
    first = submit(data)
    later = submit(data, days=30, subject=elsewhere(world))

    examined(later, first, later)  # in whatever order, and twice

    assert asked(app) == [(str(later.id), "reuse_bytes", str(first.id))]
    assert [(p.earlier_id, p.later_id, p.kind) for p in pairs(app)] == [
        (first.id, later.id, "same_bytes")
    ]


def test_a_copy_saved_again_mirrored_and_cropped_is_found(
    app: Flask, submit: Submit, examined: Examined, world: World
):
    first = submit(saved(picture(2)))
    changed = ImageOps.mirror(picture(2)).crop((32, 24, 608, 456))
    later = submit(saved(changed, quality=60), days=3, subject=elsewhere(world))
    other = submit(saved(picture(3)), days=4)

    examined(first, later, other)

    assert asked(app) == [(str(later.id), "reuse_picture", str(first.id))]
    (pair,) = pairs(app)
    assert pair.facts["mirrored"] is True
    assert pair.facts["overlap_a"] < 0.9 < pair.facts["overlap_b"]


def test_a_photo_that_arrives_late_in_the_index_still_puts_the_question_to_the_later_one(
    app: Flask, submit: Submit, examined: Examined
):
    """The later one is examined before the earlier one has any fingerprint."""
    later = submit(saved(picture(4), quality=70), days=5)
    examined(later)
    first = submit(saved(picture(4)))
    examined(first)  # drains: the later one is looked at again in the same run

    assert asked(app) == [(str(later.id), "reuse_picture", str(first.id))]


def test_two_workers_that_examine_a_pair_at_once_agree(app: Flask, submit: Submit):
    data = saved(picture(10))
    two = [submit(data, days=days) for days in (0, 9)]
    ready, done = threading.Barrier(2), []

    def worker(photo: Photo) -> None:
        ready.wait()
        with app.app_context():
            examine(str(photo.id))
            db.session.remove()
        done.append(photo.id)

    workers = [threading.Thread(target=worker, args=(photo,)) for photo in two]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert len(done) == 2
    assert asked(app) == [(str(two[1].id), "reuse_bytes", str(two[0].id))]


@SQLITE
def test_a_struck_out_photo_is_still_found_and_said_to_be(
    app: Flask, submit: Submit, examined: Examined, world: World
):
    first = submit(saved(picture(5)))
    with app.app_context():
        photos.delete_photo(
            db.session(), first.id, expected_version=first.version, reason="ผิดศูนย์",
            actor=world["officer"], now=NOW,
        )  # fmt: skip
        db.session.commit()
        db.session.remove()
    later = submit(saved(picture(5)), days=2, subject=elsewhere(world))
    examined(later)

    assert asked(app) == [(str(later.id), "reuse_bytes", str(first.id))]
    with app.app_context():
        text = db.session.scalar(select(PhotoFinding.text_th).where(PhotoFinding.kind == "reuse"))
    assert "ภาพนั้นถูกขีดฆ่าแล้ว" in str(text)


@SQLITE
def test_the_same_file_twice_in_one_record_is_only_remarked_upon(
    app: Flask, submit: Submit, examined: Examined
):
    data = saved(picture(6))
    first, later = submit(data), submit(data, days=0.01)
    examined(first, later)
    assert asked(app) == [(str(later.id), "reuse_twice", str(first.id))]


@SQLITE
def test_a_lost_thumbnail_keeps_nobody_waiting(
    app: Flask, submit: Submit, examined: Examined, files: FileStore
):
    lost, first = submit(saved(picture(7))), submit(saved(picture(8)))
    later = submit(saved(picture(8), quality=60), days=1)
    files.path(content_key("renditions", str(lost.thumb_sha256))).unlink()

    examined(lost)  # drains the others

    assert asked(app) == [(str(later.id), "reuse_picture", str(first.id))]
    with app.app_context():
        assert db.session.scalars(select(Photo).where(Photo.examined_at.is_(None))).all() == []


@SQLITE
def test_an_honest_photo_taken_in_the_app_at_the_centre_has_no_finding(
    app: Flask, submit: Submit, examined: Examined
):
    honest = submit(saved(picture(9)))
    examined(honest)
    with app.app_context():
        assert db.session.scalars(select(PhotoFinding)).all() == []
        assert db.session.get_one(Photo, honest.id).examined_at is not None


@SQLITE
def test_blank_walls_are_not_the_same_picture(app: Flask, submit: Submit, examined: Examined):
    one, other = (Image.new("RGB", (800, 600), (200, 190 + n, 180)) for n in (0, 3))
    walls = submit(saved(one)), submit(saved(other), days=1)
    examined(*walls)
    assert asked(app) == []
