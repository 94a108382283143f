"""Asking the programmes what is due."""

from __future__ import annotations

from datetime import date

from app.rounds.calendar import Occurrence, occurrence_named, occurrences, occurrences_of
from app.rounds.programme import (
    Programme,
    programme_of_year,
    programmes_in_force,
    programmes_of_key,
)
from app.shared.clock import Quarter


def rounds_of_quarter(quarter: Quarter) -> list[Occurrence]:
    """What counts for `quarter`, by due day.

    The programme of its fiscal year says so; of a year without one, what another year's programme
    has for it (a monthly round may run on beyond September).
    """
    if programme := programme_of_year(quarter.fiscal_year):
        return occurrences_of(programme, quarter)
    return [one for other in programmes_in_force() for one in occurrences_of(other, quarter)]


def occurrence_for(key: str, occurrence_key: str) -> tuple[Programme, Occurrence] | None:
    """What a submission answers: `key` is the programme's (`khok_nong_na_2567`).

    A round that the newest version no longer has is found in the version that had it last.
    """
    for programme in programmes_of_key(key):
        if found := occurrence_named(programme, occurrence_key):
            return programme, found
    return None


def quarters_known(programme: Programme, today: date) -> list[Quarter]:
    """Quarters worth offering, newest first: from the first of all programmes to the running."""
    running = Quarter.of_day(today)
    known = (programme, *programmes_in_force())
    quarter = min([*(due.quarter for one in known for due in occurrences(one)), running])
    found = [quarter]
    while found[-1] < running:
        found.append(found[-1].next())
    return found[::-1]


def rounds_on_phone(programme: Programme, today: date) -> list[Occurrence]:
    """What counts for the running quarter, and what is open and still due for any other.

    In October the reports of September are still due under the programme of the year before.
    """
    running = Quarter.of_day(today)
    others = (one for one in programmes_in_force() if one.fiscal_year != programme.fiscal_year)
    found = [
        due
        for one in (programme, *others)
        for due in occurrences(one)
        if due.quarter == running or due.opens_on <= today <= due.due_by
    ]
    return sorted(found, key=lambda due: (due.due_by, due.due_on, due.key))
