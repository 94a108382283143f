"""A visit's versions: what is kept of them, and what is forgotten with a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit import history
from app.visits.models import Visit, VisitRevision


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
    """Keep the visit's present version in its history and in the audit log."""
    history.note_version(
        session, visit, VisitRevision.visit_id, action,
        actor_id=actor.account_id, now=now, changes=changes, reason=reason,
    )  # fmt: skip


def forget_remarks(session: Session, visit_id: UUID) -> None:
    """Remarks may name a person, so earlier versions keep only that they changed."""
    for revision in session.scalars(
        select(VisitRevision).where(VisitRevision.visit_id == visit_id)
    ):
        if revision.changes.get("suggestion"):
            revision.changes = revision.changes | {"suggestion": None}
    session.flush()
