"""The forms of plans: an item, its report, and the choice of what is carried over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.models import PlanItem
from app.plans.words import ITEM_LABELS, RESULT_LABELS
from app.records.draft import Draft
from app.records.forms import form_for
from app.records.kinds import RecordKind
from app.web.forms import MultiChips, PageForm

if TYPE_CHECKING:
    from app.records.forms import RecordForm as _Item
    from app.records.forms import RecordForm as _Result
else:
    _Item = form_for(PLAN_ITEM, ITEM_LABELS, without=("carried_from", "dropped_reason"))
    _Result = form_for(PLAN_RESULT, RESULT_LABELS, without=("item_id",))


class ItemForm(_Item):
    """An item of the plan.  What it goes on with and why it was dropped have their own doors."""


class ResultForm(_Result):
    """A report on `item`, which also says where it belongs."""

    centre_id = None  # type: ignore[assignment]
    district_code = None  # type: ignore[assignment]
    item: PlanItem

    def to_draft(self, kind: RecordKind, programme_version: str, **more: Any) -> Draft:
        """The report as typed, on its item."""
        draft = super().to_draft(kind, programme_version, **more)
        return replace(
            draft,
            centre_id=self.item.centre_id,
            district_code=None if self.item.centre_id else self.item.district_code,
            values={**draft.values, "item_id": self.item.id},
        )


class CarryForm(PageForm):
    """Which items go on in the new year."""

    items = MultiChips(_l("Items that go on"))
