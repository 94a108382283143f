"""Sealed quarters: what counts for one is neither corrected nor struck out any more.

New records are taken all the same, whenever they come: a phone may have carried them for weeks.
They count as late.  A person can be forgotten in a sealed quarter, too: that is the law's.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rounds.models import QuarterSeal
from app.shared.clock import Quarter
from app.shared.dialects import is_postgresql
from app.shared.errors import DomainError


class QuarterSealed(DomainError):
    """The quarter (`quarter`) is closed for this district."""

    code = "quarter_sealed"


def seal_of(session: Session, district_code: str, quarter: Quarter) -> QuarterSeal | None:
    """The seal that is on a district's quarter now, if there is one."""
    return session.scalars(
        select(QuarterSeal).where(
            QuarterSeal.district_code == district_code,
            QuarterSeal.quarter == str(quarter),
            QuarterSeal.unsealed_at.is_(None),
        )
    ).one_or_none()


def check_open(session: Session, district_code: str, *days: date) -> None:
    """Refuse where the quarter of one of `days` is sealed.  Raises QuarterSealed.

    Until the transaction ends nobody seals it either: what was allowed here is committed before.
    """
    for quarter in sorted({Quarter.of_day(day) for day in days}):
        hold_quarter(session, district_code, quarter, alone=False)
        if seal_of(session, district_code, quarter):
            raise QuarterSealed(quarter=str(quarter))


def hold_quarter(
    session: Session, district_code: str, quarter: Quarter, *, alone: bool = True
) -> None:
    """Keep a district's quarter until the transaction ends: steps about it come one by one.

    `alone=False` is for corrections, of which many go on beside each other, but none while somebody
    holds it alone.  SQLite has one writer anyway.
    """
    if is_postgresql(session):
        named = sha256(f"{district_code}/{quarter}".encode()).digest()
        key = int.from_bytes(named[:8], "big", signed=True)
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(key)))
