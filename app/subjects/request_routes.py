"""The desk's pages: requests of people about their data, listed, written down, shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.shared.clock import bangkok_day, day_starts_at, now
from app.shared.db import db
from app.shared.errors import NotFound, Problem
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.shared.work import work
from app.subjects import act_routes, queries, receipt_routes, service, words
from app.subjects.blueprint import DESKS, bp
from app.subjects.forms import RequestForm
from app.subjects.models import SubjectRequest
from app.subjects.showing import shown
from app.visits.models import Visit
from app.visits.queries import visit_for
from app.visits.withdrawal import area_of
from app.web.filters import thai_day
from app.web.forms import offered
from app.web.locale import page_locale

__all__ = ["act_routes", "bp", "receipt_routes"]


@bp.get("/requests")
@allow()
def index() -> ResponseReturnValue:
    """What waits for an answer, the most urgent first, then what was answered."""
    actor, session = current_actor(), db.session()
    after = request.args.get("after")
    return render_template(
        "subjects/requests.html",
        waiting=[] if after else queries.open_requests(session, actor, most=queries.MOST_OPEN),
        most=queries.MOST_OPEN,
        closed=queries.closed_requests(session, actor, after=after),
        after=after,
        **shown(),
    )


@bp.get("/requests.csv")
@allow(*DESKS)
def as_csv() -> ResponseReturnValue:
    """The register, without anybody's own words, name or number."""
    file = write_csv(_columns(), _rows(queries.every_request(db.session(), current_actor())))
    return send_file(file, CSV_TYPE, as_attachment=True, download_name="requests.csv")


@bp.route("/requests/new", methods=["GET", "POST"])
@allow()
def new() -> ResponseReturnValue:
    """Write down a request that came on paper, by telephone or in person (`?visit=`)."""
    form = RequestForm(data={"visit_id": request.args.get("visit", "")})
    visit = _visit_named(form.visit_id.data)
    places = _places()
    form.area_code.choices = offered(places)
    if visit or len(places) == 1:
        form.area_code.data = _area_of(visit) if visit else places[0][0]
    if form.validate_on_submit() and _has_area(form, visit):
        found = _write_down(form, visit)
        flash(_("Written down. To be answered by %(day)s.", day=thai_day(found.due_on)), "done")
        return redirect(url_for(".show", request_id=found.id), code=303)
    html = render_template("subjects/request_new.html", form=form, visit=visit)
    return html, 422 if form.errors else 200


@bp.get("/requests/<uuid:request_id>")
@allow()
def show(request_id: UUID) -> ResponseReturnValue:
    """One request: what was asked, the visit, and what can be done about it."""
    return act_routes.page(queries.request_for(db.session(), current_actor(), request_id))


def _write_down(form: RequestForm, visit: Visit | None) -> SubjectRequest:
    with work() as w:
        return service.open_request(
            w.session, kind=form.kind.data, via=form.via.data, area_code=form.area_code.data,
            visit_id=visit.id if visit else None, asked=form.asked.data,
            contact=form.contact.data, recorded_by=current_actor().account_id, now=now(),
            received_at=_received_at(form),
        )  # fmt: skip


def _received_at(form: RequestForm) -> datetime | None:
    """The beginning of the day on which it came; None: it came today."""
    day = form.received_on.data
    return None if day is None or day == bangkok_day(now()) else day_starts_at(day)


def _visit_named(text: str | None) -> Visit | None:
    """The visit that the request is about; a foreign one does not exist.  Raises NotFound."""
    if not text:
        return None
    try:
        visit_id = UUID(text)
    except ValueError:
        raise NotFound(kind="visit") from None
    return visit_for(db.session(), current_actor(), visit_id)


def _area_of(visit: Visit) -> str:
    return area_of(db.session(), visit)


def _has_area(form: RequestForm, visit: Visit | None) -> bool:
    if visit or form.area_code.data:
        return True
    return form.refuse([Problem("area_code", "required")])


def _places() -> list[tuple[str, str]]:
    """Whose desk may answer: a volunteer's own, an officer's district, or any of the province's."""
    actor = current_actor()
    name = place_words()
    if len(actor.area_code) >= 4:  # a district's, or a subdistrict's
        return [(actor.area_code, name(actor.area_code))]
    districts = areas_under(db.session(), actor.area_code, "district")
    return [(one.code, one.name_in(page_locale())) for one in districts]


def _columns() -> list[Column]:
    """Headings, in the order of `_rows`."""
    return [
        Column(_("Request")), Column(_("Received on")), Column(_("What is asked for?")),
        Column(_("How did it come?")), Column(_("Place")), Column(_("To be answered by")),
        Column(_("State")), Column(_("Answered on")), Column(_("What was done, or why not")),
        Column(_("Visit")),
    ]  # fmt: skip


def _rows(requests: Iterable[SubjectRequest]) -> Iterator[Row]:
    place = place_words()
    for one in requests:
        answered = bangkok_day(one.decided_at) if one.decided_at else None
        yield (
            str(one.id), bangkok_day(one.received_at), str(words.KINDS[one.kind]),
            str(words.VIAS[one.via]), place(one.area_code), one.due_on,
            str(words.STATES[one.state]), answered, one.decision,
            str(one.visit_id) if one.visit_id else None,
        )  # fmt: skip
