"""Follow-ups on a visit's page."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, render_template
from sqlalchemy.orm import Session

from app.accounts.access import current_actor
from app.followups import queries
from app.followups.forgetting import forget_in_followups
from app.followups.models import Followup
from app.rounds.words import choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.forgetting import register_forgetting
from app.shared.panels import register_panel
from app.visits.blueprint import WRITERS
from app.visits.models import Visit


def init_app(_app: Flask) -> None:
    """Show a visit's follow-ups on its page, and have them forget whom it forgets."""
    register_panel("visit", visit_followups, order=40)
    register_forgetting("visit", forget_now)


def forget_now(session: Session, visit_id: UUID) -> None:
    """Blank what was said in the visit's follow-ups."""
    forget_in_followups(session, visit_id, now())


def visit_followups(visit: Visit) -> str:
    """What is due and what was found, with the way to write the next check."""
    actor = current_actor()
    found: list[Followup] = list(queries.followups_of(db.session(), actor, visit.id))
    return render_template(
        "followups/_panel.html",
        visit=visit,
        followups=found,
        today=bangkok_day(now()),
        writes=actor.role in WRITERS,
        use_words=choice_words("followup_uses"),
    )
