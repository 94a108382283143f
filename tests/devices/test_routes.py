"""What phones ask over HTTP: the contract, word for word, and nothing that brings it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import passwords
from app.accounts.models import SignIn
from app.devices import service
from app.devices.codes import make_code
from app.devices.models import Device
from app.devices.nonce import nonce_at
from app.devices.rules import show_code
from app.shared.base64url import from_base64url, to_base64url
from app.shared.clock import now
from app.shared.db import db
from tests.conftest import PASSWORD, World
from tests.devices.phones import SEED, ApiPhone, api_phone, new_public_key

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.headers["Lakthan-Api"] == "1"
    assert answer.json is not None
    assert answer.json["detail"]
    return answer.status_code, answer.json["code"]


def _code_for(app: Flask, world: World, who: str = "volunteer") -> str:
    with app.app_context():
        code, _entry = make_code(
            db.session(), world[who].account_id, actor=world["officer"], seed=SEED, now=now()
        )
        db.session.commit()
        db.session.remove()
    return show_code(code)


def test_enrolling_tells_a_phone_all_it_needs(app: Flask, world: World) -> None:
    answer = ApiPhone(app.test_client()).enrol()

    assert answer.status_code == 201
    assert answer.headers["Lakthan-Api"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    told: dict[str, Any] = answer.json
    assert set(told) == {
        "device_id", "key_id", "token", "locker", "account", "server_key", "server_key_id",
        "nonce", "server_time", "programme", "earlier",
    }  # fmt: skip
    volunteer = world["volunteer"]
    assert told["account"] == {
        "id": str(volunteer.account_id), "name": volunteer.name, "role": "volunteer",
        "area_code": "560601", "centre_id": str(world.centre),
        "place": "ศูนย์เรียนรู้ทดสอบ 5606-001",
    }  # fmt: skip
    assert len(from_base64url(told["locker"]) or b"") == 32
    Ed25519PublicKey.from_public_bytes(from_base64url(told["server_key"]) or b"")
    assert nonce_at(SEED, told["nonce"]) == datetime.fromisoformat(told["server_time"])
    assert (told["programme"], told["earlier"]) == ("khok_nong_na_2567.1", [])


def test_the_same_locker_comes_back_after_sign_out_and_sign_in(app: Flask, world: World) -> None:
    phone = api_phone(app)
    before = phone.answer
    assert phone.client.delete("/api/v1/devices/self", headers=phone.bearer).status_code == 204
    assert _problem(phone.heartbeat()) == (401, "device_unknown")

    assert phone.enrol().status_code == 201
    assert phone.answer["locker"] == before["locker"]
    assert phone.answer["device_id"] == before["device_id"]
    assert phone.answer["token"] != before["token"]
    assert phone.heartbeat().status_code == 200


def test_a_code_enrols_as_a_password_does_and_only_once(app: Flask, world: World) -> None:
    code = _code_for(app, world)
    phone = api_phone(app, None)

    assert phone.enrol(code=code.lower().replace("-", " ")).status_code == 201
    assert phone.answer["account"]["id"] == str(world["volunteer"].account_id)
    assert _problem(api_phone(app, None).enrol(code=code)) == (401, "code_invalid")


def test_a_failed_enrolment_leaves_the_code_good(app: Flask, world: World) -> None:
    code = _code_for(app, world)
    phone = api_phone(app, None)
    body = phone.asks(code=code) | {"public_key": "AAAA"}
    assert _problem(phone.client.post("/api/v1/devices", json=body)) == (400, "malformed")

    assert phone.enrol(code=code).status_code == 201


@one_database
@pytest.mark.parametrize(
    ("login", "password"),
    [("volunteer", "a wrong password"), ("nobody", PASSWORD), ("", ""), ("volunteer", "")],
)
def test_a_wrong_login_is_told_one_thing(
    app: Flask, world: World, login: str, password: str
) -> None:
    answer = api_phone(app, None).enrol(login, password=password)

    assert _problem(answer) == (401, "wrong_credentials")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@one_database
def test_an_unknown_name_costs_as_much_as_a_wrong_password(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = passwords.verify
    monkeypatch.setattr(
        passwords, "verify", lambda stored, given: checked.append(given) or verify(stored, given)
    )
    for login in ("nobody", "volunteer", "reviewer"):
        api_phone(app, None).enrol(login, password="a wrong password")

    assert checked == ["a wrong password"] * 3


@one_database
def test_a_reviewer_is_told_that_the_role_has_no_phone(app: Flask, world: World) -> None:
    assert _problem(api_phone(app, None).enrol("reviewer")) == (403, "role_without_phone")


@one_database
def test_a_password_is_taken_as_it_is_typed(app: Flask, world: World) -> None:
    answer = api_phone(app, None).enrol(password=f" {PASSWORD}")

    assert _problem(answer) == (401, "wrong_credentials")


def test_a_phone_may_start_a_page_session_that_ends_with_it(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    phone = api_phone(app, None)
    phone.enrol(web_session=True)
    assert phone.client.get("/visits").status_code == 200

    url = f"/devices/{phone.answer['device_id']}/revoke"
    assert sign_in("officer").post(url).status_code == 303
    assert phone.client.get("/visits").status_code == 302


@one_database
def test_a_page_session_of_somebody_else_ends_where_a_phone_starts_its_own(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("officer")
    ApiPhone(client).enrol("volunteer", web_session=True)

    assert client.get("/centres").status_code == 404  # a volunteer's session now
    with app.app_context():
        ended = db.session.scalars(select(SignIn.ended_at).order_by(SignIn.started_at)).all()
        assert [instant is not None for instant in ended] == [True, False]


def test_whoever_is_signed_in_enrols_the_browser_without_a_password(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("officer")
    phone = ApiPhone(client)
    answer = client.post("/phone/enrol", json=phone.asks())

    assert (answer.status_code, answer.headers["Lakthan-Api"]) == (201, "1")
    phone.answer = answer.json
    assert phone.heartbeat().status_code == 200
    with app.app_context():
        assert db.session.scalar(select(SignIn.device_id)) == UUID(phone.answer["device_id"])


@one_database
def test_enrolling_a_browser_needs_the_token_of_its_page(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("officer")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/phone/enrol", json=ApiPhone(client).asks())

    assert answer.status_code == 400
    assert answer.json["code"] == "csrf"


@one_database
def test_the_api_asks_no_form_token_but_its_own_proof(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    phone = api_phone(app)

    assert phone.heartbeat().status_code == 200
    form = phone.client.post("/api/v1/devices", data={"login": "volunteer", "password": PASSWORD})
    assert _problem(form) == (415, "unsupported_media_type")
    left = phone.client.post("/phone/leave", headers={"Lakthan-Leave": "1"})
    assert left.status_code == 204


@one_database
@pytest.mark.parametrize("field", ["login", "password", "code"])
def test_one_who_is_signed_in_sends_no_proof(
    sign_in: Callable[[str], FlaskClient], field: str
) -> None:
    client = sign_in("volunteer")
    answer = client.post("/phone/enrol", json=ApiPhone(client).asks(**{field: "x"}))

    assert (answer.status_code, answer.json["code"]) == (400, "malformed")


def test_leaving_ends_the_page_session_and_twice_is_harmless(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    client = sign_in("volunteer")
    assert client.post("/phone/leave").status_code == 400
    assert client.get("/visits").status_code == 200
    for _ in range(2):
        assert client.post("/phone/leave", headers={"Lakthan-Leave": "1"}).status_code == 204
    assert client.get("/visits").status_code == 302


def test_a_heartbeat_gives_the_time_a_nonce_and_the_next_beat(app: Flask, world: World) -> None:
    phone = api_phone(app)
    ahead = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    first = phone.heartbeat(device_time=ahead).json
    second = phone.heartbeat().json

    assert set(first) == {"server_time", "nonce", "beat", "clock_skew_s", "forked"}
    assert (1195 < first["clock_skew_s"] < 1205, first["forked"]) == (True, False)
    assert first["beat"] != second["beat"]
    assert nonce_at(SEED, second["nonce"]) is not None


def test_a_copied_storage_is_told_so(app: Flask, world: World) -> None:
    phone = api_phone(app)
    phone.heartbeat()
    copied = ApiPhone(phone.client, answer=phone.answer, beat=phone.beat)
    for _ in range(2):
        phone.heartbeat()
    answer = copied.heartbeat()

    assert (answer.status_code, answer.json["forked"], answer.json["beat"]) == (200, True, None)


@one_database
@pytest.mark.parametrize(
    "clock", ["2567-02-01T10:00:00.000+07:00", "1970-01-01T00:00:01Z", "9999-12-31T23:59:59Z"]
)
def test_a_clock_however_wrong_does_not_silence_a_phone(
    app: Flask, world: World, clock: str
) -> None:
    answer = api_phone(app).heartbeat(device_time=clock, oldest_unsent_at=clock, unsent_records=1)

    assert answer.status_code == 200
    assert abs(answer.json["clock_skew_s"]) > 10 * 365 * 86400


def test_an_earlier_phone_with_something_unsent_is_told_and_can_be_given_up(
    app: Flask, world: World
) -> None:
    old = api_phone(app)
    old.heartbeat(unsent_records=3, unsent_photos=4, oldest_unsent_at="2026-01-01T00:00:00Z")
    new = api_phone(app)
    (earlier,) = new.answer["earlier"]

    assert set(earlier) == {
        "device_id", "label", "unsent_records", "unsent_photos", "oldest_unsent_at",
        "last_contact_at",
    }  # fmt: skip
    assert (earlier["device_id"], earlier["unsent_photos"]) == (old.answer["device_id"], 4)
    for _ in range(2):
        lost = new.client.post(
            "/api/v1/devices/self/lost",
            json={"device_id": earlier["device_id"]},
            headers=new.bearer,
        )
        assert (lost.status_code, lost.headers["Lakthan-Api"]) == (204, "1")
    new.enrol()
    assert new.answer["earlier"] == []
    with app.app_context():
        device = db.session.get_one(Device, UUID(earlier["device_id"]))
        assert device.lost_items == 7


@one_database
def test_nobody_gives_up_a_phone_that_is_not_theirs(app: Flask, world: World) -> None:
    theirs, mine = api_phone(app, "officer"), api_phone(app)
    for device_id in (theirs.answer["device_id"], mine.answer["device_id"], str(uuid4())):
        answer = mine.client.post(
            "/api/v1/devices/self/lost", json={"device_id": device_id}, headers=mine.bearer
        )
        assert _problem(answer) == (404, "not_found")


GOOD: dict[str, Any] = {
    "install_id": "01900000-0000-7000-8000-000000000001", "label": "Android", "app_version": "1",
    "public_key": None, "login": "volunteer", "password": PASSWORD,
}  # fmt: skip
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(
        ["2567-02-01T00:00:00Z", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", str(uuid4())]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
HOSTILE = hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@one_database
@HOSTILE
@given(name=st.sampled_from([*GOOD, "code", "web_session", "more"]), value=JSON_VALUES)
def test_no_enrolment_brings_the_server_down(
    app: Flask, world: World, name: str, value: object
) -> None:
    answer = app.test_client().post("/api/v1/devices", json=GOOD | {name: value})

    assert answer.status_code in (201, 400, 401), answer.text
    assert answer.headers["Lakthan-Api"] == "1"


HEARTBEAT_FIELDS = [
    "unsent_records", "unsent_photos", "unsent_bytes", "oldest_unsent_at", "storage_left_bytes",
    "storage_persisted", "app_version", "device_time", "beat", "more",
]  # fmt: skip


@pytest.fixture
def phone(app: Flask, world: World) -> ApiPhone:
    return api_phone(app)


@HOSTILE
@given(name=st.sampled_from(HEARTBEAT_FIELDS), value=JSON_VALUES)
def test_no_heartbeat_brings_the_server_down(phone: ApiPhone, name: str, value: object) -> None:
    answer = phone.heartbeat(**{name: value})

    assert answer.status_code in (200, 400), answer.text


@one_database
@pytest.mark.parametrize(
    "path", ["/api/v1/devices", "/api/v1/heartbeat", "/api/v1/devices/self/lost"]
)
@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", "application/json", (400, "malformed_json")),
        (b"{", "application/json", (400, "malformed_json")),
        (b'{"a":1,"a":2}', "application/json", (400, "malformed_json")),
        (b"[" * 5000, "application/json", (400, "malformed_json")),
        (b"[]", "application/json", (400, "malformed")),
        (b"null", "application/json", (400, "malformed")),
        (b"{}", "application/json", (400, "malformed")),
        (b'{"more":1}', "application/json", (400, "malformed")),
        (b"{}", "text/plain", (415, "unsupported_media_type")),
        (b" " * 20_000, "application/json", (413, "request_too_large")),
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(
    app: Flask, world: World, path: str, body: bytes, kind: str, expected: tuple[int, str]
) -> None:
    phone = api_phone(app)
    answer = phone.client.post(path, data=body, content_type=kind, headers=phone.bearer)

    assert _problem(answer) == expected


@one_database
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"install_id": "x"}, "install_id"),
        ({"install_id": None}, "install_id"),
        ({"label": ""}, "label"),
        ({"label": "x" * 81}, "label"),
        ({"app_version": "x" * 41}, "app_version"),
        ({"public_key": "AAAA"}, "public_key"),
        ({"public_key": "A" * 10_000}, "public_key"),
        ({"public_key": to_base64url(new_public_key()) + "="}, "public_key"),
        ({"web_session": "yes"}, "web_session"),
        ({"code": "7K3Q-9XW0"}, "code"),
        ({"login": None}, "code"),
        ({"login": None, "password": None}, "code"),
        ({"password": "x" * 129}, "password"),
        ({"login": 5}, "login"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_fit_is_named(
    app: Flask, world: World, changed: dict[str, object], field: str
) -> None:
    answer = app.test_client().post("/api/v1/devices", json=GOOD | changed)

    assert _problem(answer) == (400, "malformed")
    assert answer.json["facts"]["field"] == field


@one_database
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unsent_records": -1}, "unsent_records"),
        ({"unsent_records": 2**31}, "unsent_records"),
        ({"unsent_photos": True}, "unsent_photos"),
        ({"unsent_bytes": None}, "unsent_bytes"),
        ({"storage_left_bytes": -1}, "storage_left_bytes"),
        ({"storage_persisted": 1}, "storage_persisted"),
        ({"device_time": None}, "device_time"),
        ({"device_time": "2024-02-01T10:00:00"}, "device_time"),
        ({"oldest_unsent_at": "yesterday"}, "oldest_unsent_at"),
        ({"beat": "x" * 41}, "beat"),
    ],
)
def test_a_heartbeat_that_does_not_fit_is_named(
    app: Flask, world: World, changed: dict[str, object], field: str
) -> None:
    answer = api_phone(app).heartbeat(**changed)

    assert _problem(answer) == (400, "malformed")
    assert answer.json["facts"]["field"] == field


def test_a_phone_that_signs_out_twice_is_told_that_it_is_out(app: Flask, world: World) -> None:
    phone = api_phone(app)
    answers = [phone.client.delete("/api/v1/devices/self", headers=phone.bearer) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 401]


def test_a_lost_locker_is_told_and_not_replaced(app: Flask, world: World) -> None:
    phone = api_phone(app)
    with app.app_context():
        device = db.session.get_one(Device, UUID(phone.answer["device_id"]))
        device.sealed_locker = bytes(60)
        db.session.commit()

    assert _problem(phone.enrol()) == (503, "locker_unreadable")
    assert phone.heartbeat().status_code == 200  # its token was not touched


def test_touching_is_never_a_step_back(app: Flask, world: World) -> None:
    phone = api_phone(app)
    device_id = UUID(phone.answer["device_id"])
    with app.app_context():
        before = db.session.get_one(Device, device_id).last_contact_at
        service.touch(db.session(), device_id, now=before - timedelta(hours=1))
        db.session.commit()
        db.session.expire_all()
        assert db.session.get_one(Device, device_id).last_contact_at == before
