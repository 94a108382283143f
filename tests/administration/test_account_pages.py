"""The pages on accounts: found among thousands, changed by those who may, refused to the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from app.accounts.models import Account, Invitation, SignIn
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import NOW, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignInAs = Callable[[str], FlaskClient]


def _make_stale(app: Flask) -> None:
    with app.app_context():
        for entry in db.session.scalars(select(SignIn)):
            entry.proved_at = entry.started_at - timedelta(hours=1)
        db.session.commit()


def test_one_of_fifteen_thousand_is_found_by_name_username_or_number(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    with app.app_context():
        rows = [
            {
                "id": new_id(), "username": f"someone{n}", "name": f"อาสา คนที่ {n}",
                "role": "volunteer", "area_code": "560601", "centre_id": world.centre,
                "phone": f"08{n:08d}", "is_demo": False, "created_at": NOW,
            }
            for n in range(15_000)
        ]  # fmt: skip
        db.session.execute(insert(Account), rows)
        db.session.commit()
    client = sign_in("admin")
    for typed in ("someone14321", "คนที่ 14321", "08-0001-4321"):
        page = client.get("/accounts", query_string={"search": typed}).text
        assert page.count("row-link") == 1, typed
        assert "อาสา คนที่ 14321" in page
    first = client.get("/accounts").text
    assert first.count("row-link") == 50
    assert "15,00" in first


def test_every_account_comes_once_page_by_page(
    app: Flask, world: World, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.administration.queries.PAGE", 2)
    client, seen, address = sign_in("admin"), [], "/accounts"
    for _page in range(5):
        page = client.get(address).text
        seen += [line.split('"')[3] for line in page.split("<a ") if 'class="row-link"' in line]
        further = re.search(r'rel="next" href="([^"]+)"', page)
        if further is None:
            break
        address = further[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 6


def test_filters_narrow_the_list(world: World, sign_in: SignInAs) -> None:
    client = sign_in("admin")
    assert client.get("/accounts?role=officer").text.count("row-link") == 2
    assert client.get("/accounts?role=officer&district=5606").text.count("row-link") == 1
    assert client.get("/accounts?state=closed").text.count("row-link") == 0
    client.post(f"/accounts/{world['officer'].account_id}/close")
    assert client.get("/accounts?state=closed").text.count("row-link") == 1
    assert client.get("/accounts?role=nonsense&state=x&district=%25").status_code == 200


def test_an_officer_sees_the_volunteers_of_the_district_and_nobody_else(
    world: World, sign_in: SignInAs
) -> None:
    client = sign_in("officer")
    page = client.get("/accounts").text
    assert page.count("row-link") == 2
    for who in ("other_officer", "reviewer", "admin", "officer"):
        account_id = world[who].account_id
        assert client.get(f"/accounts/{account_id}").status_code == 404
        assert client.get(f"/accounts/{account_id}/edit").status_code == 404
        for act in ("invite", "withdraw", "close", "reopen", "end-sessions"):
            assert client.post(f"/accounts/{account_id}/{act}").status_code == 404, (who, act)
    assert client.get(f"/accounts/{world['volunteer'].account_id}").status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"role": "admin", "area_code": "", "centre_id": ""},
        {"role": "officer", "area_code": "5606", "centre_id": ""},
        {"role": "volunteer", "area_code": "56", "centre_id": "stranger"},
        {"is_demo": "1", "role": "reviewer"},
    ],
)
def test_an_officer_cannot_send_a_role_or_place_that_was_not_offered(
    app: Flask, world: World, sign_in: SignInAs, forged: dict[str, str]
) -> None:
    forged = {k: str(world.stranger) if v == "stranger" else v for k, v in forged.items()}
    client, volunteer = sign_in("officer"), world["volunteer"]
    asked = {"name": "N", "username": "forged", "centre_id": str(world.centre)} | forged
    assert client.post("/accounts/new", data=asked).status_code == 422
    assert client.post(f"/accounts/{volunteer.account_id}/edit", data=asked).status_code == 422
    with app.app_context():
        account = db.session.get_one(Account, volunteer.account_id)
        assert (account.role, account.centre_id) == ("volunteer", world.centre)
        assert not db.session.scalars(select(Account).where(Account.username == "forged")).all()


def test_what_a_form_does_not_ask_is_not_taken(app: Flask, world: World, sign_in: SignInAs) -> None:
    client, own = sign_in("admin"), world["admin"].account_id
    asked = {
        "name": "ชื่อใหม่", "role": "reviewer", "area_code": "", "is_demo": "", "username": "x",
        "password_hash": "x", "disabled_at": "2024-01-01",
    }  # fmt: skip
    assert client.post(f"/accounts/{own}/edit", data=asked).status_code == 303
    with app.app_context():
        account = db.session.get_one(Account, own)
        told = (account.name, account.role, account.area_code, account.username, account.is_demo)
        assert told == ("ชื่อใหม่", "admin", "56", "admin", True)


def test_a_changed_area_counts_from_the_next_request_of_a_living_session(
    world: World, sign_in: SignInAs
) -> None:
    officer, admin = sign_in("other_officer"), sign_in("admin")
    assert officer.get(f"/centres/{world.centre}").status_code == 404
    asked = {"name": "N", "role": "officer", "area_code": "5606", "centre_id": ""}
    account_id = world["other_officer"].account_id
    assert admin.post(f"/accounts/{account_id}/edit", data=asked).status_code == 303
    assert officer.get(f"/centres/{world.centre}").status_code == 200
    assert officer.get(f"/centres/{world.stranger}").status_code == 404
    asked |= {"role": "volunteer", "centre_id": str(world.stranger)}
    assert admin.post(f"/accounts/{account_id}/edit", data=asked).status_code == 303
    assert officer.get("/centres").location.startswith("/sign-in")  # another role: signed out


def test_closing_shuts_the_next_request_out(world: World, sign_in: SignInAs) -> None:
    officer, admin = sign_in("officer"), sign_in("admin")
    assert officer.get("/centres").status_code == 200
    admin.post(f"/accounts/{world['officer'].account_id}/close")
    assert officer.get("/centres").status_code == 302


@pytest.mark.parametrize("act", ["close", "reopen", "invite", "end-sessions", "edit"])
def test_dangerous_acts_ask_again_who_is_there(
    app: Flask, world: World, sign_in: SignInAs, act: str
) -> None:
    client = sign_in("admin")
    _make_stale(app)
    answer = client.post(f"/accounts/{world['officer'].account_id}/{act}", data={"name": "X"})
    assert answer.location.startswith("/account/prove")
    with app.app_context():
        account = db.session.get_one(Account, world["officer"].account_id)
        assert (account.disabled_at, account.name) == (None, "Test officer")
        assert not db.session.scalars(select(Invitation)).all()


def test_a_new_link_is_shown_once_and_can_be_withdrawn(world: World, sign_in: SignInAs) -> None:
    client, address = sign_in("admin"), f"/accounts/{world['officer'].account_id}"
    page = client.post(f"{address}/invite")
    assert page.status_code == 200
    link = page.text.split("/invitation?openExternalBrowser=1#")[1].split("<")[0].strip()
    assert page.headers["Cache-Control"] == "no-store"
    shown = client.get(address).text
    assert "ถอน" in shown or "withdraw" in shown
    assert link not in shown
    assert client.post(f"{address}/withdraw").status_code == 303
    assert client.post("/invitation", data={"code": link}).status_code == 422


def test_the_command_line_prints_a_link_that_lets_the_first_administrator_in(
    app: Flask, tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    asked = [
        "account",
        "invite",
        "chief",
        "--name",
        "นายหัวหน้า ก",
        "--role",
        "admin",
        "--area",
        "56",
    ]
    told = runner.invoke(args=asked)
    assert told.exit_code == 0, told.output
    link = told.output.split()[-1]
    assert link.startswith("https://localhost/invitation?openExternalBrowser=1#")
    client = app.test_client()
    data = {"code": link, "password": "ประตูบ้านสีเขียวหลังทุ่ง"}
    answer = client.post("/invitation/password", data=data)
    assert answer.location.startswith("/sign-in/set-up")
    again = runner.invoke(args=["account", "reset", "Chief"])
    assert again.exit_code == 0, again.output
    assert client.post("/invitation", data={"code": again.output.split()[-1]}).status_code == 200
    assert runner.invoke(args=["account", "reset", "nobody"]).exit_code != 0
    assert runner.invoke(args=asked).exit_code == 1  # there is one of that name
