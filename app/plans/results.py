"""The results of a plan on its own rows (attachment 7): the newest of each item, and a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow
from app.plans.blueprint import bp
from app.plans.evidence import Evidence, evidence_for, evidence_named
from app.plans.forms import ResultForm
from app.plans.kinds import PLAN_RESULT
from app.plans.models import PlanItem, PlanResult
from app.plans.queries import newest_results, results_of
from app.plans.reading import Plan, centre_cells, centre_columns, plan_asked
from app.plans.rules import groups_of, oddities_stored, totals_of
from app.records.forms import Pairs
from app.records.words import field_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.web.asked import asked_id
from app.web.locale import page_locale


@bp.get("/plans/<district>/<int:year>/results")
@allow()
def results(district: str, year: int) -> ResponseReturnValue:
    """What came of each item, newest report first; `item` in the address opens its form."""
    found, session = plan_asked(district, year), db.session()
    reports = results_of(session, [item.id for item in found.items])
    newest = {item_id: own[0] for item_id, own in reports.items() if own}
    named = [one for result in newest.values() for one in result.evidence]
    writes = found.actor.role in PLAN_RESULT.writers
    opened = next((item for item in found.items if item.id == asked_id("item")), None)
    return render_template(
        "plans/results.html",
        groups=groups_of(found.items),
        reports=reports,
        newest=newest,
        odd={item.id: oddities_stored(item, reports[item.id]) for item in found.items},
        totals=totals_of(found.items, newest),
        evidence=evidence_named(session, found.actor, named),
        **(report_form(found, opened, newest.get(opened.id)) if opened and writes else {}),
        **found.facts(),
    )


@bp.get("/plans/<district>/<int:year>/results.csv")
@allow()
def results_csv(district: str, year: int) -> ResponseReturnValue:
    """The plan with the columns of attachment 7, as CSV."""
    found = plan_asked(district, year)
    file = write_csv(_columns(), _rows(found))
    name = f"results-{district}-{year}.csv"
    answer: Response = send_file(file, CSV_TYPE, as_attachment=True, download_name=name)
    return answer


def report_form(plan: Plan, item: PlanItem, before: PlanResult | None) -> dict[str, Any]:
    """An empty report on `item`: how far it was and what was spent stand in it already."""
    form = ResultForm(formdata=None, data=usual_values(before))
    form.item = item
    offers = evidence_for(db.session(), plan.actor, item, bangkok_day(now()))
    form.offer(plan.programme, page_locale(), refs={"evidence": evidence_pairs(offers)})
    return {"opened": item, "form": form, "offers": offers}


def usual_values(before: PlanResult | None) -> dict[str, object]:
    """What a new report begins with: both only grow."""
    return {"done_percent": before.done_percent, "spent_baht": before.spent_baht} if before else {}


def evidence_pairs(offers: Evidence) -> Pairs:
    """Ids with words, for the boxes; thumbnails are the template's."""
    photos = [(str(photo.id), photo.caption or _("Photo")) for photo in offers.photos]
    return [*photos, *((str(document.id), document.title) for document in offers.documents)]


def _columns() -> list[Column]:
    items, told = field_words("plan_item"), field_words("plan_result")
    return [
        *centre_columns(),
        *(Column(str(items[name])) for name in ("title", "target", "budget_baht")),
        *(Column(str(told[name])) for name in _ANNEX_7),
        Column(_("Photos and documents")), Column(_("Record")),
    ]  # fmt: skip


_ANNEX_7 = (
    "reported_on", "result", "output", "done_percent", "spent_baht", "obstacles", "suggestions",
)  # fmt: skip


def _rows(plan: Plan) -> Iterator[Row]:
    newest = newest_results(db.session(), [item.id for item in plan.items], bangkok_day(now()))
    cells = centre_cells(plan)
    for number, item in enumerate(plan.items, start=1):
        result = newest.get(item.id)
        told = [getattr(result, name) if result else None for name in _ANNEX_7]
        count = len(result.evidence) if result else None
        yield (
            number, *cells(item), item.title, item.target, item.budget_baht, *told, count,
            str(item.id),
        )  # fmt: skip
