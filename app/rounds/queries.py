"""Asking the programme what is due."""

from __future__ import annotations

from datetime import date

from app.rounds.calendar import Occurrence, occurrences, occurrences_of
from app.rounds.programme import Programme
from app.shared.clock import Quarter


def rounds_of(programme: Programme, quarter: Quarter) -> list[Occurrence]:
    """What counts for `quarter`, by due day."""
    return occurrences_of(programme, quarter)


def quarters_known(programme: Programme, today: date) -> list[Quarter]:
    """Quarters worth offering, newest first: from the programme's first to the running one."""
    running = Quarter.of_day(today)
    quarter = min([*(one.quarter for one in occurrences(programme)), running])
    found = [quarter]
    while found[-1] < running:
        found.append(found[-1].next())
    return found[::-1]


def rounds_on_phone(programme: Programme, today: date) -> list[Occurrence]:
    """What counts for the running quarter, and what is open and still due for any other."""
    running = Quarter.of_day(today)
    return [
        one
        for one in occurrences(programme)
        if one.quarter == running or one.opens_on <= today <= one.due_by
    ]
