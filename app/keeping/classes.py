"""How long each class of personal data is kept, from when on, and what happens then.  Pure.

The notice promises these periods and `retention` keeps them.  Where the Act or the office's
records rule gives no number, the period is our proposal: `docs/security.md` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.shared.clock import BUDDHIST_OFFSET, Quarter

Then = Literal["nameless", "destroyed", "blanked", "kept"]
Unit = Literal["fiscal_years", "days"]
Basis = Literal["24(4)", "19", "24(6)"]  # public task; consent; duty by law (Act B.E. 2562)


@dataclass(frozen=True, slots=True)
class KeepingClass:
    """One class of data.  `period` is counted in `unit` after the record's own day."""

    key: str
    period: int
    unit: Unit
    then: Then
    basis: Basis

    def over(self, today: date) -> date:
        """The first day that must still be kept on `today`: what is of an earlier day goes.

        Fiscal years count whole: 2 years after a visit of fiscal year 2567 end on 30 September
        2569, so on 1 October 2569 it goes.
        """
        if self.unit == "days":
            return today - timedelta(days=self.period)
        year = Quarter.of_day(today).fiscal_year - self.period
        return date(year - BUDDHIST_OFFSET - 1, 10, 1)


CLASSES = (
    KeepingClass("visitor", 2, "fiscal_years", "nameless", "19"),
    KeepingClass("photo_unconsented", 2, "fiscal_years", "destroyed", "24(4)"),
    KeepingClass("photo", 5, "fiscal_years", "destroyed", "24(4)"),
    KeepingClass("member", 5, "fiscal_years", "blanked", "24(4)"),
    KeepingClass("document", 5, "fiscal_years", "destroyed", "24(4)"),
    KeepingClass("packet", 5, "fiscal_years", "destroyed", "24(4)"),
    KeepingClass("packet_named", 2, "fiscal_years", "destroyed", "24(4)"),
    KeepingClass("account", 2, "fiscal_years", "nameless", "24(4)"),
    KeepingClass("sign_in", 90, "days", "destroyed", "24(4)"),
    KeepingClass("device", 365, "days", "blanked", "24(4)"),
    KeepingClass("request", 365, "days", "blanked", "24(6)"),
    KeepingClass("record", 10, "fiscal_years", "kept", "24(4)"),
    KeepingClass("log", 10, "fiscal_years", "kept", "24(6)"),
)
_BY_KEY = {each.key: each for each in CLASSES}


def keeping_class(key: str) -> KeepingClass:
    """The class called `key`.  Raises KeyError where there is none."""
    return _BY_KEY[key]
