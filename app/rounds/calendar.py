"""The calendar: every time something is due, once or month by month, on a day with open offices.

What a round says stays as it says it (`due_on`); `due_by` is the day after the office calendar was
asked.  Thai holidays with their substitution days come from the `holidays` package; what the
cabinet declares later stands in the programme file.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta

from app.rounds.schema import Programme, Round, Words
from app.shared.clock import Quarter


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a round is due.  `key` is the round's, with the month where it recurs."""

    key: str  # "plan", "publicity_2024_02"
    round: Round
    quarter: Quarter
    opens_on: date
    due_on: date  # as the letter says
    due_by: date  # as the offices are open; on time until the end of this Bangkok day
    covers_from: date  # what was done between these days belongs to it
    covers_to: date
    month: date | None = None  # the first of the month, of a recurring one

    @property
    def title(self) -> Words:
        """The round's title; a recurring one says its month where it is shown."""
        return self.round.title

    @property
    def note(self) -> Words | None:
        """What is to be known of it."""
        return self.round.note

    @property
    def level(self) -> str:
        """Who owes it: `centre` or `district`."""
        return self.round.level

    def is_open(self, today: date) -> bool:
        """Whether its time has come."""
        return self.opens_on <= today

    def is_late(self, day: date) -> bool:
        """Whether something sent on `day` is late."""
        return day > self.due_by

    def days_left(self, today: date) -> int:
        """Days until it is due; negative afterwards."""
        return (self.due_by - today).days


@cache
def occurrences(programme: Programme) -> tuple[Occurrence, ...]:
    """Everything due under the programme, by due day."""
    found = [one for due in programme.rounds for one in _of_round(programme, due)]
    return tuple(sorted(found, key=lambda one: (one.due_by, one.due_on, one.key)))


def occurrences_of(programme: Programme, quarter: Quarter) -> list[Occurrence]:
    """What counts for `quarter`, by due day."""
    return [one for one in occurrences(programme) if one.quarter == quarter]


def occurrence_named(programme: Programme, key: str) -> Occurrence | None:
    """The one with this key, if there is."""
    return next((one for one in occurrences(programme) if one.key == key), None)


def is_working_day(day: date, programme: Programme) -> bool:
    """Whether offices are open: no weekend, no holiday."""
    rules = programme.holidays
    if day in rules.but_not:
        return True
    if day.weekday() >= 5 or day in rules.also:
        return False
    return not (rules.country and day in _national(rules.country, day.year))


def holiday_name(day: date, programme: Programme, locale: str) -> str | None:
    """What the holiday is called (`th` or `en`), if the day is a national one."""
    if not programme.holidays.country:
        return None
    language = "th" if locale == "th" else "en_US"
    return _national(programme.holidays.country, day.year, language).get(day)


def working_day(day: date, programme: Programme, when_closed: str) -> date:
    """The day on which something due on `day` is due with offices open."""
    step = {"next_working_day": 1, "previous_working_day": -1}.get(when_closed, 0)
    while step and not is_working_day(day, programme):
        day += timedelta(days=step)
    return day


@cache
def _national(country: str, year: int, language: str = "en_US") -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year, language=language)


def _of_round(programme: Programme, due: Round) -> list[Occurrence]:
    if due.monthly is None:
        return [_occurrence(programme, due, due.key, *due.once, None)]
    found = []
    month = date.fromisoformat(f"{due.monthly.first}-01")
    while f"{month:%Y-%m}" <= due.monthly.last:
        day = month.replace(day=min(due.monthly.day, monthrange(month.year, month.month)[1]))
        opens_on = day - timedelta(days=due.monthly.opens_days_before)
        key, quarter = f"{due.key}_{month:%Y_%m}", due.quarter or Quarter.of_day(day)
        found.append(_occurrence(programme, due, key, quarter, opens_on, day, month))
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def _occurrence(
    programme: Programme, due: Round, key: str, quarter: Quarter, opens_on: date, due_on: date,
    month: date | None,
) -> Occurrence:  # fmt: skip
    due_by = working_day(due_on, programme, due.when_closed)
    first, last = _covered(programme, due, quarter, due_on, due_by)
    return Occurrence(key, due, quarter, opens_on, due_on, due_by, first, last, month)


def _covered(
    programme: Programme, due: Round, quarter: Quarter, due_on: date, due_by: date
) -> tuple[date, date]:
    match due.covers:
        case "year":
            return Quarter(programme.fiscal_year, 1).first_day, due_by
        case "until_due":
            return quarter.first_day, due_by
        case "month":  # since the same day of the month before
            return due_on - relativedelta(months=1) + timedelta(days=1), due_on
    return quarter.first_day, quarter.last_day
