"""Pages on phones: everybody sees their own area, and a code appears once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.devices.models import EnrolmentCode
from app.devices.page_routes import qr_picture
from app.devices.phrases import ago, clock_words
from app.shared.db import db
from tests.conftest import NOW, World
from tests.devices.phones import api_phone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


def _code_on(html: str) -> str:
    (found,) = set(CODE.findall(html.split("enrol-code__code")[1].split("</p>", maxsplit=1)[0]))
    return str(found)


def test_an_officer_sees_the_district_s_phones_and_what_is_wrong(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    api_phone(app).heartbeat(
        unsent_records=2, unsent_photos=3, oldest_unsent_at=long_ago,
        storage_left_bytes=50_000_000, storage_persisted=False,
    )  # fmt: skip
    html = sign_in("officer").get("/devices").text

    assert "Test volunteer" in html
    assert "Android · Chrome" in html
    for words in ("ago", "2 records, 3 photos"):
        assert words in _in_english(sign_in("officer"), "/devices")
    assert html.count("badge--") >= 3
    assert "Test volunteer" not in sign_in("other_officer").get("/devices").text
    assert "Test volunteer" in sign_in("reviewer").get("/devices").text


def _in_english(client: FlaskClient, path: str) -> str:
    client.post("/language", data={"lang": "en"})
    return client.get(path).text


def test_a_volunteer_sees_their_own_phones_only(app: Flask, world: World, sign_in: SignIn) -> None:
    api_phone(app, "volunteer")
    api_phone(app, "other_volunteer")
    html = sign_in("volunteer").get("/devices").text

    assert html.count("Android · Chrome</") + html.count("Android · Chrome<small") == 1


@pytest.mark.parametrize("show", ["used", "danger", "revoked", "nonsense", ""])
@pytest.mark.parametrize("who", ["volunteer", "officer", "reviewer", "admin"])
def test_every_list_can_be_opened_by_everyone(
    app: Flask, world: World, sign_in: SignIn, who: str, show: str
) -> None:
    client = sign_in(who)
    assert client.get(f"/devices?show={show}").status_code == 200
    api_phone(app)
    assert client.get(f"/devices?show={show}").status_code == 200


def test_a_phone_taken_out_of_use_moves_to_its_own_list(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    device_id = api_phone(app).answer["device_id"]
    client = sign_in("officer")
    answer = client.post(f"/devices/{device_id}/revoke", follow_redirects=True)

    assert f"/devices/{device_id}/revoke" not in answer.text
    assert "Test volunteer" in client.get("/devices?show=revoked").text


@pytest.mark.parametrize("who", ["other_officer", "other_volunteer"])
def test_a_phone_of_another_area_cannot_be_taken_out_of_use(
    app: Flask, world: World, sign_in: SignIn, who: str
) -> None:
    device_id = api_phone(app).answer["device_id"]
    assert sign_in(who).post(f"/devices/{device_id}/revoke").status_code == 404


def test_a_code_from_the_page_enrols_the_person_chosen(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    chosen = world["volunteer"].account_id
    answer = sign_in("officer").post("/devices/new", data={"account_id": str(chosen)})

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    phone = api_phone(app, None)
    assert phone.enrol(code=_code_on(answer.text)).status_code == 201
    assert phone.answer["account"]["id"] == str(chosen)


def test_the_page_of_a_code_keeps_the_policy_and_shows_a_square(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    client = sign_in("volunteer")
    html = client.post("/devices/new", data={"account_id": str(world["volunteer"].account_id)}).text

    assert "<svg" in html.split('class="qr"')[1]
    assert not re.search(r"\sstyle=", html)
    with app.app_context():
        assert _code_on(html) not in str(db.session.scalars(select(EnrolmentCode)).one().__dict__)


@pytest.mark.parametrize(
    ("who", "whose"),
    [("officer", "reviewer"), ("officer", "other_officer"), ("admin", "reviewer"),
     ("volunteer", "other_volunteer")],
)  # fmt: skip
def test_nobody_gets_a_code_for_whom_they_may_not(
    app: Flask, world: World, sign_in: SignIn, who: str, whose: str
) -> None:
    client = sign_in(who)
    answer = client.post("/devices/new", data={"account_id": str(world[whose].account_id)})

    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(EnrolmentCode)) is None
    assert f"Test {whose}" not in client.get("/devices/new").text


@pytest.mark.parametrize("account_id", ["", "x", "\0", "None"])
def test_a_form_that_names_nobody_makes_no_code(
    world: World, sign_in: SignIn, account_id: str
) -> None:
    answer = sign_in("officer").post("/devices/new", data={"account_id": account_id})
    assert answer.status_code == 422


def test_an_administrator_comes_from_an_account_to_its_code(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    volunteer, reviewer = (world[who].account_id for who in ("volunteer", "reviewer"))

    assert f"/devices/new?account={volunteer}" in client.get(f"/accounts/{volunteer}").text
    assert f"/devices/new?account={reviewer}" not in client.get(f"/accounts/{reviewer}").text
    page = client.get(f"/devices/new?account={volunteer}").text
    assert re.search(rf'<option selected value="{volunteer}"', page)


def test_the_desk_says_what_lies_on_phones(app: Flask, world: World, sign_in: SignIn) -> None:
    phone = api_phone(app)
    clients = [sign_in(who) for who in ("officer", "reviewer", "other_officer")]
    assert [_line(client) for client in clients] == [False] * 3
    phone.heartbeat(unsent_records=12)

    assert [_line(client) for client in clients] == [True, True, False]
    assert "12 records on 1 phone not sent yet" in _in_english(clients[0], "/")


def _line(client: FlaskClient) -> bool:
    return 'class="link-row" href="/devices"' in client.get("/").text


@pytest.mark.parametrize("who", ["volunteer", "officer", "reviewer", "admin"])
def test_everyone_finds_the_door_to_the_phones(world: World, sign_in: SignIn, who: str) -> None:
    sheet = sign_in(who).get("/").text.split("me__sheet")[1]
    assert 'href="/devices"' in sheet


def test_a_square_holds_the_address_and_no_inline_style(app: Flask) -> None:
    picture = qr_picture("https://lakthan.example.go.th/phone/enrol?openExternalBrowser=1#7K3Q")
    assert picture.startswith("<svg")
    assert "style=" not in picture
    assert 'class="qr__picture"' in picture


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(), "just now"),
        (timedelta(seconds=-90), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(hours=25), "1 day ago"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=31), "1 Jan 2567 BE"),
    ],
)
def test_how_long_ago_as_people_say_it(app: Flask, past: timedelta, words: str) -> None:
    with app.test_request_context("/?lang=en"):
        assert ago(NOW - past, NOW).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("skew_s", "words"),
    [
        (700, "11 minutes ahead"),
        (-3 * 3600, "3 hours behind"),
        (-9 * 86400, "9 days behind"),
        (198_326 * 86400, "543 years ahead"),
    ],
)
def test_how_wrong_a_clock_is(app: Flask, skew_s: int, words: str) -> None:
    with app.test_request_context("/?lang=en"):
        assert clock_words(skew_s) == words
