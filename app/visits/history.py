"""A visit's versions: who made each, when, why, and what changed - never personal values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.shared.errors import DomainError
from app.visits.models import Visit, VisitRevision
from app.visits.rules import PERSONAL_FIELDS


class StaleVersion(DomainError):
    """Somebody changed the record since it was read (`version` is the present one)."""

    code = "stale_version"


def was_ever(session: Session, visit: Visit, sha256: str) -> bool:
    """Whether some version of the visit had this content."""
    of_this = (VisitRevision.visit_id == visit.id) & (VisitRevision.content_sha256 == sha256)
    return visit.content_sha256 == sha256 or bool(session.scalar(select(exists().where(of_this))))


def make_version(
    session: Session, visit: Visit, values: Mapping[str, object], expected_version: int
) -> None:
    """Write the next version, unless somebody else has: the database decides, not the reading."""
    touched = session.scalar(
        update(Visit)
        .where(Visit.id == visit.id, Visit.version == expected_version)
        .values(**values, version=expected_version + 1)
        .returning(Visit.version)
        .execution_options(synchronize_session=False)
    )
    session.refresh(visit)
    if touched is None:
        raise StaleVersion(version=visit.version)


def changes_to(visit: Visit, facts: Mapping[str, object]) -> dict[str, list[object] | None]:
    """What would change: [before, after], but never a person's name or phone."""
    changed = {n: [getattr(visit, n), v] for n, v in facts.items() if getattr(visit, n) != v}
    return {
        name: None if name in PERSONAL_FIELDS else [_plain(value) for value in pair]
        for name, pair in changed.items()
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | list | None) else str(value)


def forget_remarks(session: Session, visit_id: UUID) -> None:
    """Remarks may name a person, so earlier versions keep only that they changed."""
    for revision in session.scalars(
        select(VisitRevision).where(VisitRevision.visit_id == visit_id)
    ):
        if revision.changes.get("suggestion"):
            revision.changes = revision.changes | {"suggestion": None}
    session.flush()


def note_version(
    session: Session,
    visit: Visit,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    """Keep the version in the visit's history and in the audit log (there without values)."""
    session.add(
        VisitRevision(
            visit_id=visit.id,
            version=visit.version,
            action=action,
            made_by=actor.account_id,
            made_at=now,
            content_sha256=visit.content_sha256,
            changes=dict(changes or {}),
            reason=reason,
        )
    )
    session.flush()
    record(
        session, actor_id=actor.account_id, action=f"visit.{action}", kind="visit",
        object_id=visit.id, now=now,
        facts={"version": visit.version, "changed": sorted(changes or {})},
    )  # fmt: skip
