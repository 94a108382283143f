"""Checks are claimed by one worker at a time, finished by the one that holds the claim.

The queue is the checks' table.  A claim is a lease and a number: whoever was slower than the
lease finds another number there and may not write any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.verification.models import PhotoCheck, Verdict

LEASE = timedelta(seconds=45)  # as a photo's: decoding is the most of it
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way
LIFE = timedelta(hours=24)  # of an answer


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one check until `until`."""

    check_id: UUID
    sha256: str
    attempt: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer about one file.  `facts` are those of `Likeness`, or the code of a failure."""

    verdict: Verdict
    photo_id: UUID | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def claim(session: Session, check_id: UUID, now: datetime) -> Claim | None:
    """Take the check for `LEASE`, or None: it is done, taken, or was tried too often."""
    until = now + LEASE
    row = session.execute(
        update(PhotoCheck)
        .where(PhotoCheck.id == check_id, _free(now), PhotoCheck.attempts < MOST_ATTEMPTS)
        .values(attempts=PhotoCheck.attempts + 1, lease_until=until)
        .returning(PhotoCheck.sha256, PhotoCheck.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else Claim(check_id, row.sha256, row.attempts, until)


def finish(session: Session, held: Claim, found: Finding, *, now: datetime) -> bool:
    """Write the answer; False where the check is no longer this claim's to answer."""
    result = session.execute(
        update(PhotoCheck)
        .where(
            PhotoCheck.id == held.check_id, PhotoCheck.state == "waiting",
            PhotoCheck.attempts == held.attempt, PhotoCheck.lease_until == held.until,
        )
        .values(
            state="done", verdict=found.verdict, photo_id=found.photo_id,
            facts=dict(found.facts), done_at=now, lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return bool(result.rowcount)  # type: ignore[attr-defined]


def is_wanted(session: Session, sha256: str) -> bool:
    """Whether some check still waits for the bytes with this digest."""
    waiting = select(PhotoCheck.id).where(
        PhotoCheck.state == "waiting", PhotoCheck.sha256 == sha256
    )
    return session.scalar(waiting.limit(1)) is not None


def waiting_digests(session: Session) -> set[str]:
    """The digests of all files that some check still waits for."""
    waiting = select(PhotoCheck.sha256).where(PhotoCheck.state == "waiting")
    return set(session.scalars(waiting))


def stale_checks(session: Session, now: datetime, *, limit: int = 50) -> list[UUID]:
    """Checks to ring for again.  Those tried too often are answered here: unreadable."""
    session.execute(
        update(PhotoCheck)
        .where(_free(now), PhotoCheck.attempts >= MOST_ATTEMPTS)
        .values(
            state="done", verdict="unreadable", facts={"code": "gave_up"},
            done_at=now, lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    rung_for = now - RING_AGAIN_AFTER
    waiting = select(PhotoCheck.id).where(
        _free(now), or_(PhotoCheck.lease_until.is_not(None), PhotoCheck.asked_at <= rung_for)
    )
    return list(session.scalars(waiting.order_by(PhotoCheck.asked_at).limit(limit)))


def forget_old(session: Session, now: datetime) -> int:
    """Remove the rows whose day is over; returns how many."""
    over = delete(PhotoCheck).where(PhotoCheck.asked_at <= now - LIFE)
    result = session.execute(over.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        PhotoCheck.state == "waiting",
        or_(PhotoCheck.lease_until.is_(None), PhotoCheck.lease_until <= now),
    )
