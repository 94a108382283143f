"""The pages of the plan's items: write, show, correct, drop, and carry over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement

from app.accounts.access import allow, current_actor
from app.plans import results, service, table
from app.plans.blueprint import bp
from app.plans.evidence import evidence_named
from app.plans.forms import CarryForm, ItemForm
from app.plans.grades import grades_of
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.models import PlanItem
from app.plans.queries import items_seen, newest_results, results_of
from app.plans.reading import grade_words, plan_asked, programme_for
from app.plans.rules import groups_of, is_unfinished
from app.plans.words import ITEM_LABELS
from app.records.pages import RecordPages
from app.records.queries import entry_for
from app.records.words import value_words
from app.rounds.programme import Programme, load_programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound
from app.shared.work import work
from app.visits.forms import ReasonForm
from app.web.forms import offered
from app.web.locale import page_locale
from app.web.wording import wording

__all__ = ["bp", "results", "table"]
_PREFILLED = ("side", "strategy", "fiscal_year", "responsible", "budget_source", "district_code")


class ItemPages(RecordPages):
    """Items of plans, with the prompt of each side and the results of each item."""

    def prefill(self) -> Mapping[str, object]:
        """What the door to a new item says in the address, and the programme's year."""
        told = {name: request.args.get(name, "")[:200] for name in _PREFILLED}
        usual: dict[str, object] = {"fiscal_year": load_programme().fiscal_year}
        usual |= {name: text for name, text in told.items() if text}
        if str(usual["fiscal_year"]).isdecimal():
            usual["fiscal_year"] = int(str(usual["fiscal_year"]))
        if (centre := request.args.get("centre")) is not None:
            usual["centre_id"] = centre
        return usual

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Items of the fiscal year asked for."""
        year = request.args.get("year", "")
        plain = year.isascii() and year.isdecimal() and len(year) == 4
        return (PlanItem.fiscal_year == int(year),) if plain else ()

    def extra(self, page: str, row: Any | None) -> Mapping[str, object]:
        """The prompts for the form; results and grade for an item's page."""
        programme, locale = self.programme_of(row), page_locale()
        prompts = {one.key: one.prompt.in_(locale) for one in programme.five_p if one.prompt}
        if page != "show" or row is None:
            return {"prompts": prompts, "grade": self._grade(programme)}
        return _of_item(row, programme)

    def _grade(self, programme: Programme) -> tuple[str, str] | None:
        """Grade and usual strategy of the centre in the address."""
        try:
            centre_id = UUID(request.args.get("centre", ""))
        except ValueError:
            return None
        found = grades_of(db.session(), [centre_id], programme.fiscal_year)
        return grade_words(programme, found)(centre_id)


def _of_item(row: PlanItem, programme: Programme) -> dict[str, object]:
    session, actor = db.session(), current_actor()
    reports = results_of(session, [row.id])[row.id]
    ids = [one for report in reports for one in report.evidence]
    origin = None
    if row.carried_from:
        try:
            origin = entry_for(session, PLAN_ITEM, actor, row.carried_from)
        except NotFound:
            origin = None
    grades = grades_of(session, [row.centre_id] if row.centre_id else [], row.fiscal_year)
    return {
        "reports": reports,
        "evidence": evidence_named(session, actor, ids),
        "origin": origin,
        "grade": grade_words(programme, grades)(row.centre_id),
        "result_value": value_words(PLAN_RESULT, programme),
        "drop_reason": ReasonForm(formdata=None, data={"version": row.version}),
    }


pages = ItemPages(
    PLAN_ITEM,
    bp,
    ITEM_LABELS,
    path="/plans/items",
    icon_name="checks",
    shown=("title", "side", "strategy", "budget_baht"),
    groups=(
        (_l("What is done?"), "checks", ("fiscal_year", "side", "strategy", "title", "problem")),
        (_l("Target and time"), "calendar", ("target", "starts_on", "ends_on")),
        (_l("Money"), "chart", ("budget_baht", "budget_source")),
        (_l("Who does it?"), "people", ("responsible", "partners")),
    ),
    form=ItemForm,
    templates={"form": "plans/item_form.html", "show": "plans/item.html"},
)


@bp.post("/plans/items/<uuid:record_id>/drop")
@allow(*PLAN_ITEM.writers)
def drop(record_id: UUID) -> ResponseReturnValue:
    """Say that an item will not be done, with the reason; or that it will after all."""
    form, actor = ReasonForm(), current_actor()
    item = entry_for(db.session(), PLAN_ITEM, actor, record_id)
    again = "again" in request.form
    if not again and not form.validate_on_submit():
        flash(wording("required"), "error")
        return redirect(pages.url("show", item), code=303)
    try:
        with work() as w:
            service.drop(
                w.session, record_id, None if again else form.reason.data,
                expected_version=form.version.data or 0, actor=actor, now=now(),
                programme=programme_for(item.fiscal_year),
            )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording(refusal.code, refusal.facts), "error")
    else:
        dropped = _("The item is dropped. It stays in the plan with its reason.")
        flash(_("The item is in the plan again.") if again else dropped, "done")
    return redirect(url_for(".show", record_id=record_id), code=303)


@bp.route("/plans/<district>/<int:year>/carry", methods=["GET", "POST"])
@allow(*PLAN_ITEM.writers)
def carry(district: str, year: int) -> ResponseReturnValue:
    """Choose unfinished items of the year before that go on in this one."""
    plan, session = plan_asked(district, year), db.session()
    before = items_seen(session, plan.actor, district, year - 1)
    newest = newest_results(session, [item.id for item in before], bangkok_day(now()))
    carried = {item.carried_from for item in plan.items}
    unfinished = [
        item
        for item in before
        if is_unfinished(item, newest.get(item.id)) and item.id not in carried
    ]
    form = CarryForm()
    form.items.choices = offered((str(item.id), item.title) for item in before)
    if form.validate_on_submit() and form.items.data:
        return _carry_over(plan.district.code, year, [UUID(one) for one in form.items.data])
    return render_template(
        "plans/carry.html",
        form=form,
        groups=groups_of(unfinished),
        newest=newest,
        carried=len(carried - {None}),
        nothing=form.is_submitted(),
        **plan.facts(),
    )


def _carry_over(district: str, year: int, item_ids: list[UUID]) -> ResponseReturnValue:
    with work() as w:
        made, refused = service.carry_over(
            w.session, item_ids, year, actor=current_actor(), now=now(),
            programme=programme_for(year),
        )  # fmt: skip
        titles = ", ".join(item.title for item in refused)
        count = len(made)
    told = ngettext("%(num)d item is carried over.", "%(num)d items are carried over.", count)
    flash(told, "done")
    if titles:
        lacking = _(
            "Not carried over, because the new year's lists lack something of theirs: %(titles)s",
            titles=titles,
        )
        flash(lacking, "warn")
    return redirect(url_for(".plan", district=district, year=year), code=303)
