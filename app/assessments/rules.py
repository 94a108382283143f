"""Points and grades.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rounds.schema import Programme


@dataclass(frozen=True, slots=True)
class Result:
    """What the points add up to."""

    points: int
    most: int
    percent: float  # of the most that the form can give, one decimal
    sides: Mapping[str, float]  # the same for each side
    grade: str


def result_of(scores: Sequence[Mapping[str, Any]], programme: Programme) -> Result:
    """Add up the points; a criterion without points counts as none.

    The grade is the best one whose share of all points is reached, and whose share of each side's.
    Whether evidence is missing is asked elsewhere (`evidence`): photos may still be on their way.
    """
    form = programme.assessment
    given = {row["criterion"]: row["points"] or 0 for row in scores}
    most = {side.key: 0 for side in programme.five_p}
    got = dict(most)
    for criterion in form.criteria:
        most[criterion.side] += form.most_points(criterion)
        got[criterion.side] += given.get(criterion.key, 0)
    sides = {key: _percent(got[key], most[key]) for key in most}
    points, total = sum(got.values()), sum(most.values())
    percent = _percent(points, total)
    asked = [sides[key] for key in sides if most[key]]
    grade = next(
        grade.key
        for grade in programme.grades
        if (percent >= grade.from_percent and min(asked) >= grade.each_side_percent)
        or grade is programme.grades[-1]
    )
    return Result(points, total, percent, sides, grade)


def suggested_strategy(grade: str, programme: Programme) -> str:
    """What is usually done for a centre of this grade."""
    return next(one.strategy for one in programme.grades if one.key == grade)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
