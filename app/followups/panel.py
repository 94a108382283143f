"""Follow-ups on a visit's page."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.followups import queries
from app.followups.models import Followup
from app.rounds.words import choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.panels import register_panel
from app.visits.blueprint import WRITERS
from app.visits.models import Visit


def init_app(_app: Flask) -> None:
    """Show a visit's follow-ups on its page."""
    register_panel("visit", visit_followups, order=40)


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
