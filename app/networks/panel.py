"""The district's network on a centre's page."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.centres.models import Centre
from app.networks.queries import order_in_force
from app.networks.routes import READERS
from app.networks.rules import missing, strip_of
from app.rounds.programme import load_programme
from app.shared.db import db
from app.shared.panels import register_panel
from app.web.locale import page_locale


def init_app(_app: Flask) -> None:
    """Show which sectors the district's network has, on the page of a centre."""
    register_panel("centre", network_of_district, order=80)


def network_of_district(centre: Centre) -> str | None:
    """The strip of the order in force; nothing for a volunteer, whom orders do not concern."""
    if current_actor().role not in READERS:
        return None
    programme = load_programme()
    order = order_in_force(db.session(), centre.district_code, programme.fiscal_year)
    strip = strip_of(order.members if order else (), programme.sectors, page_locale())
    return render_template(
        "networks/_panel.html",
        order=order,
        strip=strip,
        missing=missing(strip),
        year=programme.fiscal_year,
    )
