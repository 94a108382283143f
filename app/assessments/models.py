"""The assessments' tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal


class Assessment(Entry, Model):
    """One centre on one day.  The newest of a fiscal year counts; none is ever overwritten."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("centre_id IS NOT NULL", name="of_a_centre"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        *entry_args("assessment", "assessed_on"),
    )

    assessed_on: Mapped[date]
    fiscal_year: Mapped[int]  # Buddhist era
    assessor: Mapped[str] = mapped_column(String(200), info=personal("record", of="staff"))
    co_assessors: Mapped[str | None] = mapped_column(Text, info=personal("record", of="staff"))
    # criterion, points, note, evidence (ids of photos and documents): one row for each criterion
    scores: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    problems: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    needs: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    strategies: Mapped[list[str]] = mapped_column(JSON)
    target_grade: Mapped[str | None] = mapped_column(String(20))
    proposed_grade: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    percent: Mapped[float]
    sides: Mapped[dict[str, float]] = mapped_column(JSON)  # percent of the points of each side
    computed_grade: Mapped[str] = mapped_column(String(20))
    decided_grade: Mapped[str | None] = mapped_column(String(20))  # the newest GradeDecision's

    @property
    def grade(self) -> str:
        """The grade that counts: the reviewer's, or else the proposed one."""
        return self.decided_grade or self.proposed_grade


class GradeDecision(Model):
    """A reviewer's word on one version of an assessment.  Appended to, never changed."""

    __tablename__ = "grade_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    assessment_version: Mapped[int]
    grade: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(300), info=personal("record", of="named"))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
