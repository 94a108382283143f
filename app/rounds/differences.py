"""What changed between two versions: lines for reading, and what of it touches what is there.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from app.rounds.calendar import Occurrence, occurrences
from app.rounds.schema import Choice, Programme

AROUND = 3  # unchanged lines shown on either side of a change


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: `old` and `new` are its numbers, from 1, where it stands."""

    kind: Literal["same", "gone", "new", "gap"]
    text: str = ""
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True, slots=True)
class Vanished:
    """An answer that a list offered and offers no more."""

    list_name: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Moved:
    """An occurrence whose days or quarter change; `after` is None where it vanishes."""

    before: Occurrence
    after: Occurrence | None

    def is_past(self, today: date) -> bool:
        """Whether it was due already, as it stood or as it will stand."""
        return self.before.due_by < today or bool(self.after and self.after.due_by < today)


def line_differences(before: str, after: str) -> list[Line]:
    """The comparison, unchanged stretches left out."""
    old, new = before.splitlines(), after.splitlines()
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    found: list[Line] = []
    for group in groups:
        if found or group[0][1]:
            found.append(Line("gap"))
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                found += [
                    Line("same", old[a], a + 1, b + 1)
                    for a, b in zip(range(a1, a2), range(b1, b2), strict=True)
                ]
            else:
                found += [Line("gone", old[a], a + 1) for a in range(a1, a2)]
                found += [Line("new", new[b], None, b + 1) for b in range(b1, b2)]
    return found


def moved_rounds(before: Programme, after: Programme) -> list[Moved]:
    """Occurrences whose first day, due day or quarter changes, or that vanish; by due day."""
    then = {one.key: one for one in occurrences(after)}
    return [
        Moved(one, then.get(one.key))
        for one in occurrences(before)
        if one.key not in then or _days(one) != _days(then[one.key])
    ]


def new_rounds(before: Programme, after: Programme) -> list[Occurrence]:
    """Occurrences that there were not; by due day."""
    known = {one.key for one in occurrences(before)}
    return [one for one in occurrences(after) if one.key not in known]


def vanished_choices(before: Programme, after: Programme) -> Iterator[Vanished]:
    """Answers of all lists, and criteria, that are offered no more."""
    for name, choices in choice_lists(before):
        kept = {choice.key for choice in dict(choice_lists(after)).get(name, ())}
        for choice in choices:
            if choice.key not in kept:
                yield Vanished(name, choice)


def choice_lists(programme: Programme) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    """Every list of answers by its name in the file, in the file's order."""
    for name, value in programme:
        if isinstance(value, tuple) and value and isinstance(value[0], Choice):
            yield name, value
    yield "assessment.criteria", programme.assessment.criteria


def _days(due: Occurrence) -> tuple[object, ...]:
    return due.quarter, due.opens_on, due.due_on, due.due_by, due.level
