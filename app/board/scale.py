"""The scale: which level a district has reached, and what is missing for the next.  Pure.

A programme file says how many levels there are and what each asks; here is only how each fact is
measured.  A share is in percent of `of`; where nothing can be counted (no centre of that grade),
nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.board.cells import Cell
from app.board.facts import DistrictFacts
from app.rounds.programme import Programme
from app.rounds.schema import Fact, Level, Need
from app.shared.clock import Quarter


@dataclass(frozen=True, slots=True)
class Measure:
    """A fact in numbers: `done` (None: cannot be told yet), and of a share out of how many."""

    done: int | None
    of: int | None = None  # None: a plain number

    @property
    def value(self) -> float | None:
        """What the need's bound is compared with: a number, or percent."""
        if self.done is None or self.of is None:
            return self.done
        return 100 * self.done / self.of if self.of else 100.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One need with what was measured."""

    need: Need
    measure: Measure
    met: bool


@dataclass(frozen=True, slots=True)
class JudgedLevel:
    """One level with its needs, each met or not."""

    level: Level
    needs: Sequence[Judged]

    @property
    def met(self) -> bool:
        """Whether all it asks itself is there."""
        return all(need.met for need in self.needs)

    @property
    def missing(self) -> list[Judged]:
        """What is not there."""
        return [need for need in self.needs if not need.met]


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a district stands: `reached` is 0 below the first level."""

    levels: Sequence[JudgedLevel]

    @property
    def reached(self) -> int:
        """The last level up to which all are met."""
        number = 0
        for judged in self.levels:
            if not judged.met:
                break
            number = judged.level.level
        return number

    @property
    def here(self) -> JudgedLevel | None:
        """The level reached, if any."""
        return self.levels[self.reached - 1] if self.reached else None

    @property
    def next(self) -> JudgedLevel | None:
        """The first level that is not reached, if any."""
        return self.levels[self.reached] if self.reached < len(self.levels) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known of one district when it is judged."""

    programme: Programme
    quarter: Quarter
    today: date
    facts: DistrictFacts
    reports: Sequence[Cell]  # of the fiscal year up to the quarter, of single units


def rank_of(seen: Seen) -> Rank:
    """Judge a district by every level of its programme's scale."""
    return Rank([
        JudgedLevel(level, [_judged(need, seen) for need in level.needs])
        for level in seen.programme.scale
    ])  # fmt: skip


def measured(need: Need, seen: Seen) -> Measure:
    """The need's fact in numbers."""
    return _MEASURES[need.fact](need, seen)


def _judged(need: Need, seen: Seen) -> Judged:
    measure = measured(need, seen)
    value = measure.value
    if value is None:
        return Judged(need, measure, False)
    enough = need.least is None or value >= need.least
    return Judged(need, measure, enough and (need.most is None or value <= need.most))


def _reports(need: Need, seen: Seen) -> Measure:
    """Accepted, of those due by now or accepted already; what was waived is asked of nobody."""
    named = [c for c in seen.reports if not need.rounds or c.occurrence.round.key in need.rounds]
    accepted = sum(cell.state == "accepted" for cell in named)
    waived = sum(cell.state == "waived" for cell in named)
    other = sum(_is_due(cell, seen.today) for cell in named)
    if not accepted and not other and not waived:
        return Measure(None, len(named))  # nothing of it is due: nothing to be proud of either
    return Measure(accepted, accepted + other)


def _is_due(cell: Cell, today: date) -> bool:
    return cell.state not in ("accepted", "waived") and cell.occurrence.is_late(today)


def _active(need: Need, seen: Seen) -> Measure:
    facts = seen.facts
    grades = need.grades or tuple(facts.grades)
    if not facts.assessed:
        return Measure(None, 0)
    return Measure(_sum(facts.active, grades), _sum(facts.grades, grades))


def _sum(counts: Mapping[str, int], keys: Iterable[str]) -> int:
    return sum(counts.get(key, 0) for key in keys)


def _raised(_need: Need, seen: Seen) -> Measure:
    facts = seen.facts
    return Measure(facts.raised, facts.raisable) if facts.assessed else Measure(None, 0)


def _months(_need: Need, seen: Seen) -> Measure:
    begun = [month for month in _months_of(seen.quarter) if month <= seen.today]
    if not begun:
        return Measure(None, 0)
    posted = sum((month.year, month.month) in seen.facts.months_posted for month in begun)
    return Measure(posted, len(begun))


def _months_of(quarter: Quarter) -> list[date]:
    first = quarter.first_day
    return [first.replace(month=first.month + step) for step in range(3)]  # none crosses a year


def _of_centres(count: Callable[[DistrictFacts], int]) -> Callable[[Need, Seen], Measure]:
    def measure(_need: Need, seen: Seen) -> Measure:
        centres = seen.facts.centres
        return Measure(count(seen.facts), centres) if centres else Measure(None, 0)

    return measure


def _number(count: Callable[[DistrictFacts], int]) -> Callable[[Need, Seen], Measure]:
    return lambda _need, seen: Measure(count(seen.facts))


def _sectors_missing(_need: Need, seen: Seen) -> Measure:
    wanted = {sector.key for sector in seen.programme.sectors}
    return Measure(len(wanted - seen.facts.sectors))


_MEASURES: dict[Fact, Callable[[Need, Seen], Measure]] = {
    "network_orders": _number(lambda facts: facts.orders),
    "sectors_missing": _sectors_missing,
    "centres_assessed": _number(lambda facts: facts.assessed),
    "centres_assessed_percent": _of_centres(lambda facts: facts.assessed),
    "centres_graded_percent": _of_centres(lambda facts: facts.confirmed),
    "centres_raised_percent": _raised,
    "plan_items": _number(lambda facts: facts.plan_items),
    "reports_accepted_percent": _reports,
    "active_centres_percent": _active,
    "visits": _number(lambda facts: facts.visits),
    "followups": _number(lambda facts: facts.followups),
    "months_publicised_percent": _months,
}
