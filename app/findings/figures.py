"""Figures as both languages write them, without a request: the sentences are stored.  Pure.

Years are Buddhist in both languages, as in `app.web.filters`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.shared.clock import BUDDHIST_OFFSET, in_bangkok
from app.shared.thai import thai_date

Language = Literal["th", "en"]
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR_MIN, _DAY_MIN = 60, 24 * 60


def distance(metres: float, language: Language) -> str:
    """180 ม. / 180 m below a kilometre, 1.2 กม. / 1.2 km above."""
    if metres < 1000:
        return f"{metres:.0f} {'ม.' if language == 'th' else 'm'}"
    return f"{metres / 1000:,.1f} {'กม.' if language == 'th' else 'km'}"


def day(iso: str, language: Language) -> str:
    """13 ก.พ. 2567 / 13 Feb 2567 BE, from an ISO date."""
    given = date.fromisoformat(iso)
    if language == "th":
        return thai_date(given)
    return f"{given.day} {_MONTHS_EN[given.month - 1]} {given.year + BUDDHIST_OFFSET} BE"


def moment(iso: str, language: Language) -> str:
    """13 ก.พ. 2567 08.30 น. / 13 Feb 2567 BE, 08:30, on a Thai clock, from an ISO instant."""
    local = in_bangkok(datetime.fromisoformat(iso))
    written = day(local.date().isoformat(), language)
    return f"{written} {local:%H.%M} น." if language == "th" else f"{written}, {local:%H:%M}"


def span(minutes: int, language: Language) -> str:
    """25 นาที, 3 ชั่วโมง, 12 วัน: one unit, the largest that is not less than one."""
    for size_min, words_th, words_en in (
        (_DAY_MIN, "วัน", "day"),
        (_HOUR_MIN, "ชั่วโมง", "hour"),
        (1, "นาที", "minute"),
    ):
        if minutes >= size_min or size_min == 1:
            count = round(minutes / size_min)
            words = words_th if language == "th" else f"{words_en}{'' if count == 1 else 's'}"
            return f"{count} {words}"
    raise AssertionError("one minute fits everything")


def percent(share: float) -> str:
    """80%."""
    return f"{share * 100:.0f}%"
