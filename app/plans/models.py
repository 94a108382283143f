"""The plans' tables."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model
from app.shared.personal import personal


class PlanItem(Entry, Model):
    """One row of a district's plan.  Without a centre it is the district's own.

    `carried_from`: the item of the year before that it goes on with.  `dropped_reason`: why it will
    not be done; the row stays.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        CheckConstraint("budget_baht >= 0", name="budget_positive"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_plan_item_year", "district_code", "fiscal_year"),
        *entry_args("plan_item", "starts_on"),
    )

    fiscal_year: Mapped[int]  # Buddhist era
    side: Mapped[str] = mapped_column(String(20))
    strategy: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300), info=personal("record", of="named"))
    problem: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    target: Mapped[str] = mapped_column(String(300), info=personal("record", of="named"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    budget_baht: Mapped[int]
    budget_source: Mapped[str] = mapped_column(String(20))
    responsible: Mapped[str] = mapped_column(String(200), info=personal("record", of="staff"))
    partners: Mapped[list[str]] = mapped_column(JSON)
    carried_from: Mapped[UUID | None]
    dropped_reason: Mapped[str | None] = mapped_column(
        String(300), info=personal("record", of="named")
    )


class PlanResult(Entry, Model):
    """What came of a plan item up to one day.  The newest up to a report's day is what it tells."""

    __tablename__ = "plan_result"
    __table_args__ = (
        CheckConstraint("done_percent BETWEEN 0 AND 100", name="done_percent_range"),
        CheckConstraint("spent_baht >= 0", name="spent_positive"),
        *entry_args("plan_result", "reported_on"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_item.id"), index=True)
    reported_on: Mapped[date]
    done_percent: Mapped[int]
    result: Mapped[str] = mapped_column(Text, info=personal("record", of="named"))
    output: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    spent_baht: Mapped[int]
    obstacles: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    suggestions: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    evidence: Mapped[list[str]] = mapped_column(JSON)  # ids of photos and documents
