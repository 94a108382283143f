"""From the link to being in: what its owner sees, and what nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Account, Invitation
from app.shared.db import db
from tests.accounts.soft_key import SoftKey
from tests.conftest import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignInAs = Callable[[str], FlaskClient]
CHOSEN = "ประตูบ้านสีเขียวหลังทุ่ง"
LINK = re.compile(r"https?://[^\s<\"]+/invitation\?openExternalBrowser=1#([0-9A-Z-]+)")


def invite_new(client: FlaskClient, world: World, **more: str) -> str:
    """The code of a new volunteer's link, as the manager's page shows it."""
    data = {
        "name": "นางสมหญิง ตัวอย่าง", "username": "somying", "role": "volunteer",
        "centre_id": str(world.centre), "area_code": "",
    }  # fmt: skip
    answer = client.post("/accounts/new", data=data | more)
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[1]


def test_an_officer_invites_a_volunteer_who_sets_a_password_and_is_in(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("officer"), world)
    client = app.test_client()
    assert client.get("/invitation").status_code == 200
    page = client.post("/invitation", data={"code": code})
    assert "นางสมหญิง ตัวอย่าง" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = client.post("/invitation/password", data={"code": code, "password": CHOSEN})
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get(f"/centres/{world.centre}").status_code == 200
    assert client.get(f"/centres/{world.neighbour}").status_code == 404
    again = app.test_client().post("/sign-in", data={"login": "somying", "password": CHOSEN})
    assert again.status_code == 303


def test_an_officer_by_invitation_must_make_a_second_factor_first(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("admin"), world, role="officer", area_code="5606", centre_id="")
    client = app.test_client()
    answer = client.post("/invitation/password", data={"code": code, "password": CHOSEN})
    assert answer.location.startswith("/sign-in/set-up")
    assert client.get("/centres").status_code == 302


def test_with_a_passkey_an_officer_is_in_at_once(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("admin"), world, role="officer", area_code="5606", centre_id="")
    client, key = app.test_client(), SoftKey()
    options = client.post("/invitation/passkey/begin", json={"code": code}).get_json()
    made = client.post("/invitation/passkey", json={"credential": key.make(options), "code": code})
    assert made.get_json() == {"to": "/"}
    assert client.get("/centres").status_code == 200
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.username == "somying")).one()
        assert account.password_hash is None
    again = client.post("/invitation/passkey/begin", json={"code": code})
    assert again.get_json()["code"] == "invitation_invalid"


def test_a_passkey_that_fails_leaves_the_link_good(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("admin"), world)
    client, wrong = app.test_client(), SoftKey(origin="https://evil.example")
    options = client.post("/invitation/passkey/begin", json={"code": code}).get_json()
    asked = {"credential": wrong.make(options), "code": code}
    assert client.post("/invitation/passkey", json=asked).status_code == 422
    assert "นางสมหญิง" in client.post("/invitation", data={"code": code}).text


def test_a_preview_of_the_link_neither_uses_it_nor_learns_a_name(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("officer"), world)
    for agent in ("facebookexternalhit/1.1;line-poker/1.0", "Mozilla/5.0"):
        page = app.test_client().get("/invitation", headers={"User-Agent": agent})
        assert (page.status_code, "สมหญิง" in page.text) == (200, False)
        assert app.test_client().head("/invitation").status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Invitation.used_at)).one() is None
    assert code


@pytest.mark.parametrize("weak", ["short", "password1234", "somying somying"])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    app: Flask, world: World, sign_in: SignInAs, weak: str
) -> None:
    code = invite_new(sign_in("officer"), world)
    client = app.test_client()
    answer = client.post("/invitation/password", data={"code": code, "password": weak})
    assert answer.status_code == 422
    assert 'id="password-errors"' in answer.text
    answer = client.post("/invitation/password", data={"code": code, "password": CHOSEN})
    assert answer.status_code == 303


def test_a_wrong_code_is_told_and_says_nothing_more(app: Flask, world: World) -> None:
    for path in ("/invitation", "/invitation/password"):
        data = {"code": "ABCD-EFGH", "password": CHOSEN}
        answer = app.test_client().post(path, data=data)
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers or "lakthan-known" not in answer.text


def test_a_forged_host_does_not_get_into_the_link(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    client = sign_in("admin")
    data = {
        "name": "N", "username": "new.officer", "role": "officer", "area_code": "5606",
        "centre_id": "",
    }  # fmt: skip
    answer = client.post(
        "/accounts/new", data=data, headers={"X-Forwarded-Host": "evil.example"},
    )  # fmt: skip
    assert LINK.search(answer.text)
    assert "evil.example" not in answer.text


def test_somebody_signed_in_becomes_who_the_link_is_for(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    code = invite_new(sign_in("officer"), world)
    client = sign_in("other_volunteer")
    client.post("/invitation/password", data={"code": code, "password": CHOSEN})
    assert client.get(f"/centres/{world.centre}").status_code == 200
    assert client.get(f"/centres/{world.neighbour}").status_code == 404
