"""Receipts and requests on a visit's page, the poster on a centre's."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.shared.db import db
from app.shared.panels import register_panel
from app.subjects.queries import open_requests
from app.subjects.receipts import has_live_code, may_have_code
from app.subjects.showing import shown
from app.visits.blueprint import WRITERS
from app.visits.models import Visit

MOST_SHOWN = 5


def init_app(_app: Flask) -> None:
    """Show them."""
    register_panel("visit", receipt_of, order=5)
    register_panel("centre", poster_of, order=90)
    register_panel("desk", waiting_at, order=6)


def receipt_of(visit: Visit) -> str | None:
    """Whether the person has a code, and the button that makes one."""
    if not may_have_code(visit):
        return None
    return render_template(
        "subjects/_receipt_panel.html",
        visit=visit,
        since=has_live_code(db.session(), visit.id),
        gives=current_actor().role in WRITERS,
    )


def poster_of(centre: Centre) -> str:
    """Where to print the notice that hangs at the centre."""
    return render_template("subjects/_poster_panel.html", centre=centre)


def waiting_at(actor: Actor) -> str | None:
    """Who waits for an answer, the nearest first: the reminder of the thirty days."""
    waiting = open_requests(db.session(), actor, most=MOST_SHOWN)
    if not waiting:
        return None
    return render_template("subjects/_desk_panel.html", waiting=waiting, **shown())
