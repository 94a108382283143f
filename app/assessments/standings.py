"""How the centres of an area stand in a fiscal year, and how their grades are spread.  Reads only.

In one province 70 of 100 centres were graded best, in another 7, by the same scale: a district's
spread is shown beside its province's, so that whoever grades sees where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.models import Assessment
from app.centres.models import Centre
from app.centres.queries import centres_in_scope


@dataclass(frozen=True, slots=True)
class Standing:
    """An open centre and what counts of it in the year; without an assessment all is None."""

    centre_id: UUID
    code: str
    name: str
    subdistrict_code: str
    assessment_id: UUID | None
    assessed_on: date | None
    percent: float | None
    proposed: str | None
    decided: str | None

    @property
    def grade(self) -> str | None:
        """The grade that counts: the reviewer's, or else the proposed one."""
        return self.decided or self.proposed


@dataclass(frozen=True, slots=True)
class Spread:
    """How many centres have which grade."""

    counts: tuple[tuple[str, int], ...]  # by grade, best first
    total: int  # open centres

    @property
    def graded(self) -> int:
        """Centres with a grade."""
        return sum(count for _grade, count in self.counts)

    def percent(self, grade: str) -> float:
        """Share of those graded, one decimal."""
        return round(100 * dict(self.counts)[grade] / self.graded, 1) if self.graded else 0.0


def standings(
    session: Session, actor: Actor, fiscal_year: int, district: str = ""
) -> Sequence[Standing]:
    """Open centres in scope: those without an assessment in the year first, then by code."""
    return [
        Standing(*row)
        for row in session.execute(
            _rows(fiscal_year)
            .where(centres_in_scope(actor), _within(district))
            .order_by(Assessment.id.is_not(None), Centre.code)
        )
    ]


def district_spreads(
    session: Session, area_code: str, fiscal_year: int, grades: Sequence[str]
) -> dict[str, Spread]:
    """The spread of each district of an area by its code, and of the whole area under its own.

    Numbers only, no centre: an officer may compare with districts whose centres they do not see.
    """
    grade = func.coalesce(Assessment.decided_grade, Assessment.proposed_grade)
    district = func.substr(Centre.subdistrict_code, 1, 4)
    rows = session.execute(
        _rows(fiscal_year)
        .with_only_columns(district, grade, func.count())
        .where(_within(area_code))
        .group_by(district, grade)
    )
    counted: dict[str, Counter[str | None]] = {area_code: Counter()}
    for code, key, count in rows:
        for area in {code, area_code}:
            counted.setdefault(area, Counter())[key] += count
    return {code: _spread(counts, grades) for code, counts in counted.items()}


def _spread(counts: Counter[str | None], grades: Sequence[str]) -> Spread:
    return Spread(tuple((key, counts[key]) for key in grades), counts.total())


def _within(area_code: str) -> ColumnElement[bool]:
    return Centre.subdistrict_code.startswith(area_code, autoescape=True)


def _rows(fiscal_year: int) -> Select[*tuple[Any, ...]]:
    """Open centres with the newest assessment of the year, if there is one."""
    place = func.row_number().over(
        partition_by=Assessment.centre_id,
        order_by=(Assessment.assessed_on.desc(), Assessment.id.desc()),
    )
    ranked = (
        select(Assessment.id, place.label("place"))
        .where(Assessment.fiscal_year == fiscal_year, Assessment.deleted_at.is_(None))
        .subquery()
    )
    newest = select(ranked.c.id).where(ranked.c.place == 1)
    return (
        select(
            Centre.id, Centre.code, Centre.name, Centre.subdistrict_code,
            Assessment.id, Assessment.assessed_on, Assessment.percent,
            Assessment.proposed_grade, Assessment.decided_grade,
        )
        .outerjoin(
            Assessment, and_(Assessment.centre_id == Centre.id, Assessment.id.in_(newest))
        )
        .where(Centre.status == "active")
    )  # fmt: skip
