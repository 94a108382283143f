"""Invitations: whoever has the link makes their own way in, once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import invitations, passwords
from app.accounts.invitations import InvitationInvalid
from app.accounts.models import Account, Invitation, OneTimeSecret, Passkey, SignIn
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.accounts.sessions import open_session
from app.shared import codes
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from tests.conftest import NOW, World


@pytest.fixture
def newcomer(session: Session, world: World) -> Account:
    draft = AccountDraft("somsri", "สมศรี ใจดี", "volunteer", "560601", None, None, world.centre)
    return add_account(session, draft, actor_id=None, now=NOW)


def _read(session: Session, code: str, **more: object) -> Account:
    asked = {"now": NOW, "allow_demo": True} | more
    return invitations.read(session, code, **asked)  # type: ignore[arg-type]


def _spend(session: Session, code: str, **more: object) -> Account:
    asked = {"now": NOW, "allow_demo": True} | more
    return invitations.spend(session, code, **asked)  # type: ignore[arg-type]


def test_looking_changes_nothing_and_using_works_once(
    session: Session, world: World, newcomer: Account
) -> None:
    code, entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    assert not entry.resets
    for _look in range(3):
        assert _read(session, code) is newcomer
    assert _spend(session, code) is newcomer
    for again in (_read, _spend):
        with pytest.raises(InvitationInvalid):
            again(session, code)


def test_the_code_has_enough_chance_in_it_and_is_kept_nowhere(
    session: Session, world: World, newcomer: Account
) -> None:
    code, entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    assert invitations.LENGTH * 5 >= 128
    assert len(code) == invitations.LENGTH
    kept = [str(getattr(entry, c.key)) for c in Invitation.__table__.columns]
    assert not [text for text in kept if code in text]


def test_it_is_understood_however_it_is_pasted(
    session: Session, world: World, newcomer: Account
) -> None:
    code, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    shown = codes.show_code(code)
    link = invitations.link_to("https://lakthan.example", code)
    assert link.startswith("https://lakthan.example/invitation?openExternalBrowser=1#")
    for typed in (code, shown, shown.lower(), f" {shown} ", link):
        assert _read(session, typed) is newcomer
    for wrong in ("", code[:-1], code + "0", "x" * 5000, "\x00", link.replace("#", "?")):
        with pytest.raises(InvitationInvalid):
            _read(session, wrong)


def test_a_week_later_it_is_worth_nothing(
    session: Session, world: World, newcomer: Account
) -> None:
    code, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    for use in (_read, _spend):
        with pytest.raises(InvitationInvalid):
            use(session, code, now=NOW + timedelta(days=7))


def test_a_newer_link_withdraws_the_older(
    session: Session, world: World, newcomer: Account
) -> None:
    old, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    new, _entry = invitations.invite(session, newcomer.id, actor=world["officer"], now=NOW)
    with pytest.raises(InvitationInvalid):
        _spend(session, old)
    assert _spend(session, new) is newcomer


def test_a_withdrawn_link_opens_nothing(session: Session, world: World, newcomer: Account) -> None:
    code, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    assert invitations.open_of(session, newcomer.id, now=NOW)
    assert invitations.withdraw(session, newcomer.id, actor=world["officer"], now=NOW) == 1
    assert invitations.withdraw(session, newcomer.id, actor=world["officer"], now=NOW) == 0
    assert invitations.open_of(session, newcomer.id, now=NOW) is None
    with pytest.raises(InvitationInvalid):
        _spend(session, code)


def test_a_closed_account_and_a_demo_among_real_people_cannot_be_entered(
    session: Session, world: World, newcomer: Account
) -> None:
    code, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    newcomer.is_demo = True
    session.flush()
    with pytest.raises(InvitationInvalid):
        _read(session, code, allow_demo=False)
    newcomer.disabled_at = NOW
    session.flush()
    with pytest.raises(InvitationInvalid):
        _read(session, code)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("officer", "other_officer"), ("officer", "reviewer"), ("officer", "admin"),
        ("officer", "officer"), ("other_officer", "volunteer"), ("reviewer", "volunteer"),
        ("volunteer", "other_volunteer"), ("admin", "admin"),
    ],
)  # fmt: skip
def test_nobody_invites_beside_or_above_their_place(
    session: Session, world: World, who: str, whom: str
) -> None:
    with pytest.raises(NotFound):
        invitations.invite(session, world[whom].account_id, actor=world[who], now=NOW)


def test_a_reset_takes_the_old_ways_away_when_it_is_used_and_not_before(
    session: Session, world: World
) -> None:
    account = session.get_one(Account, world["officer"].account_id)
    session.add(OneTimeSecret(account_id=account.id, sealed=b"x", made_at=NOW, confirmed_at=NOW))
    session.add(
        Passkey(account_id=account.id, credential_id=b"c", public_key=b"k", label="x", added_at=NOW)
    )
    open_session(session, account, proof="password", now=NOW, agent=None)
    code, entry = invitations.invite(session, account.id, actor=world["admin"], now=NOW)
    assert entry.resets
    _read(session, code)
    assert account.password_hash
    assert session.get(OneTimeSecret, account.id)
    _spend(session, code)
    session.expire_all()
    assert account.password_hash is None
    assert session.get(OneTimeSecret, account.id) is None
    assert not session.scalars(select(Passkey)).all()
    living = select(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    assert not session.scalars(living).all()


def test_a_first_link_is_worth_nothing_once_somebody_is_in(
    session: Session, world: World, newcomer: Account
) -> None:
    code, _entry = invitations.invite(session, newcomer.id, actor=world["admin"], now=NOW)
    passwords.set_password(session, newcomer, "ประตูบ้านสีเขียวหลังนา", now=NOW)
    session.flush()
    with pytest.raises(InvitationInvalid):
        _spend(session, code)


def test_of_two_browsers_at_once_one_gets_in(app: Flask, world: World) -> None:
    with app.app_context(), work() as w:
        draft = AccountDraft("twice", "สองเครื่อง", "officer", "5606", None)
        account = add_account(w.session, draft, actor_id=None, now=NOW)
        code, _entry = invitations.invite(w.session, account.id, actor=world["admin"], now=NOW)
    begin, outcomes = threading.Barrier(2), []

    def use() -> None:
        with app.app_context():
            begin.wait()
            try:
                with work() as w:
                    _spend(w.session, code)
                outcomes.append("in")
            except InvitationInvalid:
                outcomes.append("refused")
            finally:
                db.session.remove()

    browsers = [threading.Thread(target=use) for _ in range(2)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    assert sorted(outcomes) == ["in", "refused"]
