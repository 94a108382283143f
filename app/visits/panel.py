"""The visitor book on a centre's page."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.centres.models import Centre
from app.rounds.words import choice_words
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.panels import register_panel
from app.visits import queries


def init_app(_app: Flask) -> None:
    """Show a centre's newest visits on its page."""
    register_panel("centre", centre_visits, order=20)


def centre_visits(centre: Centre) -> str:
    """The quarter's totals and the newest entries of a centre's book."""
    session, actor = db.session(), current_actor()
    quarter = Quarter.of_day(bangkok_day(now()))
    wanted = queries.VisitFilter(centre_id=centre.id, quarter=quarter)
    return render_template(
        "visits/_panel.html",
        centre=centre,
        quarter=quarter,
        totals=queries.visit_totals(session, actor, wanted),
        visits=queries.latest_visits(session, actor, centre.id),
        kind_words=choice_words("visit_kinds"),
    )
