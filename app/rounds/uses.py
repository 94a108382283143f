"""Where the programme's answers are kept: asked before a list loses one that records hold.

The tables stand in slices above this one, so they are named, not imported; a test holds the list
against the kinds of records.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import JSON, Column, ColumnElement, Table, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from app.rounds.differences import Vanished
from app.shared.db import Model

USES = (
    ("plot_classes", "centre", "plot_class"),
    ("visit_kinds", "visit", "kind"),
    ("visitor_sectors", "visit", "sector"),
    ("topics", "visit", "topics"),
    ("topics", "followup", "topics"),
    ("followup_methods", "followup", "method"),
    ("followup_uses", "followup", "used"),
    ("outcomes", "followup", "outcomes"),
    ("activity_kinds", "activity", "kind"),
    ("five_p", "activity", "sides"),
    ("sectors", "activity", "partners"),
    ("document_kinds", "document", "kind"),
    ("order_acts", "network_order", "act"),
    ("sectors", "network_order", "members"),
    ("assessment.criteria", "assessment", "scores"),
    ("strategies", "assessment", "strategies"),
    ("grades", "assessment", "target_grade"),
    ("grades", "assessment", "proposed_grade"),
    ("grades", "assessment", "computed_grade"),
    ("grades", "assessment", "decided_grade"),
    ("five_p", "plan_item", "side"),
    ("strategies", "plan_item", "strategy"),
    ("budget_sources", "plan_item", "budget_source"),
    ("sectors", "plan_item", "partners"),
    ("channels", "post", "channel"),
    ("five_p", "post", "side"),
    ("return_reasons", "item_verdict", "reason_key"),
    ("waive_reasons", "submission", "reason_key"),
)


def used_choices(session: Session, vanished: Iterable[Vanished]) -> list[Vanished]:
    """Those of the vanished answers that some record holds."""
    return [one for one in vanished if _is_used(session, one.list_name, one.choice.key)]


def submissions_by_occurrence(session: Session, programme_key: str) -> dict[str, int]:
    """How many submissions each occurrence of a programme (`khok_nong_na_2567`) has."""
    table = _table("submission")
    rows = session.execute(
        select(table.c.occurrence, func.count().label("number"))
        .where(table.c.programme == programme_key)
        .group_by(table.c.occurrence)
    )
    return {row.occurrence: row.number for row in rows}


def _is_used(session: Session, list_name: str, key: str) -> bool:
    return any(
        session.scalar(select(literal(1)).where(_holds(_table(table).c[column], key)).limit(1))
        for name, table, column in USES
        if name == list_name
    )


def _holds(column: Column[object], key: str) -> ColumnElement[bool]:
    if isinstance(column.type, JSON):
        return cast(column, Text).contains(f'"{key}"', autoescape=True)
    return column == key


def _table(name: str) -> Table:
    return Model.metadata.tables[name]
