"""Versions of a record: an edit is a new version, with who, when, why and what changed.

A slice keeps its versions in a table of its own (`Revision` and a foreign key), so that a
person can be forgotten there; the audit log gets the same without any values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, exists, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from app.audit.service import record as note
from app.shared.db import UtcDateTime
from app.shared.errors import DomainError
from app.shared.personal import personal


class StaleVersion(DomainError):
    """Somebody changed the record since it was read (`version` is the present one)."""

    code = "stale_version"


class Revision:
    """Columns of one version; the slice adds the id of the record it belongs to."""

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(12))  # recorded, edited, deleted, forgotten
    # None: nobody with an account: the person themself, or the nightly run
    made_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"), info=personal("record", of="account")
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_sha256: Mapped[str] = mapped_column(String(64), index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(
        JSON, info=personal("record", of="named")
    )  # field -> [before, after] or null
    reason: Mapped[str | None] = mapped_column(String(300), info=personal("record", of="named"))


class Versioned(Protocol):
    """A record that has versions."""

    id: Any
    version: Any
    content_sha256: Any


Owner = InstrumentedAttribute[UUID]


def was_ever(session: Session, record: Versioned, owner: Owner, sha256: str) -> bool:
    """Whether some version of the record had this content.

    `owner` is the revision table's column that names the record.
    """
    revision = owner.class_
    versions = select(revision).where(owner == record.id, revision.content_sha256 == sha256)
    return record.content_sha256 == sha256 or bool(session.scalar(select(exists(versions))))


def make_version(
    session: Session, record: Versioned, values: Mapping[str, object], expected_version: int
) -> None:
    """Write the next version, unless somebody else has: the database decides, not the reading.

    Raises:
        StaleVersion: somebody made a version since `expected_version`.
    """
    if record.version != expected_version:  # also a number that no column could hold
        raise StaleVersion(version=record.version)
    model: Any = type(record)
    touched = session.scalar(
        update(model)
        .where(model.id == record.id, model.version == expected_version)
        .values(**values, version=expected_version + 1)
        .returning(model.version)
        .execution_options(synchronize_session=False)
    )
    session.refresh(record)
    if touched is None:
        raise StaleVersion(version=record.version)


def changes_to(
    record: Versioned, facts: Mapping[str, object], unsaid: frozenset[str]
) -> dict[str, list[object] | None]:
    """What would change: [before, after], or None for fields whose values are not to be kept."""
    changed = {n: [getattr(record, n), v] for n, v in facts.items() if getattr(record, n) != v}
    return {
        name: None if name in unsaid else [_plain(value) for value in pair]
        for name, pair in changed.items()
    }


def note_version(
    session: Session,
    record: Versioned,
    owner: Owner,
    action: str,
    *,
    actor_id: UUID | None,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    """Keep the version in the record's history and in the audit log (there without values)."""
    revision: Any = owner.class_
    version = {
        owner.key: record.id,
        "version": record.version,
        "action": action,
        "made_by": actor_id,
        "made_at": now,
        "content_sha256": record.content_sha256,
        "changes": dict(changes or {}),
        "reason": reason,
    }
    session.flush()
    session.execute(insert(revision.__table__), version)
    kind: str = getattr(type(record), "__tablename__")  # noqa: B009 - the protocol has no table
    note(
        session, actor_id=actor_id, action=f"{kind}.{action}", kind=kind, object_id=record.id,
        now=now, facts={"version": record.version, "changed": sorted(changes or {})},
    )  # fmt: skip


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | list | None) else str(value)
