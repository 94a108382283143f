"""By its code anybody learns what is recorded of a photo, but no picture, place or person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.centres.models import Centre
from app.devices.models import CaptureProof, Device
from app.photos.codes import written
from app.photos.models import Photo
from app.shared.db import db
from app.shared.ids import new_id
from app.verification.throttle import MOST_A_MINUTE, Throttle, TooManyTries
from tests.conftest import NOW, World

SignIn = Callable[[str], FlaskClient]


def change(app: Flask, photo: Photo, **values: object) -> None:
    with app.app_context():
        db.session.execute(update(Photo).where(Photo.id == photo.id).values(**values))
        db.session.commit()
        db.session.remove()


def test_a_code_typed_as_people_type_leads_to_the_photos_facts(
    app: Flask, client: FlaskClient, photo: Photo
):
    typed = f" {str(photo.code)[:4].lower()} {str(photo.code)[4:]} "

    answer = client.get("/verify", query_string={"code": typed}, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.request.path == f"/verify/{written(str(photo.code))}"
    with app.app_context():
        centre = db.session.get_one(Centre, photo.centre_id).name
    assert centre in answer.text
    assert "อ.ปง" in client.get(answer.request.path + "?lang=th").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_public_answer_holds_no_picture_no_position_and_no_person(
    app: Flask, client: FlaskClient, world: World, photo: Photo
):
    change(app, photo, lat=19.1512345, lon=100.2712345, position_source="device",
           caption="ถ่ายกับนายสมชาย", flags=["same_bytes"], band="near")  # fmt: skip

    page = client.get(f"/verify/{photo.code}").text

    for hidden in (
        "19.15", "100.27", "สมชาย", "Test volunteer", "IMG_0001", str(photo.id),
        photo.original_sha256, str(photo.thumb_sha256), "/photos/",
    ):  # fmt: skip
        assert hidden not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_may_see_the_photo_is_led_to_it(sign_in: SignIn, photo: Photo):
    address = f"/photos/{photo.id}"

    assert address in sign_in("officer").get(f"/verify/{photo.code}").text
    assert address not in sign_in("other_officer").get(f"/verify/{photo.code}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_phones_signature_is_told_with_its_bracket(
    app: Flask, client: FlaskClient, world: World, photo: Photo
):
    with app.app_context():
        device = Device(
            id=new_id(), install_id=new_id(), account_id=world["volunteer"].account_id,
            label="Android", sealed_locker=b"x", enrolled_at=NOW, last_contact_at=NOW,
        )  # fmt: skip
        db.session.add(device)
        db.session.flush()
        db.session.add(
            CaptureProof(
                record_kind="photo", record_id=photo.id, version=1, device_id=device.id,
                item_sha256="0" * 64, verified=True, nonce_at=NOW,
                received_at=NOW + timedelta(minutes=90),
            )
        )  # fmt: skip
        db.session.commit()
        db.session.remove()

    page = client.get(f"/verify/{photo.code}?lang=th").text

    assert "10.00" in page
    assert "11.30" in page


def test_a_struck_out_photo_is_said_to_be_withdrawn_and_no_more(
    app: Flask, client: FlaskClient, photo: Photo
):
    change(app, photo, deleted_at=NOW, deleted_reason="ส่งซ้ำ")

    page = client.get(f"/verify/{photo.code}").text

    assert "This photo was withdrawn" in page
    assert "5606-001" not in page
    assert "ส่งซ้ำ" not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_code_that_nobody_has_is_answered_plainly(client: FlaskClient, photo: Photo):
    answer = client.get("/verify/00000-00000")

    assert answer.status_code == 404
    assert "No photo has this code" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_code_is_told_how_a_code_looks(client: FlaskClient):
    for typed in ("", "7K3M9", "ก" * 300, "<script>", "%00"):
        answer = client.get("/verify", query_string={"code": typed})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def test_guesses_are_slowed_down_for_the_guesser_alone(redis_url: str):
    throttle = Throttle(redis_url)

    for _ in range(MOST_A_MINUTE["code"]):
        throttle.check("code", "2001:db8::1", 7)
        throttle.count("code", "2001:db8::1", 7)

    with pytest.raises(TooManyTries):
        throttle.check("code", "2001:db8::2", 7)  # the same line, another address on it
    throttle.check("code", "203.0.113.9", 7)
    throttle.check("code", "2001:db8::1", 8)  # a minute later
    throttle.check("file", "2001:db8::1", 7)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_too_many_wrong_codes_are_answered_with_wait(
    app: Flask, client: FlaskClient, redis_url: str
):
    app.extensions["lakthan_verify_throttle"] = Throttle(redis_url)
    address = {"REMOTE_ADDR": "198.51.100.7"}

    statuses = [
        client.get("/verify/11111-11111", environ_overrides=address).status_code
        for _ in range(MOST_A_MINUTE["code"] + 2)
    ]

    assert statuses[0] == 404
    assert statuses[-1] == 429


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_redis_is_away_nobody_is_turned_away(client: FlaskClient):
    assert {client.get("/verify/22222-22222").status_code for _ in range(32)} == {404}
