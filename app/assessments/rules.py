"""Points and grades.  Pure; `static/src/js/assessments/rules.js` is its twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rounds.schema import Programme

Scores = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """What the points add up to."""

    points: int
    most: int
    percent: float  # of the most that the form can give, one decimal
    sides: Mapping[str, float]  # the same for each side
    grade: str


@dataclass(frozen=True, slots=True)
class Step:
    """A criterion's points, now and the time before; None: not asked, or not answered."""

    criterion: str
    now: int | None
    before: int | None

    @property
    def moved(self) -> int:
        """How far it rose; below zero, how far it fell."""
        return (self.now or 0) - (self.before or 0)


def result_of(scores: Scores, programme: Programme) -> Result:
    """Add up the points; a criterion without points counts as none.

    The grade is the best one whose share of all points is reached, and whose share of each side's.
    Whether evidence is missing is asked elsewhere (`evidence_rules`): photos may still be on their
    way.
    """
    form = programme.assessment
    given = points_of(scores)
    most = {side.key: 0 for side in programme.five_p}
    got = dict(most)
    for criterion in form.criteria:
        most[criterion.side] += form.most_points(criterion)
        got[criterion.side] += given.get(criterion.key) or 0
    sides = {key: _percent(got[key], most[key]) for key in most}
    points, total = sum(got.values()), sum(most.values())
    percent = _percent(points, total)
    weakest = min(sides[key] for key in sides if most[key])
    grade = next(
        grade.key
        for grade in programme.grades
        if (percent >= grade.from_percent and weakest >= grade.each_side_percent)
        or grade is programme.grades[-1]
    )
    return Result(points, total, percent, sides, grade)


def points_of(scores: Scores) -> dict[str, int | None]:
    """Points by criterion."""
    return {row["criterion"]: row["points"] for row in scores}


def steps_between(before: Scores, now: Scores) -> list[Step]:
    """The criteria whose points are not what they were, those that rose most first."""
    old, new = points_of(before), points_of(now)
    steps = [Step(key, new.get(key), old.get(key)) for key in {**new, **old}]
    return sorted((step for step in steps if step.moved), key=lambda step: -step.moved)


def suggested_strategy(grade: str, programme: Programme) -> str:
    """What is usually done for a centre of this grade; nothing for a grade it does not know."""
    return next((one.strategy for one in programme.grades if one.key == grade), "")


def next_grade(grade: str, programme: Programme) -> str:
    """The grade above, which one usually aims at; the best one stays."""
    keys = [one.key for one in programme.grades]
    return keys[max(keys.index(grade) - 1, 0)] if grade in keys else keys[0]


def _percent(part: int, whole: int) -> float:
    """One decimal, a half rounded up, in whole numbers: as the phone reckons."""
    return (2_000 * part + whole) // (2 * whole) / 10 if whole else 0.0
