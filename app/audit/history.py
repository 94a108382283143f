"""Versions of a record: an edit is a new version, with who, when, why and what changed.

A slice keeps its versions in a table of its own (`Revision` and a foreign key), so that a
person can be forgotten there; the audit log gets the same without any values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from app.audit.service import record_all as note_all
from app.shared.db import UtcDateTime
from app.shared.errors import DomainError
from app.shared.personal import personal
from app.shared.rows import Into, insert_all
from app.shared.veil import either, veiled


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
    spelled = either(session, sha256)
    versions = select(revision).where(owner == record.id, revision.content_sha256.in_(spelled))
    return record.content_sha256 in spelled or bool(session.scalar(select(exists(versions))))


def has_content(session: Session, record: Versioned, sha256: str) -> bool:
    """Whether this is the content of the record as it stands."""
    return record.content_sha256 in either(session, sha256)


def veil_contents(session: Session, record: Versioned, owner: Owner) -> None:
    """Make the digests of a record and its versions useless to whoever guesses what was said.

    For whoever forgets a person.  What phones send again is recognised all the same.  Flushes.
    """
    revision: Any = owner.class_
    session.flush()
    for version in session.scalars(select(revision).where(owner == record.id)):
        version.content_sha256 = veiled(session, version.content_sha256)
    record.content_sha256 = veiled(session, record.content_sha256)
    session.flush()


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
    session.flush()
    kind: str = getattr(type(record), "__tablename__")  # noqa: B009 - the protocol has no table
    note_versions(
        session, {record.id: record.content_sha256}, kind, owner, action,
        version=record.version, actor_id=actor_id, now=now, changes=changes, reason=reason,
    )  # fmt: skip


def note_versions(
    into: Into,
    contents: Mapping[UUID, str],
    kind: str,
    owner: Owner,
    action: str,
    *,
    version: int,
    actor_id: UUID | None,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    """Keep the same version of several records (the digests of their contents by id) at once.

    Raises DBAPIError, as where one has that version already.
    """
    revision: Any = owner.class_
    said = {
        "version": version,
        "action": action,
        "made_by": actor_id,
        "made_at": now,
        "changes": dict(changes or {}),
        "reason": reason,
    }
    rows = [
        {owner.key: record_id, "content_sha256": sha256} | said
        for record_id, sha256 in contents.items()
    ]
    insert_all(into, revision.__table__, rows)
    facts = {"version": version, "changed": sorted(changes or {})}
    note_all(
        into, dict.fromkeys(contents, facts), actor_id=actor_id, action=f"{kind}.{action}",
        kind=kind, now=now,
    )  # fmt: skip


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | list | None) else str(value)
