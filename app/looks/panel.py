"""Who looked, on a visit's page."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.looks import queries
from app.looks.words import FROM_WORDS
from app.shared.db import db
from app.shared.panels import register_panel
from app.visits.models import Visit


def init_app(_app: Flask) -> None:
    """Tell desks who looked at a visit's name and number, and where else these are."""
    register_panel("visit", who_looked, order=90)


def who_looked(visit: Visit) -> str | None:
    """Looks, phones and packets that hold the name or number; nothing where there is neither."""
    if current_actor().role == "volunteer":
        return None
    session = db.session()
    looks = queries.looks_at_visit(session, visit.id)
    phones = queries.phones_with(session, visit.id)
    packets = queries.packets_with(session, visit.id)
    if not (looks or phones or packets or visit.leader_name or visit.phone):
        return None
    return render_template(
        "looks/_panel.html", looks=looks, phones=phones, packets=packets, from_words=FROM_WORDS
    )
