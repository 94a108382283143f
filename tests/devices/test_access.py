"""A bearer token: stands for one phone, dies at once, and costs no write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.accounts.models import Account
from app.devices.access import CONTACT_STEP, allow_device, current_device
from app.devices.models import Device
from app.shared.clock import now
from app.shared.db import db
from tests.conftest import World
from tests.devices.phones import ApiPhone, api_phone

WHO = "/api/v1/who"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def phone(app: Flask, world: World) -> ApiPhone:
    """An enrolled phone, in an application with one more view for phones."""

    @allow_device
    def who() -> str:
        if "broken" in request.args:
            raise RuntimeError
        return str(current_device().actor.account_id)

    app.add_url_rule(WHO, "who", who, methods=["GET", "POST"])
    return api_phone(app)


def _ask(phone: ApiPhone, method: str = "GET") -> tuple[int, str]:
    answer = phone.client.open(WHO, method=method, headers=phone.bearer)
    return answer.status_code, answer.text if answer.status_code == 200 else answer.json["code"]


def test_a_token_stands_for_its_phone_and_account(phone: ApiPhone, world: World) -> None:
    assert _ask(phone) == (200, str(world["volunteer"].account_id))


def test_a_view_for_phones_needs_no_form_token(app: Flask, phone: ApiPhone) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert _ask(phone, "POST")[0] == 200


@one_database
@pytest.mark.parametrize(
    "header",
    [
        None, "", "Bearer", "Bearer ", "Bearer x", "bearer \xff", "Basic eDp5", "Bearer a b",
        "Bearer a=b", "Digest x=1", "Bearer " + "x" * 6000,
    ],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(phone: ApiPhone, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = phone.client.get(WHO, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (401, "device_unknown")
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Lakthan-Api"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


@one_database
def test_every_answer_of_the_api_is_marked_as_ours(app: Flask, phone: ApiPhone) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for path, status in (("/api/v1/nothing", 404), ("/api/v1/who?broken", 500), (WHO, 200)):
        answer = phone.client.get(path, headers=phone.bearer)
        assert (answer.status_code, answer.headers["Lakthan-Api"]) == (status, "1")
    assert "Lakthan-Api" not in phone.client.get("/healthz").headers


def test_a_revoked_phone_is_out_at_once(
    phone: ApiPhone, sign_in: Callable[[str], FlaskClient]
) -> None:
    assert _ask(phone)[0] == 200
    sign_in("officer").post(f"/devices/{phone.answer['device_id']}/revoke")

    assert _ask(phone) == (401, "device_revoked")


def test_a_closed_account_closes_its_phones_at_once(
    phone: ApiPhone, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    phone.enrol(web_session=True)
    sign_in("admin").post(f"/accounts/{world['volunteer'].account_id}/close")

    assert _ask(phone) == (403, "account_disabled")
    assert phone.client.get("/visits").status_code == 302


def test_an_account_that_moved_to_a_desk_has_no_phone_any_more(
    app: Flask, world: World, phone: ApiPhone
) -> None:
    with app.app_context():
        account = db.session.get_one(Account, world["volunteer"].account_id)
        account.role, account.centre_id = "reviewer", None
        db.session.commit()

    assert _ask(phone) == (403, "role_without_phone")


def test_an_older_token_dies_with_the_next_enrolment(phone: ApiPhone) -> None:
    old = ApiPhone(phone.client, answer=phone.answer)
    phone.enrol()

    assert _ask(old) == (401, "device_unknown")
    assert _ask(phone)[0] == 200


def test_a_page_session_opens_no_view_for_phones(
    phone: ApiPhone, sign_in: Callable[[str], FlaskClient]
) -> None:
    assert sign_in("volunteer").get(WHO).status_code == 401


def test_a_token_opens_no_page(phone: ApiPhone) -> None:
    assert phone.client.get("/visits", headers=phone.bearer).status_code == 302


def _contact(app: Flask, phone: ApiPhone, *, back: timedelta | None = None) -> object:
    with app.app_context():
        device = db.session.get_one(Device, UUID(phone.answer["device_id"]))
        if back:
            device.last_contact_at = now() - back
            db.session.commit()
        found = device.last_contact_at
        db.session.remove()
    return found


def test_the_last_contact_is_noted_once_a_minute(app: Flask, phone: ApiPhone) -> None:
    before = _contact(app, phone, back=CONTACT_STEP / 2)
    _ask(phone)
    assert _contact(app, phone) == before

    before = _contact(app, phone, back=2 * CONTACT_STEP)
    _ask(phone)
    assert _contact(app, phone) != before


@one_database
def test_checking_a_token_waits_for_no_writer(app: Flask, phone: ApiPhone) -> None:
    path = app.config["SETTINGS"].database_url.removeprefix("sqlite:///")
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        assert _ask(phone)[0] == 200  # would wait twenty seconds for the lock, and fail
    finally:
        writer.close()
