"""Tries: what is counted, who waits, and that racing gains nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import tries
from app.accounts.models import TryCount
from app.accounts.tries import LIMITS, TooManyTries, Try
from app.shared.work import work
from tests.accounts.people import SEED
from tests.conftest import NOW


def _misses(session: Session, n: int, *, what: str = "account", at: datetime = NOW) -> None:
    for _ in range(n):
        tries.miss(session, what, ["somchai"], seed=SEED, now=at)


def _wait_s(session: Session, *, what: str = "account", at: datetime = NOW) -> int:
    try:
        tries.check(session, what, ["somchai"], seed=SEED, now=at)
    except TooManyTries as refusal:
        return refusal.retry_after_s
    return 0


def test_a_few_slips_are_free_then_the_wait_grows_and_is_capped(session: Session) -> None:
    waits = []
    for _ in range(14):
        _misses(session, 1)
        waits.append(_wait_s(session))
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 300, 900, 900, 900, 900, 900]


def test_the_wait_is_over_when_it_is_over(session: Session) -> None:
    _misses(session, 5)
    assert _wait_s(session, at=NOW + timedelta(seconds=14)) == 1
    assert _wait_s(session, at=NOW + timedelta(seconds=15)) == 0


def test_a_new_day_starts_from_nothing(session: Session) -> None:
    _misses(session, 20)
    assert _wait_s(session, at=NOW + timedelta(days=1)) == 0


def test_an_address_has_a_high_ceiling_until_the_hour_is_over(session: Session) -> None:
    _misses(session, 299, what="address")
    assert _wait_s(session, what="address") == 0
    _misses(session, 1, what="address")
    assert 0 < _wait_s(session, what="address") <= 3600
    assert _wait_s(session, what="address", at=NOW + timedelta(hours=1)) == 0


def test_what_was_right_is_given_back(session: Session) -> None:
    asked = [Try("account", "somchai"), Try("address", "192.0.2.1")]
    for _ in range(30):
        tries.take(session, asked, seed=SEED, now=NOW)
        tries.give_back(session, asked, seed=SEED, now=NOW)
    assert session.scalar(select(func.sum(TryCount.n))) == 0


def test_the_table_names_nobody(session: Session) -> None:
    _misses(session, 1)
    row = session.scalars(select(TryCount)).one()
    assert "somchai" not in row.key_sha256
    assert len(row.key_sha256) == 64
    other = tries._digest("B" * 43, "account", "somchai")
    assert other != row.key_sha256  # without the server's key it cannot be guessed either


def test_windows_that_are_over_are_forgotten(session: Session) -> None:
    _misses(session, 1)
    tries.sweep(session, now=NOW + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(TryCount)) == 1
    tries.sweep(session, now=NOW + timedelta(days=4))
    assert session.scalar(select(func.count()).select_from(TryCount)) == 0


def test_fifty_tries_at_the_same_moment_are_fifty(app: Flask) -> None:
    """Each is counted before it is judged, so no more get through than one after the other."""
    asked = [Try("account", "somchai"), Try("address", "192.0.2.1")]

    def one(_: int) -> bool:
        with app.app_context():
            try:
                with work() as w:
                    tries.take(w.session, asked, seed=SEED, now=NOW)
            except TooManyTries:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(one, range(50)))
    assert through == LIMITS["account"].waits_s.index(15) + 1


def test_a_limit_nobody_named_is_a_mistake_not_a_way_through(session: Session) -> None:
    with pytest.raises(KeyError):
        tries.check(session, "unheard-of", ["x"], seed=SEED, now=NOW)
