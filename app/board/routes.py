"""The landing page and the quarter's board."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_by_code, place_name
from app.areas.words import place_words
from app.board.queries import quarter_by_unit, totals
from app.centres.queries import centre_for, list_centres
from app.devices.queries import unsent_summary
from app.followups.queries import FollowupFilter, due_counts, due_visits, followup_totals
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known, rounds_of
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.visits.queries import VisitFilter, list_visits
from app.web import nav
from app.web.asked import asked_quarter
from app.web.locale import page_locale

bp = Blueprint("board", __name__)
nav.register("board.home", _l("Home"), "home", order=0)
MOST_SHOWN = 5


@bp.get("/")
@allow()
def home() -> ResponseReturnValue:
    """Where someone lands: what they most likely came to do, and how the quarter stands."""
    actor = current_actor()
    today = bangkok_day(now())
    quarter = asked_quarter() or Quarter.of_day(today)
    if actor.role == "volunteer":
        return render_template("board/volunteer.html", **_volunteer(actor, quarter, today))
    return render_template("board/desk.html", **_desk(actor, quarter, today))


def _volunteer(actor: Actor, quarter: Quarter, today: date) -> dict[str, Any]:
    session = db.session()
    return {
        "centre": list_centres(session, actor)[0],  # a volunteer has one: the account table's rule
        "units": quarter_by_unit(session, actor, quarter, by="centre"),
        "quarter": quarter,
        "visits": list_visits(session, actor, VisitFilter()).items[:MOST_SHOWN],
        "due": due_visits(session, actor, today=today).items[:MOST_SHOWN],
        "today": today,
    }


def _desk(actor: Actor, quarter: Quarter, today: date) -> dict[str, Any]:
    session = db.session()
    by: Literal["centre", "district"] = "centre" if actor.role == "officer" else "district"
    units = quarter_by_unit(session, actor, quarter, by=by)
    programme = load_programme()
    locale = page_locale()
    areas = areas_by_code(session)
    centres = {c.code: c for c in list_centres(session, actor)} if by == "centre" else {}
    return {
        "by": by,
        "units": units,
        "sum": totals(units),
        "centres": centres,
        "names": {code: area.name_in(locale) for code, area in areas.items()},
        "area_name": place_name(areas, actor.area_code, locale),
        "quarter": quarter,
        "quarters": quarters_known(programme, today),
        "rounds": rounds_of(programme, quarter),
        "locale": locale,
        "learners": followup_totals(session, actor, FollowupFilter(quarter=quarter)),
        "due": due_visits(session, actor, today=today).items[:MOST_SHOWN],
        "due_counts": due_counts(session, actor, today=today),
        "unsent": unsent_summary(session, actor),
        "today": today,
    }


def _place(actor: Actor) -> str | None:
    """The place named in the top bar."""
    if actor.centre_id:
        return centre_for(db.session(), actor, actor.centre_id).name
    return place_words()(actor.area_code) or None


nav.register_place(_place)
