"""Writing the log, and sealing it.

Entries are inserted freely and chained afterwards by one sealer at a time: a global chain
inside every write would make all the province's writers wait for one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.rules import FIRST_DIGEST, entry_digest
from app.shared.dialects import is_postgresql
from app.shared.rows import Into, insert_all

SEALER_LOCK = 0x1A27  # any constant: PostgreSQL advisory lock of the sealer


def record(
    session: Session,
    *,
    actor_id: UUID | None,
    action: str,
    kind: str,
    object_id: object,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Append one entry.  `facts` hold ids, codes and counts - never a person's data."""
    said = {object_id: dict(facts or {})}
    record_all(session, said, actor_id=actor_id, action=action, kind=kind, now=now)


def record_all(
    into: Into,
    facts: Mapping[Any, Mapping[str, object]],
    *,
    actor_id: UUID | None,
    action: str,
    kind: str,
    now: datetime,
) -> None:
    """Append an entry for each object (by id), in this order: the same was done to all of them."""
    common = {"at": now, "actor_id": actor_id, "action": action, "kind": kind}
    # A statement, not objects: a batch of a hundred would pay for a hundred flushes.
    insert_all(
        into,
        AuditEntry.__table__,  # type: ignore[arg-type]
        [common | {"object_id": str(each), "facts": said} for each, said in facts.items()],
    )


def seal(session: Session, *, limit: int = 5_000) -> int:
    """Chain up to `limit` entries that are not chained yet; returns how many.

    Harmless when run twice: a sealed entry is never touched again, and only one sealer works
    at a time (PostgreSQL: advisory lock; SQLite: the write lock its unit of work holds).
    """
    if is_postgresql(session):
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": SEALER_LOCK})
    position, digest = _tip(session)
    waiting = session.scalars(
        select(AuditEntry).where(AuditEntry.position.is_(None)).order_by(AuditEntry.id).limit(limit)
    ).all()
    for entry in waiting:
        position += 1
        digest = _digest(digest, position, entry)
        entry.position, entry.digest = position, digest
    session.flush()
    return len(waiting)


def first_break(session: Session) -> int | None:
    """Position of the first sealed entry that is missing or does not fit, or None: all is whole."""
    previous, expected = FIRST_DIGEST, 1
    chain = (
        select(AuditEntry)
        .where(AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position)
        .execution_options(yield_per=1_000)
    )
    with session.execute(chain) as rows:
        for entry in rows.scalars():
            if entry.position != expected or entry.digest != _digest(previous, expected, entry):
                return expected
            previous, expected = entry.digest, expected + 1
    return None


def _tip(session: Session) -> tuple[int, str]:
    position = session.scalar(select(func.max(AuditEntry.position)))
    if position is None:
        return 0, FIRST_DIGEST
    digest = session.scalar(select(AuditEntry.digest).where(AuditEntry.position == position))
    return position, digest or FIRST_DIGEST


def _digest(previous: str, position: int, entry: AuditEntry) -> str:
    return entry_digest(
        previous,
        position=position,
        at=entry.at,
        actor_id=str(entry.actor_id) if entry.actor_id else None,
        action=entry.action,
        kind=entry.kind,
        object_id=entry.object_id,
        facts=entry.facts,
    )
