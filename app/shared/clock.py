"""Time: instants are UTC and never naive; days and quarters are Bangkok days.

A Thai fiscal year N (Buddhist era) runs from 1 October N-1 to 30 September N; its first
quarter is October to December.  Gregorian inside, Buddhist only on screen (domain brief 2.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")  # UTC+7, no daylight saving time
BUDDHIST_OFFSET = 543
FIRST_BUDDHIST_YEAR = 2400  # a year from here on can only be Buddhist
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_FIRST_MONTH = {1: 10, 2: 1, 3: 4, 4: 7}


def now() -> datetime:
    """The present instant, in UTC.  Only edges ask; the domain is told."""
    return datetime.now(UTC)


def bangkok_day(instant: datetime) -> date:
    """The calendar day in Thailand on which `instant` falls.  Refuses naive datetimes."""
    return in_bangkok(instant).date()


def in_bangkok(instant: datetime) -> datetime:
    """`instant` on a Thai clock.  Refuses naive datetimes with ValueError."""
    if instant.tzinfo is None:
        raise ValueError("naive datetime")
    return instant.astimezone(BANGKOK)


def day_starts_at(day: date) -> datetime:
    """Midnight in Bangkok at the beginning of `day`, as a UTC instant."""
    return datetime(day.year, day.month, day.day, tzinfo=BANGKOK).astimezone(UTC)


def gregorian_year(year: int) -> int:
    """`year` in the common era, whether it was written so or in the Buddhist era."""
    return year - BUDDHIST_OFFSET if year >= FIRST_BUDDHIST_YEAR else year


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A fiscal quarter, written `2567Q1` (October to December 2566 of the Buddhist era)."""

    fiscal_year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2567Q1`.  Raises ValueError for anything else."""
        match = _QUARTER.fullmatch(text)
        if not match or not FIRST_BUDDHIST_YEAR <= int(match[1]) <= 2999:
            raise ValueError(f"not a fiscal quarter: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of_day(cls, day: date) -> Quarter:
        """The fiscal quarter that holds the Bangkok day `day`."""
        year = day.year + BUDDHIST_OFFSET + (1 if day.month >= 10 else 0)
        return cls(year, (day.month - 10) % 12 // 3 + 1)

    @property
    def first_day(self) -> date:
        """First Bangkok day of the quarter."""
        year = self.fiscal_year - BUDDHIST_OFFSET - (1 if self.number == 1 else 0)
        return date(year, _FIRST_MONTH[self.number], 1)

    @property
    def last_day(self) -> date:
        """Last Bangkok day of the quarter."""
        return self.next().first_day - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """The instant at which the quarter begins in Bangkok, in UTC."""
        return day_starts_at(self.first_day)

    def next(self) -> Quarter:
        """The quarter that follows."""
        if self.number == 4:
            return Quarter(self.fiscal_year + 1, 1)
        return Quarter(self.fiscal_year, self.number + 1)

    def previous(self) -> Quarter:
        """The quarter before."""
        if self.number == 1:
            return Quarter(self.fiscal_year - 1, 4)
        return Quarter(self.fiscal_year, self.number - 1)

    def holds(self, day: date) -> bool:
        """Whether the Bangkok day `day` falls in this quarter."""
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.fiscal_year}Q{self.number}"
