"""The view log's pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.audit.models import AuditEntry
from app.looks import queries
from app.looks.queries import LookFilter, People, Person
from app.looks.rules import DOORS, hour_of
from app.looks.words import DOOR_WORDS, FROM_WORDS, door_words, people_of_look, place_of_look
from app.shared.clock import in_bangkok, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.web import nav
from app.web.asked import asked_id

bp = Blueprint("looks", __name__)
nav.register(
    "looks.index", _l("Who looked at names"), "eye", roles=("officer", "reviewer", "admin"),
    order=85,
)  # fmt: skip
MOST_ROWS = 100_000


@bp.get("/views")
@allow("officer", "reviewer", "admin")
def index() -> ResponseReturnValue:
    """Who looked at whose name or number, newest first; what is unusual stands on top."""
    session, wanted, after = db.session(), asked_filter(), request.args.get("after")
    people = queries.people_in_scope(session, current_actor())
    page = queries.list_looks(session, people, wanted, after=after)
    return render_template(
        "looks/index.html",
        page=page,
        after=after,
        people=people,
        wanted=wanted,
        asked={k: v for k, v in request.args.items() if v and k != "after"},
        bursts=queries.bursts(session, people, now()),
        odd=queries.odd_hours(session, page.items),
        hour_of=hour_of,
        doors=DOOR_WORDS,
        from_words=FROM_WORDS,
        door_words=door_words,
        people_of_look=people_of_look,
        place_of_look=place_of_look,
    )


@bp.get("/views.csv")
@allow("officer", "reviewer", "admin")
def as_csv() -> Response:
    """Everything the filter covers, as CSV: ids and names of users, never of visitors."""
    people = queries.people_in_scope(db.session(), current_actor())
    file = write_csv(_columns(), _rows(people, asked_filter()))
    answer: Response = send_file(file, CSV_TYPE, as_attachment=True, download_name="views.csv")
    return answer


def asked_filter() -> LookFilter:
    """The filter in the page's address; what makes no sense there is ignored."""
    door = request.args.get("kind", "")
    return LookFilter(asked_id("account"), _asked_day(), door if door in DOORS.values() else "")


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _columns() -> list[Column]:
    return [
        Column(_("Day")), Column(_("Time")), Column(_("Who")), Column(_("Role")), Column(_("What")),
        Column(_("From")), Column(_("People")), Column(_("Record")),
    ]  # fmt: skip


def _rows(people: People, wanted: LookFilter) -> Iterator[Row]:
    for entry in queries.all_looks(db.session(), people, wanted, most=MOST_ROWS):
        yield _row(entry, people.get(entry.actor_id) if entry.actor_id else None)


def _row(entry: AuditEntry, who: Person | None) -> Row:
    at = in_bangkok(entry.at)
    door = FROM_WORDS.get(str(entry.facts.get("door", "")))
    name, role = (who.name, who.role) if who else ("", "")
    return (
        at.date(), f"{at:%H:%M}", name, role, door_words(entry), str(door) if door else "",
        people_of_look(entry), f"{entry.kind} {entry.object_id}",
    )  # fmt: skip
