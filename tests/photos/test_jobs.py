"""The job: what it does once, it does not do twice, and a bad photo never costs a good one."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.photos import claims, codes, pipeline
from app.photos.exif import PhotoFacts
from app.photos.jobs import FIRST_CPU_S, process, warm_up
from app.photos.models import Photo, PhotoRendition
from app.photos.pipeline import RECIPE
from app.photos.stamp_words import StampLines, StampWords
from app.prints import features
from app.prints.models import PhotoPrint, PrintKey
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.work import EXTENSION
from tests.conftest import World
from tests.photos import makers
from tests.photos.conftest import Send

pytestmark = pytest.mark.both_stores

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


def test_one_job_drains_a_bounded_number_and_rings_for_the_rest(wait, sent, monkeypatch):
    monkeypatch.setattr(claims, "DRAIN_S", 1_000.0)
    monkeypatch.setattr(claims, "DRAIN_MOST", 3)
    waiting = [wait(makers.jpeg(quality=10 + n)) for n in range(5)]
    sent.jobs.clear()

    process(str(waiting[0]))

    done = [photo_id for photo_id in waiting if look(photo_id).state == "processed"]
    assert len(done) == 3
    assert [function for function, _ids in sent.jobs] == [
        "app.photos.jobs.process",  # before the first is opened: it may kill who opens it
        "app.photos.jobs.process",
        "app.findings.jobs.examine",
    ]


class Died(BaseException):
    """Stands for a horse's death: nobody catches it."""


def _die(*_args: object, **_kwargs: object) -> NoReturn:
    raise Died


def test_the_rest_is_rung_for_before_a_photo_is_opened(wait, sent, monkeypatch):
    sick, behind = wait(makers.jpeg()), wait(makers.jpeg(quality=50))
    monkeypatch.setattr("app.photos.jobs.render", _die)
    sent.jobs.clear()

    with pytest.raises(Died):
        process(str(sick))

    assert sent.jobs == [("app.photos.jobs.process", {"photo_id": str(sick)})]
    assert (look(sick).attempts, look(behind).attempts) == (1, 0)


def test_a_photo_that_waits_alone_rings_for_nothing(wait, sent, monkeypatch):
    alone = wait(makers.jpeg())
    sent.jobs.clear()

    process(str(alone))

    assert [function for function, _ids in sent.jobs] == ["app.findings.jobs.examine"]


def test_the_first_try_has_less_processor_time_than_the_next(wait, monkeypatch):
    granted: list[int | None] = []
    monkeypatch.setattr("app.photos.jobs.renew_cpu", granted.append)
    photo_id = wait(makers.jpeg())
    photo = look(photo_id)
    photo.attempts = 1
    db.session.commit()

    process(str(photo_id))
    process(str(wait(makers.jpeg(quality=50))))

    assert granted == [None, FIRST_CPU_S]


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


def kinds_of(photo_id: UUID) -> dict[str, tuple[str, int]]:
    """Every file known of the photo: digest to kind and recipe."""
    rows = db.session.scalars(select(PhotoRendition).where(PhotoRendition.photo_id == photo_id))
    return {row.sha256: (row.kind, row.recipe) for row in rows}


def test_every_file_that_was_made_of_a_photo_is_known_by_its_bytes(wait, files: FileStore):
    photo_id = wait(makers.jpeg(ABOUT, picture=makers.grassy((1000, 700))))

    process(str(photo_id))

    photo = look(photo_id)
    assert kinds_of(photo_id) == {
        photo.view_sha256: ("view", RECIPE),
        photo.thumb_sha256: ("thumb", RECIPE),
        photo.stamped_sha256: ("stamped", RECIPE),
    }
    assert all(files.exists(content_key("renditions", digest)) for digest in kinds_of(photo_id))


def test_a_photo_gets_what_a_slow_line_a_reviewer_and_the_index_need(wait):
    photo_id = wait(makers.jpeg(ABOUT, picture=makers.grassy((1000, 700))))

    process(str(photo_id))

    photo = look(photo_id)
    assert len(photo.placeholder) == 28
    assert photo.measures["sharpness"] > 0.3
    assert codes.read(codes.written(photo.code)) == photo.code
    assert photo.examined_at is None
    printed = db.session.scalars(select(PhotoPrint).where(PhotoPrint.photo_id == photo_id)).one()
    assert printed.recipe == features.RECIPE
    keys = select(func.count()).where(PrintKey.print_no == printed.no)
    assert db.session.scalar(keys) > features.MIN_VOTES


