"""A dropped file is named for what it is: original, our copy, altered, unknown or no picture."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from app.photos.models import Photo, PhotoRendition
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.upkeep.jobs import sweep
from app.verification import claims
from app.verification.jobs import check
from app.verification.models import PhotoCheck
from app.verification.service import MOST_WAITING
from tests.conftest import NOW, SentJobs
from tests.photos import makers
from tests.verification.conftest import field, jpeg_of

pytestmark = pytest.mark.both_stores

Put = Callable[..., Photo]


def drop(client: FlaskClient, data: bytes, name: str = "photo.jpg"):
    return client.post("/verify/files", data={"photo": (io.BytesIO(data), name)})


def answer_of(app: Flask, client: FlaskClient, data: bytes) -> tuple[str, str]:
    """Drop a file, let the worker look, and read the page: its address and its words."""
    address = drop(client, data).location
    if "/checks/" in address:
        with app.app_context():
            check(address.rpartition("/")[2])
            db.session.remove()
    return address, client.get(address).text


def rows(app: Flask) -> list[PhotoCheck]:
    with app.app_context():
        found = list(db.session.scalars(select(PhotoCheck)))
        db.session.remove()
    return found


def dropped(files: FileStore) -> list[str]:
    return [path.name for path in (files.root / "checks").rglob("*") if path.is_file()]


def test_the_original_is_known_by_its_bytes_and_not_kept_again(
    app: Flask, client: FlaskClient, files: FileStore, photo: Photo
):
    address, page = answer_of(app, client, jpeg_of(field()))

    assert address == f"/verify/digest/{photo.original_sha256}"
    assert "An authentic original" in page
    assert (rows(app), dropped(files)) == ([], [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rendition_is_known_as_ours(
    app: Flask, client: FlaskClient, files: FileStore, photo: Photo
):
    for digest in (photo.view_sha256, photo.thumb_sha256, photo.stamped_sha256):
        data = files.read(content_key("renditions", str(digest)))

        _address, page = answer_of(app, client, data)

        assert "Our own copy" in page
        assert "earlier version" not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rendition_of_an_older_recipe_is_still_ours(
    app: Flask, client: FlaskClient, photo: Photo
):
    old = "ab" * 32
    with app.app_context():
        db.session.add(
            PhotoRendition(sha256=old, photo_id=photo.id, kind="stamped", recipe=0, made_at=NOW)
        )
        db.session.commit()
        db.session.remove()

    page = client.get(f"/verify/digest/{old}")

    assert page.status_code == 200
    assert "earlier version" in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_digest_tells_programs_only_whether_it_is_known(client: FlaskClient, photo: Photo):
    json = {"Accept": "application/json"}

    known = client.get(f"/verify/digest/{photo.original_sha256}", headers=json)
    unknown = client.get(f"/verify/digest/{'0' * 64}", headers=json)

    assert (known.json, unknown.json) == ({"known": True}, {"known": False})
    assert client.get(f"/verify/digest/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_phone_only_announced_proves_nothing(app: Flask, client: FlaskClient, photo: Photo):
    with app.app_context():
        db.session.execute(update(Photo).where(Photo.id == photo.id).values(state="awaited"))
        db.session.commit()
        db.session.remove()

    answer = client.get(
        f"/verify/digest/{photo.original_sha256}", headers={"Accept": "application/json"}
    )

    assert answer.json == {"known": False}


CHANGES = {
    "saved again": (lambda p: p.resize((640, 480)), "saved again"),
    "mirrored": (lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "mirrored"),
    "turned": (lambda p: p.transpose(Image.Transpose.ROTATE_90), "about 90 degrees"),
    "cropped": (lambda p: p.crop((96, 0, 960, 720)), "cropped: about"),
    "recoloured": (lambda p: p.point(lambda v: int(v * 0.6)), "brightness or colours"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_changed_copy_is_found_and_its_change_told(
    app: Flask, client: FlaskClient, files: FileStore, photo: Photo
):
    for change, (made, words) in CHANGES.items():
        _address, page = answer_of(app, client, jpeg_of(made(field()), quality=70))

        assert "Our picture, but not our file" in page, change
        assert words in page, change
    assert dropped(files) == []


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_picture_that_is_none_of_ours_is_normal(
    app: Flask, client: FlaskClient, sent: SentJobs, files: FileStore, photo: Photo
):
    address, page = answer_of(app, client, jpeg_of(field(seed=2)))

    [row] = rows(app)
    assert ("app.verification.jobs.check", {"check_id": str(row.id)}) in sent.jobs
    assert row.verdict == "unknown"
    assert "Cannot be verified" in page
    assert "nothing against" in page
    assert dropped(files) == []
    assert client.get(f"{address}/state").json == {"state": "done"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_waits_until_a_worker_has_looked(client: FlaskClient):
    address = drop(client, jpeg_of(field(seed=3))).location

    assert f'data-check-state="{address}/state"' in client.get(address).text
    assert client.get(f"{address}/state").json == {"state": "waiting"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_picture_is_answered_and_no_picture_refused(
    app: Flask, client: FlaskClient, files: FileStore
):
    _address, page = answer_of(app, client, makers.jpeg()[:-200])
    refused = drop(client, b"%PDF-1.7 no picture at all", "report.pdf")

    assert "cannot be opened" in page
    assert refused.status_code == 415
    assert "not a picture" in refused.text
    assert dropped(files) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stranger_cannot_send_more_than_a_photo(app: Flask, client: FlaskClient):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"photo_max_bytes": 1_000})

    assert drop(client, b"\xff\xd8\xff" + bytes(100_000)).status_code == 413
    assert rows(app) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_file_sent_twice_is_looked_at_once(app: Flask, client: FlaskClient):
    data = jpeg_of(field(seed=4))

    assert drop(client, data).location == drop(client, data).location
    assert len(rows(app)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_too_many_wait_the_next_is_asked_to_come_again(
    app: Flask, client: FlaskClient, files: FileStore
):
    with app.app_context():
        for n in range(MOST_WAITING):
            db.session.add(PhotoCheck(id=uuid4(), sha256=f"{n:064x}", size_bytes=1, asked_at=now()))
        db.session.commit()
        db.session.remove()

    answer = drop(client, jpeg_of(field(seed=5)))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Try again in a minute" in answer.text
    assert dropped(files) == []


def test_a_check_whose_worker_died_is_rung_for_again_and_given_up_in_the_end(
    app: Flask, client: FlaskClient, sent: SentJobs
):
    check_id = drop(client, jpeg_of(field(seed=6))).location.rpartition("/")[2]
    with app.app_context():
        row = db.session.get_one(PhotoCheck, UUID(check_id))
        row.attempts, row.lease_until = 1, now() - timedelta(seconds=1)
        db.session.commit()
        sent.jobs.clear()
        sweep()
        assert ("app.verification.jobs.check", {"check_id": check_id}) in sent.jobs

        row = db.session.get_one(PhotoCheck, UUID(check_id), populate_existing=True)
        row.attempts = claims.MOST_ATTEMPTS
        db.session.commit()
        sweep()

        row = db.session.get_one(PhotoCheck, UUID(check_id), populate_existing=True)
        assert (row.state, row.verdict) == ("done", "unreadable")
        db.session.remove()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_slow_worker_cannot_overwrite_the_answer(app: Flask, client: FlaskClient):
    check_id = UUID(drop(client, jpeg_of(field(seed=7))).location.rpartition("/")[2])
    with app.app_context():
        session = db.session()
        slow = claims.claim(session, check_id, NOW)
        quick = claims.claim(session, check_id, NOW + timedelta(minutes=1))
        assert slow is not None
        assert quick is not None

        assert claims.finish(session, quick, claims.Finding("unknown"), now=NOW)
        assert not claims.finish(session, slow, claims.Finding("unreadable"), now=NOW)
        assert claims.claim(session, check_id, NOW + timedelta(hours=1)) is None
        db.session.remove()


def test_after_a_day_nothing_is_left(app: Flask, client: FlaskClient, files: FileStore):
    drop(client, jpeg_of(field(seed=8)))
    yesterday = now() - claims.LIFE - timedelta(minutes=1)
    for path in (files.root / "checks").rglob("*"):
        os.utime(path, (yesterday.timestamp(), yesterday.timestamp()))
    with app.app_context():
        db.session.execute(update(PhotoCheck).values(asked_at=yesterday))
        db.session.commit()
        sweep()
        db.session.remove()

    assert (rows(app), dropped(files)) == ([], [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_without_script_carries_a_token(app: Flask, client: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    assert 'name="csrf_token"' in client.get("/verify").text
    assert drop(client, jpeg_of(field())).status_code == 400
