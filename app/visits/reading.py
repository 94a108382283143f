"""The visitor book as a list, and as tables to take away.  Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.centres.queries import list_centres
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.personal import mask_name, mask_phone
from app.shared.tables import CSV_TYPE, XLSX_TYPE, Column, Row, write_csv, write_xlsx
from app.visits import queries
from app.visits.blueprint import bp
from app.visits.models import Visit
from app.visits.queries import VisitFilter
from app.web.asked import asked_id, asked_quarter
from app.web.locale import page_locale


@bp.get("/visits")
@allow()
def index() -> ResponseReturnValue:
    """The visitor book, newest day first, with what the filter adds up to."""
    actor, wanted = current_actor(), asked_filter()
    after = request.args.get("after")
    page = queries.list_visits(db.session(), actor, wanted, after=after)
    return render_template(
        "visits/index.html",
        page=page,
        after=after,
        totals=queries.visit_totals(db.session(), actor, wanted),
        wanted=wanted,
        asked={k: v for k, v in request.args.items() if v and k != "after"},
        kind_words=choice_words("visit_kinds"),
        **filter_choices(actor),
    )


@bp.get("/visits.csv")
@allow()
def as_csv() -> ResponseReturnValue:
    """Everything the filter covers, as CSV; names and phones masked."""
    file = write_csv(_columns(), _rows(current_actor(), asked_filter()))
    return send_file(file, CSV_TYPE, as_attachment=True, download_name="visits.csv")


@bp.get("/visits.xlsx")
@allow()
def as_xlsx() -> ResponseReturnValue:
    """Everything the filter covers, as a workbook; names and phones masked."""
    file = write_xlsx(_("Visitor book"), _columns(), _rows(current_actor(), asked_filter()))
    answer: Response = send_file(file, XLSX_TYPE, as_attachment=True, download_name="visits.xlsx")
    return answer


def asked_filter() -> VisitFilter:
    """The filter in the page's address; what makes no sense there is ignored."""
    asked = request.args
    return VisitFilter(
        search=asked.get("q", "")[:100],
        centre_id=asked_id("centre"),
        quarter=asked_quarter(),
        kind=asked.get("kind", "")[:40],
        district=asked.get("district", "")[:4],
    )


def filter_choices(actor: Actor) -> dict[str, object]:
    """What the list's filter offers this reader."""
    volunteer = actor.role == "volunteer"
    session = db.session()
    districts = [] if volunteer else areas_under(session, actor.area_code[:4], "district")
    return {
        "quarters": quarters_known(load_programme(), bangkok_day(now())),
        "kinds": choice_pairs("visit_kinds"),
        "centres": [] if volunteer else list_centres(session, actor),
        "districts": [(d.code, d.name_in(page_locale())) for d in districts],
    }


def _columns() -> list[Column]:
    """Headings, in the order of `_row`."""
    return [
        Column(_("Centre code"), 10),
        Column(_("Centre"), 30),
        Column(_("Place of the centre"), 30),
        Column(_("Date"), 14),
        Column(_("Time of arrival"), 8),
        Column(_("Time of leaving"), 8),
        Column(_("Came for"), 22),
        Column(_("Group"), 34),
        Column(_("Sector"), 20),
        Column(_("Came from"), 30),
        Column(_("Men"), 8),
        Column(_("Women"), 8),
        Column(_("Other"), 8),
        Column(_("People"), 8),
        Column(_("Of these, under 20"), 10),
        Column(_("Topics"), 34),
        Column(_("Who taught"), 22),
        Column(_("Satisfaction (1-5)"), 10),
        Column(_("Suggestions"), 40),
        Column(_("May be called"), 10),
        Column(_("Name (masked)"), 14),
        Column(_("Phone (masked)"), 14),
        Column(_("Photos may be published"), 12),
        Column(_("Next follow-up"), 14),
        Column(_("Record"), 38),
    ]


def _rows(actor: Actor, wanted: VisitFilter) -> Iterator[Row]:
    kind, sector, topic = map(choice_words, ("visit_kinds", "visitor_sectors", "topics"))
    place = place_words()
    for visit in queries.visits_for_report(db.session(), actor, wanted):
        yield _row(visit, kind=kind, sector=sector, topic=topic, place=place)


def _row(
    visit: Visit,
    *,
    kind: Callable[[str | None], str],
    sector: Callable[[str | None], str],
    topic: Callable[[str | None], str],
    place: Callable[[str | None], str],
) -> Row:
    centre = visit.centre
    came_from = " ".join(filter(None, (place(visit.origin_subdistrict_code), visit.origin_text)))
    return (
        centre.code, centre.name, place(centre.subdistrict_code),
        visit.visit_date, visit.time_in, visit.time_out,
        kind(visit.kind), visit.group_name, sector(visit.sector), came_from,
        visit.n_male, visit.n_female, visit.n_other, visit.n_total, visit.n_child,
        ", ".join(map(topic, visit.topics)), visit.trainer, visit.satisfaction, visit.suggestion,
        _("Yes") if visit.consent_followup else _("No"),
        mask_name(visit.leader_name or ""), mask_phone(visit.phone) if visit.phone else None,
        _("Yes") if visit.consent_photo else _("No"),
        visit.next_followup_on, str(visit.id),
    )  # fmt: skip
