"""One batch at a time: what is due of one kind in one district ends, and is written down."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.service import record
from app.keeping.service import note_destroyed
from app.retention.disposal import Disposal
from app.shared.dialects import is_postgresql

ASKED_AT_ONCE = 20_000  # ids found by one reading
BATCH = 200  # a transaction of a second: others' writers wait no longer
MOST_FAILED = 1_000  # ids a run remembers so as not to try them again the same night
_RUN_LOCK = 0x1A28  # any constant: PostgreSQL advisory lock of whoever destroys


@dataclass(frozen=True, slots=True)
class Waiting:
    """Ids of one kind in one district, as many as one transaction takes."""

    area_code: str
    ids: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction ended, and the keys of files to remove once it is committed."""

    ids: tuple[Any, ...]
    area_code: str
    keys: tuple[str, ...]


def waiting(
    session: Session, disposal: Disposal, today: date, *, skip: Collection[str] = ()
) -> list[Waiting]:
    """Up to `ASKED_AT_ONCE` that are due and not held, in batches of one district each.

    Asked for so many at a time, because finding them reads past all that ended in earlier years.
    `skip` are ids, as text, that failed before.
    """
    rows: Any = disposal.rows(disposal.of.over(today)).subquery()
    due = select(rows.c.id, rows.c.area_code).where(~rows.c.held)
    if skip:
        kind = rows.c.id.type.python_type
        due = due.where(rows.c.id.not_in([kind(each) for each in skip]))
    by_district: defaultdict[str, list[Any]] = defaultdict(list)
    for found, area in session.execute(due.limit(ASKED_AT_ONCE)):
        by_district[area[:4]].append(found)
    return [
        Waiting(district, tuple(sorted(ids)[at : at + BATCH]))
        for district, ids in sorted(by_district.items())
        for at in range(0, len(ids), BATCH)
    ]


def still_due(session: Session, disposal: Disposal, today: date, ids: Collection[Any]) -> list[Any]:
    """Those of `ids` that are due and not held at this moment: ask again under the lock."""
    rows: Any = disposal.rows(disposal.of.over(today)).subquery()
    due = select(rows.c.id).where(~rows.c.held, rows.c.id.in_(ids))
    return sorted(session.scalars(due))


def end_batch(
    session: Session,
    disposal: Disposal,
    ids: Collection[Any],
    area_code: str,
    *,
    now: datetime,
    run_id: UUID,
) -> Batch:
    """End these, and write it into the destruction log and the audit log.  Flushes.

    Raises whatever the end of a row raises; then nothing of the batch is done.
    """
    keys = disposal.end(session, ids, now)
    session.flush()
    note_destroyed(
        session, keeping=disposal.keeping, cause="retention", kind=disposal.kind,
        object_ids=[as_id(each) for each in ids], now=now, area_code=area_code, run_id=run_id,
    )  # fmt: skip
    record(
        session, actor_id=None, action="retention.destroyed", kind=disposal.kind,
        object_id=run_id, now=now,
        facts={"class": disposal.keeping, "area": area_code, "n": len(ids)},
    )  # fmt: skip
    session.flush()
    return Batch(tuple(ids), area_code, tuple(keys))


def take_lock(session: Session) -> None:
    """Let one transaction at a time destroy: two runs at once would write everything down twice.

    SQLite has one writer anyway.
    """
    if is_postgresql(session):
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _RUN_LOCK})


def as_id(value: Any) -> UUID:
    """An id for the log: rows known by a secret's digest are named by a digest of that."""
    if isinstance(value, UUID):
        return value
    return UUID(hex=hashlib.sha256(str(value).encode()).hexdigest()[:32])
