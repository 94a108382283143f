"""A visit's versions: what is kept of them (`forgetting.py`: what is not)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

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
