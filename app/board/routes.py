"""The landing page: what someone owes or has to check, then how the quarter stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_by_code, place_name
from app.areas.words import place_words
from app.board import board_routes, map_routes, words
from app.board.due import calendar_of, everything_due, quarters_offered
from app.board.duties import duties_of
from app.board.owed import Owed, owed_now, to_check, to_do
from app.board.queries import quarter_by_unit, totals
from app.board.sheet import units_in
from app.centres.queries import centre_for, list_centres
from app.devices.queries import unsent_summary
from app.findings.queries import FindingFilter, count_undecided
from app.followups.queries import FollowupFilter, due_counts, due_visits, followup_totals
from app.rounds.calendar import Occurrence
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.panels import panels_for
from app.visits.queries import VisitFilter, list_visits
from app.web import nav
from app.web.asked import asked_quarter
from app.web.locale import page_locale

bp = Blueprint("board", __name__)
nav.register("board.home", _l("Home"), "home", order=0)
MOST_SHOWN = 5


def init_app(app: Flask) -> None:
    """Add the board's own pages and the map's, each with a door of its own."""
    for pages in (board_routes, map_routes):
        app.register_blueprint(pages.bp)


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
    duties = duties_of(session, actor, calendar_of(quarter), today)
    return {
        "centre": list_centres(session, actor)[0],  # a volunteer has one: the account table's rule
        "duties": duties[0] if duties else None,  # a closed centre has none
        "to_do": to_do(session, actor, units_in(session, actor), today)[:MOST_SHOWN],
        "next_due": _next_gathering(today),
        "visits": list_visits(session, actor, VisitFilter()).items[:MOST_SHOWN],
        "due": due_visits(session, actor, today=today).items[:MOST_SHOWN],
        **_said(quarter, today),
    }


def _next_gathering(today: date) -> Occurrence | None:
    """The next report of the district that is put together from what centres write down."""
    return next(
        (
            due
            for _programme, due in everything_due()
            if due.due_by >= today and due.is_open(today) and "visits" in due.round.gathers
        ),
        None,
    )


def _desk(actor: Actor, quarter: Quarter, today: date) -> dict[str, Any]:
    session = db.session()
    units = units_in(session, actor)
    figures = quarter_by_unit(session, actor, quarter, by="district")
    areas = areas_by_code(session)
    shown: dict[str, Any] = {
        "sum": totals(figures),
        "area_name": place_name(areas, actor.area_code, page_locale()),
        "quarters": quarters_offered(today),
        "learners": followup_totals(session, actor, FollowupFilter(quarter=quarter)),
        "due_counts": due_counts(session, actor, today=today),
        "unsent": unsent_summary(session, actor),
        "findings": count_undecided(session, actor, FindingFilter()),
        "panels": panels_for("desk", actor),
        **_said(quarter, today),
    }
    if actor.role == "officer":
        shown["to_do"] = to_do(session, actor, units, today)
        shown["due"] = due_visits(session, actor, today=today).items[:MOST_SHOWN]
    else:
        shown["owed"] = owed_now(session, actor, units, today)
        shown["owed_shown"] = _nearest(shown["owed"], today)
        shown["queue"], shown["queue_length"] = to_check(session, actor, units)
    return shown


def _nearest(owed: Sequence[Owed], today: date) -> list[Owed]:
    """What is still in time, soonest first, then what was missed last."""
    ahead = [one for one in owed if not one.occurrence.is_late(today)]
    late = [one for one in owed if one.occurrence.is_late(today)][::-1]
    return [*ahead[:MOST_SHOWN], *late[: max(2, MOST_SHOWN - len(ahead))]]


def _said(quarter: Quarter, today: date) -> dict[str, Any]:
    """What landing pages say things with."""
    return {
        "quarter": quarter,
        "today": today,
        "locale": page_locale(),
        "words": words,
        "step_of": words.next_step,
    }


def _place(actor: Actor) -> str | None:
    """The place named in the top bar."""
    if actor.centre_id:
        return centre_for(db.session(), actor, actor.centre_id).name
    return place_words()(actor.area_code) or None


nav.register_place(_place)
