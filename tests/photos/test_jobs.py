"""The job: what it does once, it does not do twice, and a bad photo never costs a good one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.photos import claims
from app.photos.jobs import process, warm_up
from app.photos.models import Photo
from app.photos.pipeline import RECIPE
from app.shared.db import db
from app.shared.files import FileStore, content_key
from tests.photos import makers
from tests.photos.conftest import Send

ABOUT = makers.exif(taken=makers.MORNING, gps=makers.PHAYAO)


@pytest.fixture
def wait(send: Send, session: Session):
    """A function: receive a picture and commit, so that it waits to be processed."""

    def receive(data: bytes) -> UUID:
        photo, _created = send(data)
        session.commit()
        return photo.id

    return receive


def look(photo_id: UUID) -> Photo:
    return db.session.get_one(Photo, photo_id, populate_existing=True)


def test_a_received_photo_gets_its_renditions_and_facts(wait, files: FileStore):
    photo_id = wait(makers.jpeg(ABOUT, picture=makers.scene((3000, 2000))))

    process(str(photo_id))

    photo = look(photo_id)
    assert (photo.state, photo.recipe, photo.attempts) == ("processed", RECIPE, 1)
    assert (photo.width, photo.height) == (3000, 2000)
    assert photo.exif_lat == pytest.approx(19.166423, abs=1e-6)
    assert photo.taken_at is not None
    for digest in (photo.view_sha256, photo.thumb_sha256):
        assert files.exists(content_key("renditions", str(digest)))


def test_the_original_is_the_same_bytes_before_and_after(wait, files: FileStore):
    data = makers.jpeg(ABOUT)
    photo_id = wait(data)

    process(str(photo_id))

    assert files.read(content_key("originals", look(photo_id).original_sha256)) == data


def test_a_job_rung_for_twice_changes_nothing(wait, files: FileStore):
    photo_id = wait(makers.jpeg())
    process(str(photo_id))
    before = look(photo_id)
    state_since, view = before.state_since, before.view_sha256

    process(str(photo_id))

    after = look(photo_id)
    assert (after.attempts, after.state_since, after.view_sha256) == (1, state_since, view)


def test_a_bad_photo_does_not_cost_the_good_ones(wait):
    bad = wait(makers.jpeg(ABOUT)[:-200])
    good = [wait(makers.jpeg(quality=quality)) for quality in (40, 50, 60)]

    process(str(bad))

    assert (look(bad).state, look(bad).last_error_code) == ("unreadable", "damaged")
    assert look(bad).exif_lat == pytest.approx(19.166423, abs=1e-6)
    assert {look(photo_id).state for photo_id in good} == {"processed"}


def test_one_job_drains_a_bounded_number(wait):
    waiting = [wait(makers.jpeg(quality=10 + n)) for n in range(claims.DRAIN_MOST + 2)]

    process(str(waiting[0]))

    done = [photo_id for photo_id in waiting if look(photo_id).state == "processed"]
    assert len(done) == claims.DRAIN_MOST


def test_a_photo_that_is_not_there_is_no_trouble(app: Flask, session: Session):
    process("01900000-0000-7000-8000-000000000000")


def test_an_original_that_changed_on_disk_is_said_to_have_changed(wait, files: FileStore):
    photo_id = wait(makers.jpeg())
    files.path(content_key("originals", look(photo_id).original_sha256)).write_bytes(b"other")

    process(str(photo_id))

    assert look(photo_id).last_error_code == "original_changed"


def test_a_disk_that_fails_leaves_the_photo_for_another_try(wait, files: FileStore):
    photo_id = wait(makers.jpeg())
    folder = files.root / "originals"
    away = folder.rename(files.root / "away")
    with pytest.raises(OSError):
        process(str(photo_id))

    assert (look(photo_id).state, look(photo_id).last_error_code) == ("received", "storage")
    away.rename(folder)
    photo = look(photo_id)
    photo.lease_until = photo.received_at - timedelta(seconds=1)  # the lease runs out
    db.session.commit()
    process(str(photo_id))

    assert (look(photo_id).state, look(photo_id).last_error_code) == ("processed", None)


def test_warming_up_takes_nothing_from_the_queue(wait):
    photo_id = wait(makers.jpeg())

    warm_up()

    assert (look(photo_id).attempts, look(photo_id).lease_until) == (0, None)


def test_reprocessing_from_the_command_line_makes_the_same_pictures(app: Flask, wait):
    photo_id = wait(makers.jpeg())
    process(str(photo_id))
    view = look(photo_id).view_sha256
    db.session.commit()

    newer = str(RECIPE + 1)
    answer = app.test_cli_runner().invoke(args=["photo", "reprocess", "--recipe-below", newer])
    assert answer.output.startswith("1 photos wait"), answer.output
    process(str(photo_id))

    assert (look(photo_id).state, look(photo_id).view_sha256) == ("processed", view)
