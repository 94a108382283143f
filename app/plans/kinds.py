"""What a plan item and its results are made of."""

from __future__ import annotations

from app.plans.models import PlanItem, PlanResult
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem

ITEM_FIELDS = (
    Field("fiscal_year", "whole", needed=True, least=2560, most=2699),
    Field("side", "choice", needed=True, offered="five_p"),
    Field("strategy", "choice", needed=True, offered="strategies"),
    Field("title", "text", needed=True, longest=300),
    Field("problem", "lines"),
    Field("target", "text", needed=True, longest=300),
    Field("starts_on", "day", needed=True, may_come=True),
    Field("ends_on", "day", needed=True, may_come=True),
    Field("budget_baht", "whole"),
    Field("budget_source", "choice", needed=True, offered="budget_sources"),
    Field("responsible", "text", needed=True),
    Field("partners", "choices", offered="sectors"),
    Field("carried_from", "ref"),
    Field("dropped_reason", "text", longest=300),
)
RESULT_FIELDS = (
    Field("item_id", "ref", needed=True),
    Field("reported_on", "day", needed=True),
    Field("done_percent", "whole", needed=True, most=100),
    Field("result", "lines", needed=True),
    Field("output", "lines"),
    Field("spent_baht", "whole"),
    Field("obstacles", "lines"),
    Field("suggestions", "lines"),
    Field("evidence", "refs"),
)


def check_item(draft: Draft, _programme: Programme) -> list[Problem]:
    """What the fields alone cannot tell."""
    first, last = draft.values["starts_on"], draft.values["ends_on"]
    return [Problem("ends_on", "ends_before_start")] if first and last and last < first else []


PLAN_ITEM = register_kind(
    RecordKind(
        name="plan_item",
        model=PlanItem,
        fields=ITEM_FIELDS,
        day="starts_on",
        level="either",
        writers=("officer", "admin"),
        searched=("title", "target", "problem", "responsible"),
        check=check_item,
        derive=lambda draft, _programme: {"budget_baht": draft.values["budget_baht"] or 0},
    )
)
PLAN_RESULT = register_kind(
    RecordKind(
        name="plan_result",
        model=PlanResult,
        fields=RESULT_FIELDS,
        day="reported_on",
        level="either",
        writers=("officer", "admin"),
        searched=("result", "output"),
        derive=lambda draft, _programme: {"spent_baht": draft.values["spent_baht"] or 0},
    )
)
