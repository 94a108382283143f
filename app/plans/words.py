"""What plan items, their results and their fields are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.records.words import register_words

ITEM_LABELS = {
    "fiscal_year": _l("Fiscal year (BE)"),
    "side": _l("Side of the 5P"),
    "strategy": _l("Strategy"),
    "title": _l("What is done"),
    "problem": _l("Problem or need"),
    "target": _l("Target or indicator"),
    "starts_on": _l("Begins"),
    "ends_on": _l("Ends"),
    "budget_baht": _l("Budget (baht)"),
    "budget_source": _l("Source of the money"),
    "responsible": _l("Who is responsible"),
    "partners": _l("Partners"),
    "carried_from": _l("Carried over from"),
    "dropped_reason": _l("Dropped, because"),
}
RESULT_LABELS = {
    "item_id": _l("Item of the plan"),
    "reported_on": _l("Day of the report"),
    "done_percent": _l("Done (percent)"),
    "result": _l("What was done"),
    "output": _l("What came of it"),
    "spent_baht": _l("Spent so far (baht)"),
    "obstacles": _l("Problems and obstacles"),
    "suggestions": _l("Suggestions"),
    "evidence": _l("Evidence"),
}
ITEM_WORDS = register_words(
    "plan_item",
    title=_l("Item of the plan"),
    many=_l("District plan"),
    new=_l("New item of the plan"),
    labels=ITEM_LABELS,
)
RESULT_WORDS = register_words(
    "plan_result",
    title=_l("Result of an item"),
    many=_l("Results of the plan"),
    new=_l("New result"),
    labels=RESULT_LABELS,
)
