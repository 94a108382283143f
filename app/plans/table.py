"""A district's plan as one page (attachment 6), the overview of districts, and the plan as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.centres.queries import list_centres
from app.plans.blueprint import bp
from app.plans.kinds import PLAN_ITEM
from app.plans.queries import newest_results, totals_by_district, years_planned
from app.plans.reading import Plan, centre_cells, centre_columns, plan_asked, years_around
from app.plans.rules import groups_of, totals_of
from app.records.pages import district_choices
from app.records.words import field_words, value_words
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv


@bp.get("/plans")
@allow()
def overview() -> ResponseReturnValue:
    """The plans of the districts in sight; who has one district goes straight to its plan."""
    actor = current_actor()
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() else load_programme().fiscal_year
    districts = district_choices(actor)
    if actor.centre_id or len(districts) == 1:
        code = actor.area_code[:4]
        return redirect(url_for(".plan", district=code, year=year))
    session = db.session()
    return render_template(
        "plans/overview.html",
        districts=districts,
        totals=totals_by_district(session, actor, year),
        year=year,
        years=sorted({*years_around(year), *years_planned(session, actor)}, reverse=True),
    )


@bp.get("/plans/<district>/<int:year>")
@allow()
def plan(district: str, year: int) -> ResponseReturnValue:
    """The plan: its items by centre, what they cost, and how far they are."""
    found = plan_asked(district, year)
    session, today = db.session(), bangkok_day(now())
    results = newest_results(session, [item.id for item in found.items], today)
    groups = groups_of(found.items)
    planned = {item.centre_id for item in found.items if not item.dropped_reason}
    centres = list_centres(session, found.actor, district=district, status="active")
    return render_template(
        "plans/plan.html",
        groups=groups,
        results=results,
        totals=totals_of(found.items, results),
        without=[centre for centre in centres if centre.id not in planned],
        **found.facts(),
    )


@bp.get("/plans/<district>/<int:year>.csv")
@allow()
def plan_csv(district: str, year: int) -> ResponseReturnValue:
    """The plan with the columns of attachment 6, as CSV."""
    found = plan_asked(district, year)
    file = write_csv(_columns(), _rows(found))
    name = f"plan-{district}-{year}.csv"
    answer: Response = send_file(file, CSV_TYPE, as_attachment=True, download_name=name)
    return answer


def _columns() -> list[Column]:
    labels = field_words("plan_item")
    return [
        *centre_columns(),
        *(Column(str(labels[name])) for name in _ANNEX_6), Column(_("Record")),
    ]  # fmt: skip


_ANNEX_6 = (
    "problem", "strategy", "side", "title", "target", "starts_on", "ends_on", "budget_baht",
    "budget_source", "responsible", "partners", "dropped_reason",
)  # fmt: skip


def _rows(found: Plan) -> Iterator[Row]:
    value, cells = value_words(PLAN_ITEM, found.programme), centre_cells(found)
    for number, item in enumerate(found.items, start=1):
        yield (
            number, *cells(item), item.problem, value("strategy", item.strategy),
            value("side", item.side), item.title, item.target, item.starts_on, item.ends_on,
            item.budget_baht, value("budget_source", item.budget_source), item.responsible,
            value("partners", item.partners) if item.partners else None, item.dropped_reason,
            str(item.id),
        )  # fmt: skip
