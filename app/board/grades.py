"""Grades of a district's centres: the newest of the fiscal year, and whether it is a better one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.models import Assessment
from app.records.queries import in_scope
from app.rounds.programme import Programme


@dataclass(frozen=True, slots=True)
class CentreGrade:
    """An open centre's newest grade of the fiscal year, and how it began."""

    centre_id: UUID
    grade: str
    confirmed: bool
    raisable: bool
    raised: bool


def grades_of(
    session: Session, actor: Actor, programme: Programme, until: date, centres: Mapping[UUID, str]
) -> list[CentreGrade]:
    """By centre.  It began with the newest of the year before, or else with this year's first."""
    year = programme.fiscal_year
    rows = session.execute(
        select(
            Assessment.centre_id, Assessment.fiscal_year, Assessment.decided_grade,
            func.coalesce(Assessment.decided_grade, Assessment.proposed_grade).label("grade"),
        )
        .where(
            in_scope(Assessment, actor),
            Assessment.deleted_at.is_(None),
            Assessment.fiscal_year.in_((year - 1, year)),
            Assessment.assessed_on <= until,
        )
        .order_by(Assessment.fiscal_year, Assessment.assessed_on, Assessment.id)
    )  # fmt: skip
    by_centre: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        if row.centre_id in centres:
            by_centre[row.centre_id].append(row)
    rank = {grade.key: place for place, grade in enumerate(programme.grades)}
    return [
        _grade(centre_id, found, year, rank)
        for centre_id, found in by_centre.items()
        if found[-1].fiscal_year == year
    ]


def _grade(centre_id: UUID, rows: Sequence[Any], year: int, rank: Mapping[str, int]) -> CentreGrade:
    before = [row for row in rows if row.fiscal_year < year]
    began, now = (before[-1] if before else rows[0]), rows[-1]
    worst = len(rank)
    was, is_ = rank.get(began.grade, worst), rank.get(now.grade, worst)
    confirmed = now.decided_grade is not None
    return CentreGrade(centre_id, now.grade, confirmed, was > 0, 0 <= is_ < was)
