"""The way in of those who need a second factor, and what is theirs once they are in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts.models import Account, SignIn
from app.shared.clock import now
from app.shared.db import db
from tests.accounts.people import all_the_way_in, code_now, made, type_password
from tests.conftest import PASSWORD
from tests.devices.phones import ApiPhone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "ฝนตกที่ทุ่งนาเช้าวันจันทร์"


def _age(app: Flask, **values: timedelta) -> None:
    with app.app_context():
        db.session.execute(update(SignIn).values({n: now() - past for n, past in values.items()}))
        db.session.commit()


def test_without_a_second_factor_nothing_opens_but_setting_one_up(app: Flask) -> None:
    made(app, factor=False)
    client = app.test_client()
    assert type_password(client) == "/sign-in/set-up"
    for path in ("/", "/account", "/centres", "/account/one-time"):
        assert client.get(path).status_code in (302, 303)
    page = client.get("/sign-in/set-up/app").text
    secret = re.search(r'id="app-secret"[^>]*>([A-Z2-7 ]+)<', page)
    offer = re.search(r'name="offer"[^>]*value="([^"]+)"', page)
    assert secret
    assert offer
    typed = {"offer": offer[1], "code": code_now(secret[1].replace(" ", ""))}
    answer = client.post("/sign-in/set-up/app", data=typed)
    assert len(re.findall(r"<li>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}</li>", answer.text)) == 10
    assert client.get("/account").status_code == 200


def test_a_code_of_the_app_opens_under_a_new_id_and_the_half_open_one_is_dead(app: Flask) -> None:
    made(app)
    client, thief = app.test_client(), app.test_client()
    assert type_password(client).startswith("/sign-in/factor")
    assert client.get("/account").status_code == 302
    cookie = client.get_cookie("lakthan")
    assert cookie
    thief.set_cookie("lakthan", cookie.value)
    assert client.post("/sign-in/factor", data={"code": code_now()}).status_code == 303
    assert client.get("/account").status_code == 200
    assert thief.get("/account").status_code == 302
    assert thief.get("/sign-in/factor").status_code == 302


def test_a_half_open_sign_in_lives_ten_minutes(app: Flask) -> None:
    made(app)
    client = app.test_client()
    type_password(client)
    _age(app, started_at=timedelta(minutes=11))
    assert client.post("/sign-in/factor", data={"code": code_now()}).location == "/sign-in"


def test_a_changed_password_ends_every_other_session_and_the_phones_if_wanted(app: Flask) -> None:
    _, codes = made(app)
    here, there = app.test_client(), app.test_client()
    all_the_way_in(here, codes)
    all_the_way_in(there, codes)
    phone = ApiPhone(app.test_client())
    assert phone.enrol("malee", one_time=codes.pop()).status_code == 201
    wrong = {"present": "not it at all", "password": NEW, "end_phones": "y"}
    assert here.post("/account/password", data=wrong).status_code == 422
    answer = here.post("/account/password", data=wrong | {"present": PASSWORD})
    assert answer.status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    with app.app_context():
        assert db.session.query(Account).filter_by(username="malee").one().password_set_at
    gone = phone.client.get(
        "/api/v1/changes", headers={"Authorization": f"Bearer {phone.answer['token']}"}
    )
    assert gone.status_code == 401


def test_a_dangerous_act_asks_again_after_a_quarter_of_an_hour(app: Flask) -> None:
    _, codes = made(app)
    client = app.test_client()
    all_the_way_in(client, codes)
    assert client.get("/account/recovery-codes").status_code == 200
    _age(app, proved_at=timedelta(minutes=16))
    way = client.get("/account/recovery-codes").location
    assert way == "/account/prove?next=/account/recovery-codes"
    back = client.post(way, data={"password": PASSWORD})
    assert back.location == "/account/recovery-codes"
    assert client.get(back.location).status_code == 200


def test_fifty_requests_at_once_do_not_bring_a_session_back_to_life(app: Flask) -> None:
    _, codes = made(app)
    client = app.test_client()
    all_the_way_in(client, codes)
    cookie = client.get_cookie("lakthan")
    assert cookie
    _age(app, seen_at=timedelta(minutes=6))  # so that each of them wants to note its use

    def ask(n: int) -> int:
        copy = app.test_client()
        copy.set_cookie("lakthan", cookie.value)
        return copy.post("/sign-out").status_code if n == 25 else copy.get("/account").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(50))) <= {200, 302, 303}
    assert ask(0) == 302


def test_an_officers_phone_asks_for_the_second_factor_too(app: Flask) -> None:
    made(app)
    phone = ApiPhone(app.test_client())
    refused = [phone.enrol("malee"), phone.enrol("malee", one_time="000000")]
    codes = [(a.status_code, a.get_json()["code"]) for a in refused]
    assert codes == [(401, "second_factor_needed"), (401, "wrong_code")]
    assert phone.enrol("malee", one_time=code_now()).status_code == 201


def test_an_officer_without_one_is_sent_to_the_pages(app: Flask) -> None:
    made(app, factor=False)
    answer = ApiPhone(app.test_client()).enrol("malee")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "second_factor_unset")


def test_guessing_codes_for_phones_has_an_end(app: Flask) -> None:
    phone = ApiPhone(app.test_client())
    answers = [phone.enrol(code="7K3Q9XWD") for _ in range(101)]
    assert [a.status_code for a in answers] == [401] * 100 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
