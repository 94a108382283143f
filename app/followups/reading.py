"""Follow-ups due and done, and the tables to take away.  Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.words import place_words
from app.followups import queries
from app.followups.models import Followup
from app.followups.queries import FollowupFilter
from app.rounds.programme import load_programme
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, XLSX_TYPE, Column, Row, write_csv, write_xlsx
from app.visits.blueprint import visitors_name
from app.visits.reading import filter_choices
from app.web import nav
from app.web.asked import asked_id, asked_quarter

bp = Blueprint("followups", __name__)
nav.register("followups.index", _l("Follow-ups"), "followup", order=22)
LISTS = ("followup_methods", "followup_uses", "topics", "outcomes")


@bp.get("/followups")
@allow()
def index() -> ResponseReturnValue:
    """Whom to follow up: overdue first, then the coming thirty days."""
    actor, today = current_actor(), bangkok_day(now())
    centre_id, after = asked_id("centre"), request.args.get("after")
    return render_template(
        "followups/index.html",
        page=queries.due_visits(db.session(), actor, today=today, centre_id=centre_id, after=after),
        after=after,
        today=today,
        counts=queries.due_counts(db.session(), actor, today=today, centre_id=centre_id),
        wanted=FollowupFilter(centre_id=centre_id),
        asked={"centre": centre_id} if centre_id else {},
        months=load_programme().followup_months,
        **filter_choices(actor),
    )


@bp.get("/followups/done")
@allow()
def done() -> ResponseReturnValue:
    """Checks made, newest day first, with what the filter adds up to."""
    actor, wanted = current_actor(), asked_filter()
    session, after = db.session(), request.args.get("after")
    summed = queries.are_summed(session, actor, wanted)
    return render_template(
        "followups/done.html",
        page=queries.list_followups(session, actor, wanted, after=after),
        after=after,
        totals=queries.followup_totals(session, actor, wanted) if summed else None,
        counts=queries.due_counts(session, actor, today=bangkok_day(now())),
        wanted=wanted,
        asked={k: v for k, v in request.args.items() if v and k != "after"},
        uses=choice_pairs("followup_uses"),
        use_words=choice_words("followup_uses"),
        **filter_choices(actor),
    )


@bp.get("/followups.csv")
@allow()
def as_csv() -> ResponseReturnValue:
    """Everything the filter covers, as CSV."""
    file = write_csv(_columns(), _rows(current_actor(), asked_filter()))
    return send_file(file, CSV_TYPE, as_attachment=True, download_name="followups.csv")


@bp.get("/followups.xlsx")
@allow()
def as_xlsx() -> ResponseReturnValue:
    """Everything the filter covers, as a workbook."""
    file = write_xlsx(_("Follow-ups"), _columns(), _rows(current_actor(), asked_filter()))
    answer: Response = send_file(
        file, XLSX_TYPE, as_attachment=True, download_name="followups.xlsx"
    )
    return answer


def asked_filter() -> FollowupFilter:
    """The filter in the page's address; what makes no sense there is ignored."""
    asked = request.args
    return FollowupFilter(
        search=asked.get("q", "")[:100],
        centre_id=asked_id("centre"),
        quarter=asked_quarter(),
        used=asked.get("used", "")[:20],
        district=asked.get("district", "")[:4],
    )


def _columns() -> list[Column]:
    """Headings, in the order of `_row`."""
    return [
        Column(_("Centre code"), 10),
        Column(_("Centre"), 30),
        Column(_("Place of the centre"), 30),
        Column(_("Group"), 34),
        Column(_("Date of the visit"), 14),
        Column(_("People"), 8),
        Column(_("Followed up on"), 14),
        Column(_("Months after"), 8),
        Column(_("How"), 14),
        Column(_("In use?"), 16),
        Column(_("Answered for"), 10),
        Column(_("Of these, using it"), 10),
        Column(_("Topics"), 34),
        Column(_("Outcomes"), 34),
        Column(_("On how many rai"), 10),
        Column(_("Baht saved a month"), 12),
        Column(_("Baht earned a month"), 12),
        Column(_("Passed on to how many people"), 10),
        Column(_("Why not yet?"), 36),
        Column(_("What next?"), 36),
        Column(_("Next follow-up"), 14),
        Column(_("Record"), 38),
    ]


def _rows(actor: Actor, wanted: FollowupFilter) -> Iterator[Row]:
    words = {name: choice_words(name) for name in LISTS}
    place = place_words()
    for followup in queries.followups_for_report(db.session(), actor, wanted):
        yield _row(followup, words, place)


def _row(
    followup: Followup,
    words: dict[str, Callable[[str | None], str]],
    place: Callable[[str | None], str],
) -> Row:
    visit, centre = followup.visit, followup.centre
    return (
        centre.code, centre.name, place(centre.subdistrict_code),
        visitors_name(visit), visit.visit_date, visit.n_total,
        followup.followed_on, followup.step_months,
        words["followup_methods"](followup.method), words["followup_uses"](followup.used),
        followup.n_followed, followup.n_used,
        ", ".join(map(words["topics"], followup.topics)),
        ", ".join(map(words["outcomes"], followup.outcomes)),
        followup.plot_rai, followup.baht_saved_month, followup.baht_earned_month,
        followup.passed_on_to, followup.reason, followup.next_step, followup.next_due_on,
        str(followup.id),
    )  # fmt: skip
