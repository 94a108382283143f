"""Accounts: signing in, ending sessions, and telling a guesser nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service, sessions
from app.accounts.managing import close_account
from app.accounts.models import Account, SignIn
from app.accounts.rules import AccountDraft, check_account
from tests.conftest import NOW, PASSWORD, World

IDLE, LONGEST = timedelta(days=14), timedelta(days=90)


def _sign_in(session: Session, login: str, password: str = PASSWORD) -> str:
    account = service.check_credentials(session, login=login, password=password, allow_demo=True)
    return sessions.open_session(session, account, proof="password", now=NOW, agent=None)


def test_a_username_is_recognised_in_any_case(session: Session, world: World) -> None:
    secret = _sign_in(session, " Officer ")
    actor = sessions.actor_for(session, secret, now=NOW, idle=IDLE, longest=LONGEST)
    assert actor == world["officer"]


def test_a_phone_number_is_as_good_as_a_username(session: Session) -> None:
    draft = AccountDraft("somsri", "สมศรี", "officer", "5606", PASSWORD, phone="081-234-5678")
    account = service.add_account(session, draft, actor_id=None, now=NOW)
    for typed in ("0812345678", "๐๘๑-๒๓๔-๕๖๗๘", "+66 81 234 5678"):
        found = service.check_credentials(session, login=typed, password=PASSWORD, allow_demo=True)
        assert found is account


@pytest.mark.parametrize(
    ("login", "password"),
    [("officer", "not the password"), ("nobody", PASSWORD), ("", ""), ("nobody\x00", PASSWORD)],
)
def test_every_wrong_way_in_gets_the_same_answer(
    session: Session, world: World, login: str, password: str
) -> None:
    with pytest.raises(service.WrongCredentials):
        _sign_in(session, login, password)


def test_signing_out_ends_the_session_on_the_server(session: Session, world: World) -> None:
    secret = _sign_in(session, "officer")
    sessions.sign_out(session, secret, now=NOW)
    assert sessions.actor_for(session, secret, now=NOW, idle=IDLE, longest=LONGEST) is None


def test_a_session_ends_by_itself_when_unused_and_at_last_anyway(
    session: Session, world: World
) -> None:
    secret = _sign_in(session, "officer")
    later = NOW + timedelta(days=15)
    assert sessions.actor_for(session, secret, now=later, idle=IDLE, longest=LONGEST) is None
    for day in range(1, 91):
        sessions.touch(session, secret, now=NOW + timedelta(days=day))
    day_91 = NOW + timedelta(days=91)
    assert sessions.actor_for(session, secret, now=day_91, idle=IDLE, longest=LONGEST) is None


def test_closing_an_account_ends_its_sessions_at_once(session: Session, world: World) -> None:
    secret = _sign_in(session, "officer")
    close_account(session, world["officer"].account_id, actor=world["admin"], now=NOW)
    assert sessions.actor_for(session, secret, now=NOW, idle=IDLE, longest=LONGEST) is None
    with pytest.raises(service.WrongCredentials):
        _sign_in(session, "officer")


def test_a_changed_area_counts_from_the_next_request(session: Session, world: World) -> None:
    secret = _sign_in(session, "officer")
    account = session.get_one(Account, world["officer"].account_id)
    account.area_code = "5601"
    session.flush()
    actor = sessions.actor_for(session, secret, now=NOW, idle=IDLE, longest=LONGEST)
    assert actor is not None
    assert actor.area_code == "5601"


def test_an_extension_is_no_name_to_sign_in_with() -> None:
    draft = AccountDraft("somsri", "สมศรี", "officer", "5606", PASSWORD, phone="054445544 ต่อ 12")
    assert [(p.field, p.code) for p in check_account(draft)] == [("phone", "phone_invalid")]


def test_two_accounts_never_share_a_name_or_a_phone(session: Session, world: World) -> None:
    draft = AccountDraft("Officer", "Another", "officer", "5601", PASSWORD)
    with pytest.raises(service.AccountExists):
        service.add_account(session, draft, actor_id=None, now=NOW)


def test_a_demo_account_is_refused_where_demos_are_not_allowed(session: Session) -> None:
    draft = AccountDraft("demo", "Demo", "officer", "5606", PASSWORD, is_demo=True)
    service.add_account(session, draft, actor_id=None, now=NOW)
    with pytest.raises(service.WrongCredentials):
        service.check_credentials(session, login="demo", password=PASSWORD, allow_demo=False)


def test_neither_password_nor_session_secret_is_in_the_database(
    session: Session, world: World
) -> None:
    secret = _sign_in(session, "officer")
    stored = [row.password_hash for row in session.scalars(select(Account))]
    stored += [row.token_sha256 for row in session.scalars(select(SignIn))]
    assert not [text for text in stored if PASSWORD in text or secret in text]
