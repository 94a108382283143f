"""What is due, for everyone; and the wiring of the programme's pages."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow
from app.rounds import phrases, programme_routes, taking_up
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme, load_programme, programme_of_year, programmes_in_force
from app.rounds.words import occurrence_title
from app.shared.clock import Quarter, bangkok_day, now
from app.web import nav
from app.web.locale import page_locale

bp = Blueprint("rounds", __name__)
nav.register("rounds.index", _l("What is due"), "calendar", order=68)
Quarters = list[tuple[Quarter, list[Occurrence]]]


def init_app(app: Flask) -> None:
    """Add the administrator's pages, give templates a round's title, take up what is published."""
    app.register_blueprint(programme_routes.bp)
    app.jinja_env.filters["occurrence_title"] = occurrence_title
    taking_up.init_app(app)


@bp.get("/rounds")
@allow()
def index() -> ResponseReturnValue:
    """Everything due in a fiscal year, quarter by quarter."""
    today = bangkok_day(now())
    programme = _asked_programme(today)
    return render_template(
        "rounds/index.html",
        programme=programme,
        years=[one.fiscal_year for one in programmes_in_force()],
        quarters=by_quarter(programme),
        running=Quarter.of_day(today),
        today=today,
        locale=page_locale(),
        phrases=phrases,
    )


def by_quarter(programme: Programme) -> Quarters:
    """What is due by the quarter it counts for, oldest first."""
    in_order = sorted(occurrences(programme), key=lambda due: due.quarter)
    return [(quarter, list(due)) for quarter, due in groupby(in_order, lambda due: due.quarter)]


def _asked_programme(today: date) -> Programme:
    """The year asked for; else the running one; else the one in force."""
    asked = request.args.get("year", "")
    year = (
        int(asked) if asked.isdecimal() and len(asked) == 4 else Quarter.of_day(today).fiscal_year
    )
    return programme_of_year(year) or load_programme()
