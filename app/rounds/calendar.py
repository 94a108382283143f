"""The calendar: every time something is due, once or month by month, on a day with open offices.

What a round says stays as it says it (`due_on`); `due_by` is the day after the office calendar was
asked.  Thai holidays with their substitution days and the cabinet's extra ones come from the
`holidays` package; what is declared later stands in the programme file.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays
from dateutil.relativedelta import relativedelta

from app.rounds.schema import Programme, Round, Words
from app.shared.clock import Quarter

# Government offices work on Labour Day, which is a holiday of banks and companies, and rest on the
# day of the royal ploughing ceremony.
_CATEGORIES = ("public", "government")
_WORKED = {"th": "วันแรงงานแห่งชาติ", "en_US": "Labor Day"}


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


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day without offices over which a due day moved."""

    day: date
    holiday: str | None  # None: Saturday or Sunday; "": declared in the programme file


@lru_cache(maxsize=64)  # previews come and go
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
    return holiday_name(day, programme, "th") is None


def holiday_name(day: date, programme: Programme, locale: str) -> str | None:
    """What the holiday is called (`th` or `en`), if the day is a national one for offices."""
    if not programme.holidays.country:
        return None
    language = "th" if locale == "th" else "en_US"
    name = _national(programme.holidays.country, day.year, language).get(day)
    if name is None or _WORKED[language] in name:
        return None
    return name.replace("; ", " / ")


def closed_days(due: Occurrence, programme: Programme, locale: str) -> list[ClosedDay]:
    """Why the due day moved: the days without offices that it moved over, in the order met."""
    found, day = [], due.due_on
    step = timedelta(days=1 if due.due_by > due.due_on else -1)
    while day != due.due_by:
        name = holiday_name(day, programme, locale)
        declared = "" if day in programme.holidays.also else None
        found.append(ClosedDay(day, name or declared))
        day += step
    return found


def working_day(day: date, programme: Programme, when_closed: str) -> date:
    """The day on which something due on `day` is due with offices open."""
    step = {"next_working_day": 1, "previous_working_day": -1}.get(when_closed, 0)
    while step and not is_working_day(day, programme):
        day += timedelta(days=step)
    return day


@cache
def _national(country: str, year: int, language: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year, language=language, categories=_CATEGORIES)


def _of_round(programme: Programme, due: Round) -> list[Occurrence]:
    if due.monthly is None:
        return [_occurrence(programme, due, due.key, *due.once, None)]
    found = []
    month = date.fromisoformat(f"{due.monthly.first}-01")
    while f"{month:%Y-%m}" <= due.monthly.last:
        day = _day_of(month, due.monthly.day)
        opens_on = day - timedelta(days=due.monthly.opens_days_before)
        key, quarter = f"{due.key}_{month:%Y_%m}", due.quarter or Quarter.of_day(day)
        found.append(_occurrence(programme, due, key, quarter, opens_on, day, month))
        month += relativedelta(months=1)
    return found


def _day_of(month: date, day: int) -> date:
    """The 31st of a short month is its last day."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _occurrence(
    programme: Programme, due: Round, key: str, quarter: Quarter, opens_on: date, due_on: date,
    month: date | None,
) -> Occurrence:  # fmt: skip
    due_by = working_day(due_on, programme, due.when_closed)
    opens_on = min(opens_on, due_by)  # moved forward, it may be due before it was to open
    first, last = _covered(programme, due, quarter, due_on, due_by)
    first = min(first, opens_on) if first > last else first
    return Occurrence(key, due, quarter, opens_on, due_on, due_by, first, last, month)


def _covered(
    programme: Programme, due: Round, quarter: Quarter, due_on: date, due_by: date
) -> tuple[date, date]:
    """First and last day; a round due before its quarter has begun covers since it opened."""
    match due.covers:
        case "year":
            return Quarter(programme.fiscal_year, 1).first_day, due_by
        case "until_due":
            return quarter.first_day, due_by
        case (
            "month"
        ):  # since the day after the one of the month before, so that none is counted twice
            before = due_on.replace(day=1) - relativedelta(months=1)
            day = due.monthly.day if due.monthly else due_on.day
            return _day_of(before, day) + timedelta(days=1), due_on
    return quarter.first_day, quarter.last_day
