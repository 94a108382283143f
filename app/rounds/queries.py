"""Asking the programme what is due."""

from __future__ import annotations

from datetime import date

from app.rounds.programme import Programme, Round
from app.shared.clock import Quarter


def rounds_of(programme: Programme, quarter: Quarter) -> list[Round]:
    """Rounds that count for `quarter`, by due date."""
    return sorted((r for r in programme.rounds if r.quarter == quarter), key=lambda r: r.due_on)


def quarters_known(programme: Programme, today: date) -> list[Quarter]:
    """Quarters worth offering, newest first: from the programme's first to the running one."""
    running = Quarter.of_day(today)
    quarter = min([*(r.quarter for r in programme.rounds), running])
    found = [quarter]
    while found[-1] < running:
        found.append(found[-1].next())
    return found[::-1]


def rounds_on_phone(programme: Programme, today: date) -> list[Round]:
    """Rounds of the running quarter, and those of any other that are open and still due."""
    running = Quarter.of_day(today)
    shown = (r for r in programme.rounds if r.quarter == running or r.opens_on <= today <= r.due_on)
    return sorted(shown, key=lambda r: (r.due_on, r.key))
