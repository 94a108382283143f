"""Whom a phone is to forget: visits in which somebody was erased, while it may keep their words.

Ids only.  A phone keeps what it sent for a while, and there what its own people wrote down.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.queries import centres_in_scope
from app.followups.models import Followup
from app.keeping.models import Erasure
from app.shared.clock import day_starts_at
from app.visits.models import Visit

KEPT_DAYS = 100  # static/src/js/outbox/pruning.js: how long a phone keeps what it sent


def forgotten_on_phone(session: Session, actor: Actor, today: date) -> list[str]:
    """Ids of visits in the actor's area that were written down, or followed up, so lately."""
    return [str(visit_id) for visit_id in sorted(session.scalars(forgotten_asked(actor, today)))]


def forgotten_asked(actor: Actor, today: date) -> CompoundSelect[UUID]:
    """The question that `forgotten_on_phone` asks."""
    since = day_starts_at(today - timedelta(days=KEPT_DAYS))
    erased = (
        select(Visit.id)
        .join(Erasure, (Erasure.object_id == Visit.id) & (Erasure.kind == "visit"))
        .join(Visit.centre)
        .where(centres_in_scope(actor))
    )
    written = erased.where(Visit.received_at >= since)
    followed = erased.join(Followup, Followup.visit_id == Visit.id).where(
        Followup.received_at >= since
    )
    return union(written, followed)
