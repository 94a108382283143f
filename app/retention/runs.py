"""Runs: when one is owed, where it stands, what it did.  A night that was broken off goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.retention.disposal import Disposal
from app.retention.models import RetentionRun
from app.retention.service import MOST_FAILED
from app.shared.clock import BANGKOK, in_bangkok

AT = time(2, 0)  # Bangkok: few phones send then
AGAIN = timedelta(days=2)  # whose files a run looks at again, at least


def last_night(now: datetime) -> datetime:
    """The last time it was two in the morning in Bangkok."""
    here = in_bangkok(now)
    night = datetime.combine(here.date(), AT, tzinfo=BANGKOK)
    return night if night <= here else night - timedelta(days=1)


def next_night(now: datetime) -> datetime:
    """The next time it will be."""
    return last_night(now) + timedelta(days=1)


def begin(session: Session, now: datetime, *, by: UUID | None = None) -> RetentionRun:
    """A run of its own, whenever.  Flushes."""
    run = RetentionRun(began_at=now, by=by, counts={})
    session.add(run)
    session.flush()
    return run


def owed(session: Session, now: datetime) -> RetentionRun | None:
    """Tonight's run: the one that was broken off, else a new one; None when it is done.

    After days without a clock one run makes up for all of them: what is due stays due.  Flushes.
    """
    tonight = session.scalars(
        select(RetentionRun)
        .where(
            RetentionRun.began_at >= last_night(now), RetentionRun.by.is_(None),
            RetentionRun.dry.is_(False),
        )
        .order_by(RetentionRun.began_at.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if tonight is None:
        return begin(session, now)
    return tonight if tonight.ended_at is None else None


def note(
    session: Session, run_id: UUID, disposal: Disposal, *,
    destroyed: int = 0, failed: Sequence[str] = (), left: int = 0,
) -> None:  # fmt: skip
    """Add to what the run did with one kind.  Flushes."""
    run = session.get_one(RetentionRun, run_id, populate_existing=True, with_for_update=True)
    counts = dict(run.counts)
    own = dict(counts.get(disposal.key, {}))
    own["destroyed"] = own.get("destroyed", 0) + destroyed
    own["failed"] = own.get("failed", 0) + len(failed)
    own["left"] = own.get("left", 0) + left
    own["skip"] = [*own.get("skip", []), *failed][:MOST_FAILED]
    counts[disposal.key] = own
    run.counts = counts
    session.flush()


def note_due(session: Session, run_id: UUID, found: dict[str, tuple[int, int]]) -> None:
    """Write down, once, how many of each kind were due and held when the run began.  Flushes."""
    run = session.get_one(RetentionRun, run_id, populate_existing=True, with_for_update=True)
    counts = dict(run.counts)
    for key, (due, held) in found.items():
        counts[key] = {"due": due, "held": held} | counts.get(key, {})
    run.counts = counts
    session.flush()


def skipped(run: RetentionRun, disposal: Disposal) -> list[str]:
    """Ids of the kind that failed in this run."""
    return list(run.counts.get(disposal.key, {}).get("skip", []))


def end(session: Session, run_id: UUID, now: datetime) -> RetentionRun:
    """Close a run.  Flushes."""
    run = session.get_one(RetentionRun, run_id, populate_existing=True)
    run.ended_at = now
    session.flush()
    return run


def look_again_since(session: Session, run: RetentionRun) -> datetime:
    """From when on destroyed records' files are looked at again: the last run that ended."""
    before = session.scalar(
        select(RetentionRun.began_at)
        .where(RetentionRun.ended_at.is_not(None), RetentionRun.began_at < run.began_at)
        .order_by(RetentionRun.began_at.desc())
        .limit(1)
    )
    return (before or run.began_at) - AGAIN


def latest(session: Session, *, most: int = 30) -> Sequence[RetentionRun]:
    """The newest runs first."""
    return session.scalars(
        select(RetentionRun).order_by(RetentionRun.began_at.desc()).limit(most)
    ).all()


def total(run: RetentionRun, what: str) -> int:
    """Over all kinds: `due`, `held`, `destroyed`, `failed` or `left`."""
    each: Sequence[dict[str, Any]] = list(run.counts.values())
    return sum(int(one.get(what, 0)) for one in each)
