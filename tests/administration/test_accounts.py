"""Managing accounts: who may, whom, and what holds at once afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import invitations, managing
from app.accounts.managing import AccountChange
from app.accounts.models import Account, SignIn
from app.accounts.rules import AccountDraft
from app.accounts.service import AccountExists, add_account
from app.accounts.sessions import actor_for, actor_of, open_session
from app.audit.models import AuditEntry
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from tests.conftest import NOW, World

LIMITS = {"idle": timedelta(days=14), "longest": timedelta(days=90)}


def _as_it_is(account: Account) -> AccountChange:
    return AccountChange(
        account.name, account.phone, account.role, account.area_code, account.centre_id
    )


@pytest.fixture
def change(session: Session, world: World) -> Callable[..., Account]:
    def do(who: str, whom: str, **fields: object) -> Account:
        account = session.get_one(Account, world[whom].account_id)
        asked = replace(_as_it_is(account), **fields)  # type: ignore[arg-type]
        return managing.change_account(session, account.id, asked, actor=world[who], now=NOW)

    return do


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("officer", "other_officer"), ("officer", "reviewer"), ("officer", "admin"),
        ("officer", "officer"), ("other_officer", "volunteer"), ("reviewer", "volunteer"),
        ("reviewer", "officer"), ("volunteer", "volunteer"),
    ],
)  # fmt: skip
def test_nobody_manages_beside_or_above_their_place(
    session: Session, world: World, change: Callable[..., Account], who: str, whom: str
) -> None:
    actor, account_id = world[who], world[whom].account_id
    with pytest.raises(NotFound):
        change(who, whom, name="Somebody else")
    for act in (managing.close_account, managing.reopen_account, managing.end_sessions_of):
        with pytest.raises(NotFound):
            act(session, account_id, actor=actor, now=NOW)
    with pytest.raises(NotFound):
        invitations.withdraw(session, account_id, actor=actor, now=NOW)


def test_an_officer_makes_nobody_an_officer_and_moves_nobody_out_of_the_district(
    world: World, change: Callable[..., Account]
) -> None:
    given = (
        {"role": "officer", "area_code": "5606", "centre_id": None},
        {"role": "admin", "area_code": "56", "centre_id": None},
        {"area_code": "560101", "centre_id": world.stranger},
    )
    for fields in given:
        with pytest.raises(NotFound):
            change("officer", "volunteer", **fields)
    moved = change("officer", "volunteer", area_code="560602", centre_id=world.neighbour)
    assert moved.centre_id == world.neighbour


def test_an_administrator_of_a_province_gives_nobody_the_whole_country(
    session: Session, world: World, change: Callable[..., Account]
) -> None:
    with pytest.raises(NotFound):
        change("admin", "officer", role="admin", area_code="", centre_id=None)
    above = add_account(
        session, AccountDraft("chief", "Chief", "admin", "", None), actor_id=None, now=NOW
    )
    with pytest.raises(NotFound):
        managing.close_account(session, above.id, actor=world["admin"], now=NOW)


def test_nobody_changes_what_they_may_do_themselves_but_their_name(
    session: Session, world: World, change: Callable[..., Account]
) -> None:
    with pytest.raises(managing.OwnAccount):
        change("admin", "admin", role="reviewer")
    with pytest.raises(managing.OwnAccount):
        managing.close_account(session, world["admin"].account_id, actor=world["admin"], now=NOW)
    assert change("admin", "admin", name="New Name").name == "New Name"


def test_the_last_administrator_stays_administrator(session: Session, world: World) -> None:
    second = add_account(
        session, AccountDraft("second", "Second", "admin", "56", None), actor_id=None, now=NOW
    )
    first = session.get_one(Account, world["admin"].account_id)
    managing.close_account(session, first.id, actor=actor_of(second), now=NOW)
    stale = world["admin"]  # a request that was on its way
    with pytest.raises(managing.LastAdministrator):
        managing.close_account(session, second.id, actor=stale, now=NOW)
    with pytest.raises(managing.LastAdministrator):
        asked = replace(_as_it_is(second), role="reviewer")
        managing.change_account(session, second.id, asked, actor=stale, now=NOW)


def test_of_two_administrators_who_close_each_other_one_stays(app: Flask, world: World) -> None:
    with app.app_context(), work() as w:
        draft = AccountDraft("second", "Second", "admin", "56", None)
        second = actor_of(add_account(w.session, draft, actor_id=None, now=NOW))
    first, begin = world["admin"], threading.Barrier(2)

    def close(actor, other) -> None:
        with app.app_context():
            begin.wait()
            try:
                with work() as w:
                    managing.close_account(w.session, other.account_id, actor=actor, now=NOW)
            except (managing.LastAdministrator, NotFound):
                pass
            finally:
                db.session.remove()

    both = [
        threading.Thread(target=close, args=pair) for pair in ((first, second), (second, first))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with app.app_context():
        still = select(Account).where(Account.role == "admin", Account.disabled_at.is_(None))
        assert len(db.session.scalars(still).all()) >= 1


def test_another_role_signs_the_account_out_and_another_area_counts_at_once(
    session: Session, world: World, change: Callable[..., Account]
) -> None:
    officer = session.get_one(Account, world["officer"].account_id)
    secret = open_session(session, officer, proof="password", now=NOW, agent=None)
    change("admin", "officer", area_code="5601")
    actor = actor_for(session, secret, now=NOW, **LIMITS)
    assert actor is not None
    assert actor.area_code == "5601"
    change("admin", "officer", role="reviewer", area_code="56")
    assert actor_for(session, secret, now=NOW, **LIMITS) is None


def test_closing_ends_sessions_and_links_and_reopening_brings_none_back(
    session: Session, world: World
) -> None:
    account = session.get_one(Account, world["officer"].account_id)
    secret = open_session(session, account, proof="password", now=NOW, agent=None)
    code, _entry = invitations.invite(session, account.id, actor=world["admin"], now=NOW)
    managing.close_account(session, account.id, actor=world["admin"], now=NOW)
    managing.close_account(session, account.id, actor=world["admin"], now=NOW)
    managing.reopen_account(session, account.id, actor=world["admin"], now=NOW)
    assert account.disabled_at is None
    assert actor_for(session, secret, now=NOW, **LIMITS) is None
    with pytest.raises(invitations.InvitationInvalid):
        invitations.read(session, code, now=NOW, allow_demo=True)


def test_ending_sessions_ends_every_one(session: Session, world: World) -> None:
    account = session.get_one(Account, world["officer"].account_id)
    for _browser in range(3):
        open_session(session, account, proof="password", now=NOW, agent=None)
    count = managing.end_sessions_of(session, account.id, actor=world["admin"], now=NOW)
    assert count == 3
    living = select(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    assert not session.scalars(living).all()


def test_a_number_of_somebody_else_is_refused(
    session: Session, world: World, change: Callable[..., Account]
) -> None:
    change("admin", "reviewer", phone="081-234-5678")
    with pytest.raises(AccountExists):
        change("admin", "officer", phone="0812345678")


def test_every_step_is_in_the_log(
    session: Session, world: World, change: Callable[..., Account]
) -> None:
    actor, account_id = world["admin"], world["officer"].account_id
    change("admin", "officer", area_code="5601")
    managing.end_sessions_of(session, account_id, actor=actor, now=NOW)
    invitations.invite(session, account_id, actor=actor, now=NOW)
    invitations.withdraw(session, account_id, actor=actor, now=NOW)
    managing.close_account(session, account_id, actor=actor, now=NOW)
    managing.reopen_account(session, account_id, actor=actor, now=NOW)
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_id == str(account_id), AuditEntry.actor_id == actor.account_id)
        .order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in entries] == [
        "account.changed", "account.sessions_ended", "account.invited",
        "account.invitation_withdrawn", "account.disabled", "account.reopened",
    ]  # fmt: skip
    assert entries[0].facts == {"role": "officer", "area_code": "5601"}
