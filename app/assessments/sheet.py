"""A filled form as a page shows it: sections by side, a line for each criterion.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.assessments.radar import Radar, radar_of
from app.assessments.rules import Scores
from app.rounds.schema import Criterion, Programme


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with its answer; `criterion` is None where the programme no longer has it."""

    key: str
    criterion: Criterion | None
    points: int | None
    most: int
    sentence: str  # what the points mean
    note: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One side with its lines; `side` is empty for what the programme no longer has."""

    side: str
    title: str
    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        """What its lines add up to."""
        return sum(line.points or 0 for line in self.lines)

    @property
    def most(self) -> int:
        """The most that they can give."""
        return sum(line.most for line in self.lines)


def sheet_of(scores: Scores, programme: Programme, locale: str) -> list[Section]:
    """The scores by side, in the programme's order; unknown criteria come last."""
    rows = {row["criterion"]: row for row in scores}
    sections = []
    for side in programme.five_p:
        of_side = [c for c in programme.assessment.criteria if c.side == side.key]
        lines = tuple(_line(c, rows.pop(c.key, {}), programme, locale) for c in of_side)
        if lines:
            sections.append(Section(side.key, side.in_(locale), lines))
    if rows:
        sections.append(Section("", "", tuple(_unknown(row) for row in rows.values())))
    return sections


def radar_for(
    sides: Mapping[str, float],
    before: Mapping[str, float] | None,
    programme: Programme,
    locale: str,
) -> Radar | None:
    """The radar of the programme's sides that the form asks about."""
    asked = {criterion.side for criterion in programme.assessment.criteria}
    shown = [side for side in programme.five_p if side.key in asked]
    earlier = [before.get(side.key, 0.0) for side in shown] if before else None
    return radar_of(
        [side.in_(locale) for side in shown], [sides.get(s.key, 0.0) for s in shown], earlier
    )


def grade_tones(programme: Programme) -> dict[str, str]:
    """A colour for each grade by its place: the best, those between, the last."""
    keys: Sequence[str] = [grade.key for grade in programme.grades]
    return {
        key: "best" if place == 0 else "last" if place == len(keys) - 1 else "between"
        for place, key in enumerate(keys)
    }


def _line(criterion: Criterion, row: Mapping[str, Any], programme: Programme, locale: str) -> Line:
    points = row.get("points")
    anchors = programme.assessment.anchors_of(criterion)
    sentence = next((one.in_(locale) for one in anchors if one.points == points), "")
    most = programme.assessment.most_points(criterion)
    return Line(
        criterion.key, criterion, points, most, sentence, row.get("note"),
        tuple(row.get("evidence") or ()),
    )  # fmt: skip


def _unknown(row: Mapping[str, Any]) -> Line:
    return Line(
        row["criterion"], None, row["points"], row["points"] or 0, "", row.get("note"),
        tuple(row.get("evidence") or ()),
    )  # fmt: skip
