"""Who has to wait: a guesser does; the owner, the village and the neighbour do not."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.tries import LIMITS, Limit
from tests.accounts.people import all_the_way_in, code_now, made, type_password
from tests.conftest import PASSWORD, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FREE = 5  # tries before the first wait


def _try(client: FlaskClient, login: str, password: str = "a wrong password") -> TestResponse:  # noqa: S107
    return client.post("/sign-in", data={"login": login, "password": password})


def _without_what_differs(page: str, login: str) -> str:
    page = re.sub(r"\d\d[.:]\d\d|csrf[-_]token\"[^>]*|data-csrf=\"[^\"]*\"|[0-9A-F]{8}", "", page)
    return page.replace(login, "")


def test_a_guesser_has_to_wait_and_is_told_until_when(app: Flask, world: World) -> None:
    stranger = app.test_client()
    answers = [_try(stranger, "officer") for _ in range(FREE + 1)]
    assert [a.status_code for a in answers] == [422] * FREE + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 15
    assert "ลองใหม่ได้" in answers[-1].text or "tried again" in answers[-1].text
    assert _try(app.test_client(), "officer", PASSWORD).status_code == 429  # from anywhere new


def test_nobody_learns_whether_there_is_such_an_account(app: Flask, world: World) -> None:
    def tried(login: str) -> list[tuple[int, str]]:
        client = app.test_client()
        answers = [_try(client, login) for _ in range(FREE + 1)]
        return [(a.status_code, _without_what_differs(a.text, login)) for a in answers]

    assert tried("officer") == tried("nobodyx")


def test_the_owner_comes_in_while_a_stranger_tries(app: Flask, world: World) -> None:
    owner = app.test_client()
    assert _try(owner, "officer", PASSWORD).status_code == 303
    owner.post("/sign-out")
    stranger = app.test_client()
    while _try(stranger, "officer").status_code != 429:
        pass
    assert _try(owner, "officer", PASSWORD).status_code == 303


def test_a_known_browser_is_no_way_round_the_counting(app: Flask, world: World) -> None:
    client = app.test_client()
    _try(client, "officer", PASSWORD)
    client.post("/sign-out")
    assert [_try(client, "officer").status_code for _ in range(FREE + 1)][-1] == 429


def test_a_forged_or_borrowed_known_browser_counts_as_a_stranger(app: Flask, world: World) -> None:
    other = app.test_client()
    _try(other, "volunteer", PASSWORD)
    cookie = other.get_cookie("lakthan-known")
    assert cookie is not None
    assert cookie.http_only
    thief = app.test_client()
    officer = world["officer"].account_id.hex
    for value in (
        cookie.value.replace(world["volunteer"].account_id.hex, officer),
        f"{officer}~name~{'0' * 32}", "~~", "." * 3000, "ก~ข~ค",
    ):  # fmt: skip
        thief.set_cookie("lakthan-known", value)
        assert _try(thief, "officer").status_code == 422
    assert _try(app.test_client(), "officer", PASSWORD).status_code == 429  # they all counted


def test_a_village_behind_one_address_is_not_locked_out(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = app.test_client()
    _try(known, "officer", PASSWORD)
    known.post("/sign-out")
    monkeypatch.setitem(LIMITS, "address", Limit(3600, ceiling=7))
    for n in range(7):  # seven people of the village, each wrong once
        _try(app.test_client(), f"villager{n}")
    assert _try(app.test_client(), "volunteer", PASSWORD).status_code == 429  # a new browser waits
    assert _try(known, "officer", PASSWORD).status_code == 303  # a known one passes
    elsewhere = app.test_client()
    answer = elsewhere.post(
        "/sign-in", data={"login": "volunteer", "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "198.51.100.7"},
    )  # fmt: skip
    assert answer.status_code == 303


def test_right_passwords_never_use_up_the_address(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "address", Limit(3600, ceiling=3))
    for _ in range(6):
        assert _try(app.test_client(), "officer", PASSWORD).status_code == 303


def test_codes_of_the_second_step_cannot_be_guessed_through(app: Flask) -> None:
    made(app)
    client = app.test_client()
    type_password(client)
    guesses = [client.post("/sign-in/factor", data={"code": "000000"}) for _ in range(FREE + 1)]
    assert [a.status_code for a in guesses] == [422] * FREE + [429]
    assert client.post("/sign-in/factor", data={"code": code_now()}).status_code == 429
    fresh = app.test_client()  # starting again gives no new tries
    type_password(fresh)
    assert fresh.post("/sign-in/factor", data={"code": "000000"}).status_code == 429


def test_the_password_asked_again_is_counted(app: Flask) -> None:
    _, codes = made(app)
    client = app.test_client()
    all_the_way_in(client, codes)
    wrong = {"password": "a wrong password"}
    answers = [client.post("/account/prove", data=wrong) for _ in range(FREE + 1)]
    assert [a.status_code for a in answers] == [422] * FREE + [429]


@pytest.mark.parametrize("bad", ["\0", "\ud800", "x" * 100_000, "'; --", "%00", "๑" * 80, ""])
def test_hostile_input_is_refused_and_never_breaks_anything(
    app: Flask, world: World, bad: str
) -> None:
    text = bad.encode("utf-8", "surrogatepass")
    client = app.test_client()
    for data in ({"login": text, "password": PASSWORD}, {"login": "officer", "password": text}):
        assert client.post("/sign-in", data=data).status_code in (400, 422)
    made(app)
    type_password(client)
    assert client.post("/sign-in/factor", data={"code": text}).status_code in (400, 422)
