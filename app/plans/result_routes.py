"""The pages of one report on a plan's item: write, show, correct, strike out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.plans.blueprint import results_bp as bp
from app.plans.evidence import Evidence, evidence_for, evidence_named
from app.plans.forms import ResultForm
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.models import PlanItem, PlanResult
from app.plans.queries import items_seen, newest_results, results_of
from app.plans.reading import programme_for
from app.plans.results import evidence_pairs, usual_values
from app.plans.rules import is_unfinished, oddities
from app.plans.service import check_item_known
from app.plans.words import RESULT_LABELS
from app.records.draft import Draft
from app.records.forms import Pairs, RecordForm
from app.records.kinds import RecordKind
from app.records.pages import RecordPages
from app.records.queries import entry_for
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.web.asked import asked_id

ODD = {
    "done_fell": _l("Less is done than was reported before. Say under obstacles why."),
    "over_budget": _l("More was spent than the budget of this item. Check the amount."),
}


class ResultPages(RecordPages):
    """Reports, each on an item that is named in the address or stored."""

    def heading(self, row: Any) -> str:
        """How far the item was."""
        return _("%(n)s percent done", n=row.done_percent)

    def prefill(self) -> Mapping[str, object]:
        """How far the item was, and what was spent, when it was last reported."""
        item = self._item(None)
        before = newest_results(db.session(), [item.id], bangkok_day(now())).get(item.id)
        return usual_values(before)

    def refs(self, actor: Actor, row: Any | None) -> Mapping[str, Pairs]:
        """Photos and documents that the report can point to."""
        return {"evidence": evidence_pairs(self._offers(actor, row))}

    def extra(self, page: str, row: Any | None) -> Mapping[str, object]:
        """The item, and the evidence."""
        if page == "list":
            return {}
        session, actor = db.session(), current_actor()
        if page == "form":
            return {"item": self._item(row), "offers": self._offers(actor, row)}
        return {
            "item": self._item(row),
            "evidence": evidence_named(session, actor, row.evidence if row else ()),
        }

    def places(self, form: RecordForm, row: Any | None) -> tuple[Pairs, Pairs]:
        """A report lies where its item lies; nobody chooses."""
        form.item = self._item(row)
        return (), ()

    def programme_of(self, row: Any | None) -> Programme:
        """That of the item's year, or what a stored report was filled under."""
        asked = row is None and asked_id("item")
        return programme_for(self._item(None).fiscal_year) if asked else super().programme_of(row)

    def after_save(self, row: PlanResult) -> str:
        """Back to the plan, at the item; or to its next one with the form open."""
        item = self._item(row)
        return results_url(item, self._next(item) if "next" in request.form else None)

    def save(
        self, form: RecordForm, draft: Draft, programme: Programme, save: Callable[..., Any]
    ) -> Any | None:
        """Store it if its item is there, and say what is odd about it."""
        odd: list[str] = []

        def checked(session: Session, kind: RecordKind, told: Draft, **more: Any) -> Any:
            item = check_item_known(session, told, more["actor"])
            earlier = [one for one in results_of(session, [item.id])[item.id] if one.id != told.id]
            odd.extend(oddities(item, told.values, earlier[0] if earlier else None))
            return save(session, kind, told, **more)

        saved = super().save(form, draft, programme, checked)
        for code in odd if saved is not None else ():
            flash(str(ODD[code]), "warn")
        return saved

    def _item(self, row: Any | None) -> PlanItem:
        """The item a report is about.  Raises NotFound."""
        item_id = row.item_id if row else asked_id("item")
        if item_id is None:
            raise NotFound(kind="plan_item")
        item: PlanItem = entry_for(db.session(), PLAN_ITEM, current_actor(), item_id)
        return item

    def _offers(self, actor: Actor, row: Any | None) -> Evidence:
        return evidence_for(db.session(), actor, self._item(row), bangkok_day(now()))

    def _next(self, item: PlanItem) -> PlanItem | None:
        """The next item of the plan that is not finished."""
        items = items_seen(db.session(), current_actor(), item.district_code, item.fiscal_year)
        newest = newest_results(db.session(), [one.id for one in items], bangkok_day(now()))
        place = [one.id for one in items].index(item.id)
        after = [*items[place + 1 :], *items[:place]]
        return next((one for one in after if is_unfinished(one, newest.get(one.id))), None)


def results_url(item: PlanItem, opened: PlanItem | None = None) -> str:
    """The results of the item's plan, at the item; or at `opened`, with its form."""
    shown = opened or item
    return url_for(
        "plans.results", district=item.district_code, year=item.fiscal_year,
        item=opened.id if opened else None, _anchor=f"item-{shown.id}",
    )  # fmt: skip


pages = ResultPages(
    PLAN_RESULT,
    bp,
    RESULT_LABELS,
    path="/plans/results",
    icon_name="chart",
    shown=("result", "done_percent", "spent_baht"),
    form=ResultForm,
    templates={"form": "plans/result_form.html", "show": "plans/result.html"},
)
