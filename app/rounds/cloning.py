"""Changing a programme's text where it stands: comments, order and spacing stay as typed.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import yaml
from dateutil.relativedelta import relativedelta

from app.rounds.cross import Location
from app.rounds.parsing import decoded, parsed

_YEAR = re.compile(r"^\d{4}")
_BUDDHIST = 543


def with_version(text: str, version: int) -> str:
    """The text with this version number.  Raises Unfit where it is no YAML."""
    return _replaced(text, lambda where, value: str(version) if where == ("version",) else value)


def for_next_year(text: str) -> str:
    """The text for the fiscal year after: days, months and quarters a year later, version 1.

    Special days of the office calendar stay: they were declared for their own year and match no
    other.  Words and comments stay, too; `years_left` says which lines to look at.

    Raises Unfit where it is no YAML.
    """
    return _replaced(text, _a_year_later)


def years_left(before: str, after: str, fiscal_year: int) -> list[int]:
    """Unchanged lines (from 1) that name `fiscal_year` or its years of the common era."""
    christian = fiscal_year - _BUDDHIST
    named = re.compile(rf"(?<!\d)({fiscal_year}|{christian - 1}|{christian})(?!\d)")
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return [
        number for number, (old, new) in enumerate(pairs, 1) if old == new and named.search(new)
    ]


def _a_year_later(where: Location, value: str) -> str:
    match where:
        case ("fiscal_year",):
            return str(int(value) + 1) if value.isdecimal() else value
        case ("version",):
            return "1"
        case ("rounds", int(), "opens_on" | "due_on"):
            return _day_later(value)
        case ("rounds", int(), "quarter") | ("rounds", int(), "monthly", "first" | "last"):
            return _YEAR.sub(lambda found: str(int(found[0]) + 1), value)
    return value


def _day_later(value: str) -> str:
    try:
        return str(date.fromisoformat(value) + relativedelta(years=1))  # 29 February: the 28th
    except ValueError:
        return value


def _replaced(text: str, change: Callable[[Location, str], str]) -> str:
    text = decoded(text)
    rows = text.splitlines(keepends=True)
    node, _data = parsed(text)
    for where, scalar in reversed(list(_scalars(node, ()))):  # from the end: places stay true
        changed = change(where, scalar.value)
        start, end = scalar.start_mark, scalar.end_mark
        if changed != scalar.value and start.line == end.line:
            row = rows[start.line]
            quote = scalar.style or ""
            rows[start.line] = f"{row[: start.column]}{quote}{changed}{quote}{row[end.column :]}"
    return "".join(rows)


def _scalars(node: Any, where: Location) -> Iterator[tuple[Location, yaml.ScalarNode]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*where, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _scalars(value, (*where, at))
    elif isinstance(node, yaml.ScalarNode):
        yield where, node
