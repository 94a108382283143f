"""Lost phones on a phone's page, and the running clocks on the desk's."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.devices.models import Device
from app.incidents import queries
from app.incidents.blueprint import incident_words
from app.incidents.rules import clock_of
from app.shared.clock import now
from app.shared.db import db
from app.shared.panels import register_panel

MOST_SHOWN = 5


def init_app(_app: Flask) -> None:
    """Show the button and the register's entries on a phone's page, and what waits on the desk."""
    register_panel("device", lost_phone, order=20)
    register_panel("desk", clocks, order=5)


def lost_phone(device: Device) -> str:
    """ "This phone was lost", or what the register holds of it."""
    instant = now()
    found = queries.incidents_of_phone(db.session(), device.id)
    return render_template(
        "incidents/_phone.html",
        device=device,
        incidents=[(incident, clock_of(incident, instant)) for incident in found],
        may_read=current_actor().role in queries.DESKS,
        is_open=any(incident.closed_at is None for incident in found),
        **incident_words(),
    )


def clocks(actor: Actor) -> str | None:
    """Open incidents that the Commission or the people may still have to hear of."""
    instant = now()
    waiting = [
        (one, clock_of(one, instant))
        for one in queries.waiting(db.session(), actor, most=MOST_SHOWN)
    ]
    if not waiting:
        return None
    return render_template("incidents/_desk.html", waiting=waiting, **incident_words())
