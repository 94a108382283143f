"""Second factors: a code counts once, recovery codes count once, nothing lies about in the open."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import one_time, recovery, second_factor
from app.accounts.models import Account, OneTimeSecret, RecoveryCode
from app.accounts.one_time import OfferOver, WrongCode
from app.audit.models import AuditEntry
from app.shared.work import work
from tests.accounts.people import SECRET, SEED, made, real_account, with_app
from tests.conftest import NOW, World

LATER = NOW + timedelta(hours=1)


def _code(drift_s: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(LATER + timedelta(seconds=drift_s))


def test_everyone_who_sees_more_than_one_centre_needs_one(session: Session, world: World) -> None:
    for role in ("officer", "reviewer", "admin"):
        account = session.get_one(Account, real_account(session, f"real.{role}", role))
        assert second_factor.needs_factor(account)
        assert second_factor.next_stage(session, account) == "enrol"
        with_app(session, account.id)
        assert second_factor.next_stage(session, account) == "factor"
    demo = session.get_one(Account, world["admin"].account_id)
    assert second_factor.next_stage(session, demo) == "open"


@pytest.mark.parametrize("drift_s", [-30, 0, 30])
def test_a_clock_half_a_minute_off_is_near_enough(session: Session, drift_s: int) -> None:
    account_id = real_account(session)
    with_app(session, account_id)
    one_time.check(session, account_id, _code(drift_s), seed=SEED, now=LATER)


@pytest.mark.parametrize(
    "typed", [_code(-90), _code(90), "000000", "", "1", "๑๒๓๔๕๖", "\ud800" * 6]
)
def test_any_other_code_is_wrong(session: Session, typed: str) -> None:
    account_id = real_account(session)
    with_app(session, account_id)
    with pytest.raises(WrongCode):
        one_time.check(session, account_id, typed, seed=SEED, now=LATER)


def test_a_code_is_read_as_people_type_it(session: Session) -> None:
    account_id = real_account(session)
    with_app(session, account_id)
    code = _code().translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    one_time.check(session, account_id, f" {code[:3]} {code[3:]} ", seed=SEED, now=LATER)


def test_a_code_counts_once_and_an_older_one_no_more(session: Session) -> None:
    account_id = real_account(session)
    with_app(session, account_id)
    one_time.check(session, account_id, _code(), seed=SEED, now=LATER)
    for drift_s in (0, -30):
        with pytest.raises(WrongCode):
            one_time.check(session, account_id, _code(drift_s), seed=SEED, now=LATER)
    one_time.check(session, account_id, _code(30), seed=SEED, now=LATER)


def test_the_code_that_set_it_up_lets_nobody_in(session: Session) -> None:
    account_id = real_account(session)
    with_app(session, account_id)
    with pytest.raises(WrongCode):
        one_time.check(session, account_id, pyotp.TOTP(SECRET).at(NOW), seed=SEED, now=NOW)


@pytest.mark.parametrize("what", ["one_time", "recovery"])
def test_of_eight_who_bring_one_code_at_once_one_is_let_in(app: Flask, what: str) -> None:
    account_id, codes = made(app)
    typed = codes[0] if what == "recovery" else _code()

    def one(_: int) -> bool:
        with app.app_context():
            try:
                with work() as w:
                    second_factor.show_code(w.session, account_id, typed, seed=SEED, now=LATER)
            except WrongCode:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 1


def test_neither_secret_nor_codes_are_in_the_database(session: Session) -> None:
    account_id = real_account(session)
    codes = with_app(session, account_id)
    sealed = session.get_one(OneTimeSecret, account_id).sealed
    assert SECRET.encode() not in sealed
    kept = set(session.scalars(select(RecoveryCode.code_sha256)))
    assert len(kept) == len(codes) == 10
    assert not kept & {code.replace("-", "") for code in codes}


def test_a_secret_opens_for_its_own_account_and_key_only(session: Session) -> None:
    mine, other = real_account(session), real_account(session, "other")
    with_app(session, mine)
    row = session.get_one(OneTimeSecret, mine)
    session.add(OneTimeSecret(account_id=other, sealed=row.sealed, made_at=NOW, confirmed_at=NOW))
    session.flush()
    with pytest.raises(WrongCode):  # whoever can write to the table cannot move a factor
        one_time.check(session, other, _code(), seed=SEED, now=LATER)
    with pytest.raises(WrongCode):
        one_time.check(session, mine, _code(), seed="B" * 43, now=LATER)


def test_a_recovery_code_counts_once_and_only_for_its_account(session: Session) -> None:
    mine, other = real_account(session), real_account(session, "other")
    codes = with_app(session, mine)
    with pytest.raises(WrongCode):
        recovery.use_code(session, other, codes[0], seed=SEED, now=LATER)
    recovery.use_code(session, mine, codes[0].lower().replace("-", " "), seed=SEED, now=LATER)
    with pytest.raises(WrongCode):
        recovery.use_code(session, mine, codes[0], seed=SEED, now=LATER)
    assert recovery.count(session, mine)[0] == 9


def test_new_recovery_codes_take_the_place_of_the_old(session: Session) -> None:
    account_id = real_account(session)
    old = with_app(session, account_id)
    new = recovery.make_codes(session, account_id, seed=SEED, now=LATER)
    assert not set(old) & set(new)
    with pytest.raises(WrongCode):
        recovery.use_code(session, account_id, old[0], seed=SEED, now=LATER)
    assert recovery.count(session, account_id) == (10, LATER)


def test_each_use_is_told(session: Session) -> None:
    account_id = real_account(session)
    codes = with_app(session, account_id)
    recovery.use_code(session, account_id, codes[0], seed=SEED, now=LATER)
    second_factor.note_wrong_code(session, account_id, now=LATER)
    told = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert told[-4:] == [
        "account.one_time_added", "account.recovery_codes_made", "account.recovery_code_used",
        "account.code_wrong",
    ]  # fmt: skip


def test_the_last_factor_of_who_needs_one_stays(session: Session) -> None:
    account = session.get_one(Account, real_account(session))
    with_app(session, account.id)
    with pytest.raises(second_factor.LastFactor):
        second_factor.remove_one_time(session, account, now=LATER)
    assert second_factor.has_factor(session, account.id)


def test_a_reset_takes_everything_away(session: Session, world: World) -> None:
    account_id = real_account(session)
    codes = with_app(session, account_id)
    admin = world["admin"].account_id
    second_factor.remove_all(session, account_id, actor_id=admin, now=LATER)
    assert not second_factor.has_factor(session, account_id)
    with pytest.raises(WrongCode):
        recovery.use_code(session, account_id, codes[0], seed=SEED, now=LATER)


def test_an_offered_secret_is_for_one_account_and_an_hour(session: Session) -> None:
    mine, other = real_account(session), real_account(session, "other")
    offer = one_time.offer(SEED, mine, SECRET, now=NOW)
    assert SECRET not in offer
    assert one_time.offered(SEED, mine, offer, now=NOW + timedelta(minutes=59)) == SECRET
    for account_id, text, when in (
        (other, offer, NOW), (mine, offer, NOW + timedelta(minutes=61)), (mine, "", NOW),
        (mine, offer[:-4] + "AAAA", NOW), (mine, "ก" * 40, NOW),
    ):  # fmt: skip
        with pytest.raises(OfferOver):
            one_time.offered(SEED, account_id, text, now=when)
