"""Ways in that somebody tried, and that once stood open: none does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.invitations import InvitationInvalid, invite, read
from app.accounts.managing import AccountChange, change_account, close_account
from app.accounts.models import Account
from app.accounts.rules import Role
from app.accounts.tries import LIMITS, Limit
from app.devices.codes import CodeInvalid, make_code
from app.devices.enrolment import enrol_by_code
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from tests.accounts.people import SEED, made
from tests.conftest import NOW, World
from tests.devices.phones import api_phone, make_phone

SignIn = Callable[[str], FlaskClient]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _promote(session: Session, world: World, role: Role = "officer") -> Account:
    """The volunteer becomes somebody of the desk, by the administrator's word."""
    change = AccountChange("มาลี ศรีสุข", None, role, "5606" if role == "officer" else "56", None)
    who = world["volunteer"].account_id
    return change_account(session, who, change, actor=world["admin"], now=NOW)


@pytest.mark.parametrize("role", ["officer", "reviewer", "admin"])
@SQLITE
def test_a_link_kept_from_when_somebody_was_a_volunteer_does_not_open_what_they_became(
    session: Session, world: World, role: Role
) -> None:
    volunteer = world["volunteer"].account_id
    code, _entry = invite(session, volunteer, actor=world["officer"], now=NOW)
    assert read(session, code, now=NOW, allow_demo=True).id == volunteer
    _promote(session, world, role)
    with pytest.raises(InvitationInvalid):
        read(session, code, now=NOW, allow_demo=True)


@SQLITE
def test_whoever_was_sent_away_does_not_come_back_through_a_link_they_made(
    session: Session, world: World
) -> None:
    volunteer, officer = world["volunteer"].account_id, world["officer"]
    code, _entry = invite(session, volunteer, actor=officer, now=NOW)
    phone_code, _ = make_code(session, volunteer, actor=officer, seed=SEED, now=NOW)
    close_account(session, officer.account_id, actor=world["admin"], now=NOW)
    with pytest.raises(InvitationInvalid):
        read(session, code, now=NOW, allow_demo=True)
    with pytest.raises(CodeInvalid):
        _enrol(session, phone_code)


@SQLITE
def test_the_command_lines_link_asks_nobodys_leave(session: Session, world: World) -> None:
    code, _entry = invite(session, world["admin"].account_id, actor=None, now=NOW)
    assert read(session, code, now=NOW, allow_demo=True).role == "admin"


@SQLITE
def test_an_officer_makes_no_phone_for_another_officer(session: Session, world: World) -> None:
    colleague = _promote(session, world)
    for maker in ("officer", "other_officer"):
        with pytest.raises(NotFound):
            make_code(session, colleague.id, actor=world[maker], seed=SEED, now=NOW)
    assert make_code(session, colleague.id, actor=world["admin"], seed=SEED, now=NOW)


@SQLITE
def test_a_code_made_for_a_volunteer_enrols_no_officers_phone(
    session: Session, world: World
) -> None:
    volunteer = world["volunteer"].account_id
    code, _entry = make_code(session, volunteer, actor=world["officer"], seed=SEED, now=NOW)
    _promote(session, world)
    with pytest.raises(CodeInvalid):
        _enrol(session, code)


def _enrol(session: Session, code: str) -> object:
    return enrol_by_code(session, make_phone(), code, seed=SEED, now=NOW, allow_demo=True)


@pytest.mark.parametrize("factor", [True, False])
@SQLITE
def test_a_phones_code_is_no_way_round_the_second_factor_of_the_pages(
    app: Flask, world: World, factor: bool
) -> None:
    officer, _codes = made(app, factor=factor)
    with app.app_context(), work() as w:
        code, _ = make_code(w.session, officer, actor=world["admin"], seed=SEED, now=now())
    phone = api_phone(app, None)
    answer = phone.enrol(code=code, web_session=True)
    assert answer.status_code == 201
    for url in ("/visits", "/account", "/account/passkeys/new", "/packets"):
        assert phone.client.get(url).location.startswith("/sign-in"), url
    assert phone.heartbeat().status_code == 200  # the phone itself works


@SQLITE
def test_a_volunteers_code_opens_their_own_pages_unless_they_have_a_second_factor(
    app: Flask, world: World
) -> None:
    with app.app_context(), work() as w:
        volunteer = world["volunteer"].account_id
        code, _ = make_code(w.session, volunteer, actor=world["officer"], seed=SEED, now=now())
    phone = api_phone(app, None)
    assert phone.enrol(code=code, web_session=True).status_code == 201
    assert phone.client.get("/visits").status_code == 200


@SQLITE
def test_another_role_comes_in_anew_on_phones_too(app: Flask, world: World) -> None:
    phone = api_phone(app)
    assert phone.heartbeat().status_code == 200
    with app.app_context():
        _promote(db.session(), world)
        db.session.commit()
        db.session.remove()
    assert phone.heartbeat().status_code == 401


@SQLITE
def test_one_network_has_one_share_of_guesses_at_receipts_and_nobody_elses(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "receipt", Limit(3600, ceiling=3))

    def guess(address: str) -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client.post("/my-data", data={"code": "7K3Q-9XWD-2M4P"}).status_code

    assert [guess(f"2001:db8:1:1::{n}") for n in range(5)] == [422] * 3 + [429] * 2
    assert [guess(f"2001:db8:1:{n}::1") for n in range(2, 9)] == [422] * 7
