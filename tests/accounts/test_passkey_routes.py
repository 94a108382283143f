"""Passkeys at the door: what a browser's script asks, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import ceremonies
from app.accounts.models import Account, Passkey, SignIn
from app.audit.models import AuditEntry
from app.shared.db import db
from tests.accounts.soft_key import SoftKey
from tests.conftest import PASSWORD, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignInAs = Callable[[str], FlaskClient]


def make_passkey(client: FlaskClient, key: SoftKey | None = None) -> SoftKey:
    key = key or SoftKey()
    options = client.post("/passkeys/add/begin", json={}).get_json()
    made = client.post("/passkeys/add", json={"credential": key.make(options), "label": "มือถือ"})
    assert made.status_code == 200, made.text
    return key


def answer_with(client: FlaskClient, key: SoftKey, **more: str):
    options = client.post("/passkeys/sign-in/begin", json={}).get_json()
    return client.post("/passkeys/sign-in", json={"credential": key.answer(options), **more})


def test_a_passkey_alone_lets_an_officer_in(app: Flask, world: World, sign_in: SignInAs) -> None:
    key = make_passkey(sign_in("officer"))
    with app.app_context():  # a real account, of whom two factors are asked
        db.session.get_one(Account, world["officer"].account_id).is_demo = False
        db.session.commit()
    client = app.test_client()
    answer = answer_with(client, key, next="/centres")
    assert (answer.status_code, answer.get_json()) == (200, {"to": "/centres"})
    assert client.get("/centres").status_code == 200
    with app.app_context():
        proofs = set(db.session.scalars(select(SignIn.proof)))
    assert "passkey" in proofs


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "javascript:1"])
def test_signing_in_by_passkey_leads_to_no_other_site(
    app: Flask, sign_in: SignInAs, evil: str
) -> None:
    key = make_passkey(sign_in("officer"))
    assert answer_with(app.test_client(), key, next=evil).get_json() == {"to": "/"}


def test_a_challenge_of_another_browser_or_of_yesterday_opens_nothing(
    app: Flask, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = make_passkey(sign_in("officer"))
    thief, mine = app.test_client(), app.test_client()
    options = mine.post("/passkeys/sign-in/begin", json={}).get_json()
    answer = {"credential": key.answer(options)}
    assert thief.post("/passkeys/sign-in", json=answer).status_code == 422
    later = ceremonies.CHALLENGE_LIFE + timedelta(seconds=5)
    real = ceremonies.CHALLENGE_LIFE
    monkeypatch.setattr(ceremonies, "CHALLENGE_LIFE", real - later)  # five minutes have passed
    assert mine.post("/passkeys/sign-in", json=answer).status_code == 422


def test_a_copied_cookie_does_not_make_an_answer_count_twice(app: Flask, sign_in: SignInAs) -> None:
    key = make_passkey(sign_in("officer"), SoftKey(counts=False))
    mine, thief = app.test_client(), app.test_client()
    options = mine.post("/passkeys/sign-in/begin", json={}).get_json()
    cookie = mine.get_cookie("lakthan")
    assert cookie is not None
    thief.set_cookie("lakthan", cookie.value)
    answer = {"credential": key.answer(options)}
    assert mine.post("/passkeys/sign-in", json=answer).status_code == 200
    assert thief.post("/passkeys/sign-in", json=answer).status_code == 422


def test_unknown_wrong_and_closed_are_told_apart_by_nobody(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    key = make_passkey(sign_in("officer"))
    unknown = answer_with(app.test_client(), SoftKey(user=world["officer"].account_id.bytes))
    with app.app_context():
        closed = db.session.get_one(Account, world["officer"].account_id)
        closed.disabled_at = closed.created_at
        db.session.commit()
    answers = [unknown, answer_with(app.test_client(), key)]
    said = {(a.status_code, a.get_json()["code"], a.get_json()["detail"]) for a in answers}
    assert len(said) == 1


def test_a_counter_that_goes_back_is_in_the_log_although_the_door_stays_shut(
    app: Flask, sign_in: SignInAs
) -> None:
    key = make_passkey(sign_in("officer"), SoftKey(count=8))
    key.count = 2
    assert answer_with(app.test_client(), key).status_code == 422
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action)))
    assert "account.passkey_counter_back" in actions


def test_nobody_makes_a_passkey_without_a_fresh_proof(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    assert app.test_client().post("/passkeys/add/begin", json={}).status_code == 401
    client = sign_in("officer")
    with app.app_context():
        for entry in db.session.scalars(select(SignIn)):
            entry.proved_at = entry.started_at - timedelta(hours=1)
        db.session.commit()
    refused = client.post("/passkeys/add/begin", json={})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "proof_needed")
    assert client.get("/account/passkeys/new").status_code == 303


def test_a_passkey_proves_again_who_is_there(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in("officer")
    key = make_passkey(client)
    other = make_passkey(sign_in("admin"))
    with app.app_context():
        for entry in db.session.scalars(select(SignIn)):
            entry.proved_at = entry.started_at - timedelta(hours=1)
        db.session.commit()
    for used, status in ((other, 422), (key, 200)):
        options = client.post("/passkeys/prove/begin", json={}).get_json()
        asked = {"credential": used.answer(options), "next": "/account/passkeys/new"}
        assert client.post("/passkeys/prove", json=asked).status_code == status
    assert client.get("/account/passkeys/new").status_code == 200


def test_who_must_set_up_a_second_factor_may_take_a_passkey_and_is_in(
    app: Flask, world: World
) -> None:
    with app.app_context():
        db.session.get_one(Account, world["officer"].account_id).is_demo = False
        db.session.commit()
    client = app.test_client()
    half = client.post("/sign-in", data={"login": "officer", "password": PASSWORD})
    assert half.location.startswith("/sign-in/set-up")
    assert client.get("/centres").status_code == 302  # it stands for nobody yet
    before = client.get_cookie("lakthan")
    make_passkey(client)
    assert client.get("/centres").status_code == 200
    after = client.get_cookie("lakthan")
    assert before and after and before.value != after.value


def test_a_half_open_sign_in_that_has_a_factor_adds_none(app: Flask, world: World) -> None:
    client = app.test_client()
    client.post("/sign-in", data={"login": "officer", "password": PASSWORD})
    make_passkey(client)
    thief = app.test_client()  # knows the password
    half = thief.post("/sign-in", data={"login": "officer", "password": PASSWORD})
    assert half.location.startswith("/sign-in/factor")
    assert thief.post("/passkeys/add/begin", json={}).status_code == 401


def test_the_account_page_lists_renames_and_removes(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    client = sign_in("volunteer")
    make_passkey(client)
    assert "มือถือ" in client.get("/account").text
    with app.app_context():
        passkey_id = db.session.scalars(select(Passkey.id)).one()
    client.post(f"/account/passkeys/{passkey_id}/rename", data={"label": "เครื่องสำนักงาน"})
    assert "เครื่องสำนักงาน" in client.get("/account").text
    assert sign_in("other_volunteer").post(
        f"/account/passkeys/{passkey_id}/remove"
    ).status_code == 404  # fmt: skip
    client.post(f"/account/passkeys/{passkey_id}/remove")
    with app.app_context():
        assert not list(db.session.scalars(select(Passkey)))


def test_on_an_address_of_numbers_no_passkey_is_offered(app: Flask, world: World) -> None:
    client = app.test_client()
    number = {"base_url": "http://127.0.0.1:8000"}
    assert "data-passkey" not in client.get("/sign-in", **number).text
    assert client.post("/passkeys/sign-in/begin", json={}, **number).status_code == 422


def test_a_foreign_page_cannot_start_a_ceremony(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/passkeys/sign-in/begin", json={})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


@pytest.mark.parametrize("body", [{}, {"credential": 1}, {"credential": {}, "x": 1}, []])
def test_a_body_of_another_shape_is_refused(app: Flask, world: World, body: object) -> None:
    client = app.test_client()
    client.post("/passkeys/sign-in/begin", json={})
    assert client.post("/passkeys/sign-in", json=body).status_code == 400
