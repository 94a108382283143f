"""The months of the publicity report: those the programme asks for, and any calendar month."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.rounds.calendar import Occurrence, occurrence_named, occurrences
from app.rounds.programme import Programme
from app.shared.errors import NotFound

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """The days `first` to `last` that one report covers.  `key` stands in the page's address."""

    key: str
    month: date  # the first of the month it is named after
    first: date
    last: date
    due_by: date | None = None  # of a report that the programme asks for


def month_named(programmes: Sequence[Programme], key: str) -> Month:
    """The month `key` names: an occurrence (`publicity_2024_02`) or a calendar month (`2024-02`).

    Raises:
        NotFound: it names neither.
    """
    if match := _MONTH.fullmatch(key):
        first = date(int(match[1]), int(match[2]), 1)
        return Month(key, first, first, first.replace(day=monthrange(first.year, first.month)[1]))
    for programme in programmes:
        due = occurrence_named(programme, key)
        if due and _is_monthly(due):
            return _of(due)
    raise NotFound(kind="month")


def months_asked(programmes: Sequence[Programme], today: date) -> list[Month]:
    """Every month that a report is asked for and that has begun, newest first."""
    due = [one for programme in programmes for one in occurrences(programme) if _is_monthly(one)]
    return sorted(
        (_of(one) for one in due if one.covers_from <= today), key=lambda m: m.last, reverse=True
    )


def month_of(programmes: Sequence[Programme], today: date) -> Month:
    """The month to show unasked: the one that `today` falls in, else the newest, else today's."""
    asked = months_asked(programmes, today)
    running = next((month for month in asked if month.first <= today <= month.last), None)
    return running or (asked[0] if asked else month_named((), f"{today:%Y-%m}"))


def _is_monthly(due: Occurrence) -> bool:
    return due.month is not None and "posts" in due.round.gathers


def _of(due: Occurrence) -> Month:
    month = due.month or due.due_on.replace(day=1)
    return Month(due.key, month, due.covers_from, due.covers_to, due.due_by)
