"""What only the whole file can tell: references that lead nowhere, numbers out of order.

Works on the file's plain values, not on a `Programme`: whoever mends a file is told everything at
once, also where one entry cannot be read yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

Location = tuple[int | str, ...]
Found = tuple[Location, str, dict[str, object]]  # where, code, facts
Entries = list[tuple[Location, Mapping[str, Any]]]
# A round may be due before its fiscal year begins or after it ends, yet hardly by years: whoever
# writes 2567-02-13 means 2024.
YEARS_APART = 2
# Counts of learners rest on these keys (app/followups/rules.py); the words are the programme's.
FOLLOWUP_USES = ("used", "starting", "not_yet", "unreachable")


def cross_faults(data: Mapping[str, Any]) -> Iterator[Found]:
    """Every fault of the whole, in no order."""
    for name, value in data.items():
        if isinstance(value, list):
            yield from _shared_keys(_entries(data, name))
    yield from _shared_keys(_entries(data, "assessment", "criteria"))
    months: Any = data.get("followup_months")
    if _numbers(months) and months != sorted(set(months)):
        yield ("followup_months",), "must_rise", {}
    for where, use in _entries(data, "followup_uses"):
        if isinstance(use.get("key"), str) and use["key"] not in FOLLOWUP_USES:
            yield (*where, "key"), "fixed_key", {"allowed": ", ".join(FOLLOWUP_USES)}
    yield from _faults_of_grades(data)
    yield from _faults_of_form(data)
    yield from _faults_of_scale(data)
    yield from _far_days(data)


def nearest(word: object, known: set[str]) -> str | None:
    """The known word that was probably meant."""
    found = get_close_matches(str(word), sorted(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _entries(data: Any, *path: str) -> Entries:
    found: Any = data
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, list):
        return []
    return [((*path, at), entry) for at, entry in enumerate(found) if isinstance(entry, Mapping)]


def _inner(where: Location, entry: Mapping[str, Any], name: str) -> Entries:
    return [((*where, *path), inner) for path, inner in _entries(entry, name)]


def _keys(data: Any, *path: str) -> set[str]:
    return {key for _, entry in _entries(data, *path) if isinstance(key := entry.get("key"), str)}


def _numbers(values: Any) -> bool:
    return isinstance(values, list) and all(_number(value) for value in values)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shared_keys(entries: Entries) -> Iterator[Found]:
    first: dict[str, Location] = {}
    for where, entry in entries:
        key = entry.get("key")
        if isinstance(key, str):
            if key in first:
                yield (*where, "key"), "shared_key", {"name": key, "first": first[key]}
            first.setdefault(key, (*where, "key"))


def _unless_known(where: Location, name: Any, known: set[str], what: str) -> Iterator[Found]:
    if not isinstance(name, str) or name in known:
        return
    facts: dict[str, object] = {"name": name, "where": what}
    if near := nearest(name, known):
        yield where, "no_such_near", facts | {"near": near}
    else:
        yield where, "no_such", facts


def _faults_of_grades(data: Mapping[str, Any]) -> Iterator[Found]:
    grades, strategies = _entries(data, "grades"), _keys(data, "strategies")
    for where, grade in grades:
        yield from _unless_known(
            (*where, "strategy"), grade.get("strategy"), strategies, "strategies"
        )
    rated = [(w, g["from_percent"]) for w, g in grades if _number(g.get("from_percent"))]
    for (_, above), (where, below) in pairwise(rated):
        if above <= below:
            yield (*where, "from_percent"), "grades_fall", {}
    if rated and rated[-1][1] > 0:
        yield (*rated[-1][0], "from_percent"), "last_grade", {}


def _faults_of_form(data: Mapping[str, Any]) -> Iterator[Found]:
    form, sides = data.get("assessment"), _keys(data, "five_p")
    if isinstance(form, Mapping):
        yield from _points(("assessment",), form)
    for where, criterion in _entries(data, "assessment", "criteria"):
        yield from _unless_known((*where, "side"), criterion.get("side"), sides, "five_p")
        yield from _points(where, criterion)


def _points(where: Location, holder: Mapping[str, Any]) -> Iterator[Found]:
    points = [a["points"] for _, a in _entries(holder, "anchors") if _number(a.get("points"))]
    if points and (points[-1] == 0 or any(a >= b for a, b in pairwise(points))):
        yield (*where, "anchors"), "points_rise", {}


def _faults_of_scale(data: Mapping[str, Any]) -> Iterator[Found]:
    known = {"rounds": _keys(data, "rounds"), "grades": _keys(data, "grades")}
    for number, (where, level) in enumerate(_entries(data, "scale"), 1):
        if _number(level.get("level")) and level["level"] != number:
            yield (*where, "level"), "levels_count", {}
        for need_at, need in _inner(where, level, "needs"):
            for what, names in known.items():
                named = need.get(what)
                for at, name in enumerate(named if isinstance(named, list) else ()):
                    yield from _unless_known((*need_at, what, at), name, names, what)


def _far_days(data: Mapping[str, Any]) -> Iterator[Found]:
    fiscal_year = data.get("fiscal_year")
    if not isinstance(fiscal_year, int):
        return
    for where, year in _years(data):
        if abs(year + 543 - fiscal_year) > YEARS_APART:
            yield where, "year_far", {"year": year, "fiscal_year": fiscal_year}


def _years(data: Mapping[str, Any]) -> Iterator[tuple[Location, int]]:
    for where, due in _entries(data, "rounds"):
        for name in ("opens_on", "due_on"):
            if isinstance(due.get(name), date):
                yield (*where, name), due[name].year
        monthly: Any = due.get("monthly")
        for name in ("first", "last") if isinstance(monthly, Mapping) else ():
            year = str(monthly.get(name))[:4]
            if year.isdecimal():
                yield (*where, "monthly", name), int(year)
    closed: Any = data.get("holidays")
    for name in ("also", "but_not") if isinstance(closed, Mapping) else ():
        days = closed.get(name)
        for at, day in enumerate(days if isinstance(days, list) else ()):
            if isinstance(day, date):
                yield ("holidays", name, at), day.year