def test_the_stamp_says_which_centre_and_which_code(app: Flask, wait, monkeypatch):
    said: list[StampWords] = []
    true = pipeline.lines_of

    def listened(words: StampWords, facts: PhotoFacts) -> StampLines:
        said.append(words)
        return true(words, facts)

    monkeypatch.setattr(pipeline, "lines_of", listened)
    settings = app.config["SETTINGS"].model_copy(update={"host_names": ("photos.example", "b")})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    photo_id = wait(makers.jpeg(ABOUT))
    process(str(photo_id))

    photo = look(photo_id)
    centre = db.session.get_one(Centre, photo.centre_id)
    assert [(words.centre_name, words.code) for words in said] == [(centre.name, photo.code)]
    assert said[0].place.startswith("ต.") and "จ.พะเยา" in said[0].place
    assert (said[0].source, said[0].signed) == ("camera", False)
    assert said[0].verify_at == "photos.example/verify"
    assert "/verify" in {rule.rule for rule in app.url_map.iter_rules()}


def test_findings_are_asked_for_once_after_all_photos_of_a_job(wait, app: Flask, monkeypatch):
    rung: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setitem(app.extensions, EXTENSION, lambda job, **ids: rung.append((job, ids)))
    first, last = wait(makers.jpeg()), wait(makers.jpeg(quality=50))

    process(str(first))

    assert rung == [
        ("app.photos.jobs.process", {"photo_id": str(first)}),
        ("app.findings.jobs.examine", {"photo_id": str(last)}),
    ]


def test_a_new_name_of_the_centre_makes_new_stamps_and_keeps_code_and_old_files(
    app: Flask, wait, world: World
):
    photo_id = wait(makers.jpeg(picture=makers.grassy((800, 600))))
    process(str(photo_id))
    before = look(photo_id)
    code, view, old_stamp = before.code, before.view_sha256, before.stamped_sha256
    centre = db.session.get_one(Centre, world.centre)
    centre.name = "ศูนย์ใหม่"
    official = centre.code
    db.session.commit()

    answer = app.test_cli_runner().invoke(args=["photo", "reprocess", "--centre", official])
    assert answer.output.startswith("1 photos wait"), answer.output
    process(str(photo_id))

    after = look(photo_id)
    assert (after.code, after.view_sha256) == (code, view)
    assert after.stamped_sha256 != old_stamp
    assert kinds_of(photo_id)[old_stamp] == ("stamped", RECIPE)
    assert after.stamped_sha256 in kinds_of(photo_id)


def test_files_of_the_recipe_before_stay_known(wait):
    photo_id = wait(makers.jpeg())
    photo = look(photo_id)
    photo.view_sha256, photo.thumb_sha256, photo.recipe = "a" * 64, "b" * 64, 1
    db.session.commit()

    process(str(photo_id))

    known = kinds_of(photo_id)
    assert (known["a" * 64], known["b" * 64]) == (("view", 1), ("thumb", 1))


@pytest.mark.parametrize("option", ["--photo", "--code"])
def test_one_photo_can_be_chosen_whatever_its_recipe(app: Flask, wait, option):
    chosen, other = wait(makers.jpeg()), wait(makers.jpeg(quality=50))
    process(str(chosen))
    value = str(chosen) if option == "--photo" else codes.written(str(look(chosen).code)).lower()
    db.session.commit()

    answer = app.test_cli_runner().invoke(args=["photo", "reprocess", option, value])

    assert answer.output.startswith("1 photos wait"), answer.output
    assert [look(photo_id).state for photo_id in (chosen, other)] == ["received", "processed"]


def test_what_is_no_code_chooses_nothing(app: Flask, wait):
    answer = app.test_cli_runner().invoke(args=["photo", "reprocess", "--code", "nonsense"])

    assert answer.exit_code == 2
    assert "not a code" in answer.output


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
