"""The activities on a centre's page."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.activities import queries
from app.activities.kinds import ACTIVITY
from app.centres.models import Centre
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.panels import register_panel


def init_app(_app: Flask) -> None:
    """Show a centre's newest activities on its page."""
    register_panel("centre", centre_activities, order=22)


def centre_activities(centre: Centre) -> str:
    """The quarter's activities by side, and the newest ones of a centre."""
    session, actor = db.session(), current_actor()
    quarter = Quarter.of_day(bangkok_day(now()))
    total, sides = queries.count_by_side(session, actor, centre.id, quarter)
    return render_template(
        "activities/_panel.html",
        centre=centre,
        quarter=quarter,
        total=total,
        by_side=[(words, sides[key]) for key, words in choice_pairs("five_p") if sides[key]],
        activities=queries.newest_of_centre(session, actor, centre.id),
        kind_words=choice_words("activity_kinds"),
        can_add=actor.role in ACTIVITY.writers,
    )
