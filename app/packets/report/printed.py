"""Text on paper: what a report may show of text that people typed, and numbers as Thai print them.

The report is PDF/A, which refuses a character that its font lacks, and Typst refuses the whole
document with it: one emoji in a group's name must not cost a district its packet.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from app.shared.clock import BANGKOK, Quarter
from app.shared.thai import clean_text, thai_date, to_thai_digits

LIMIT = 300  # characters shown of one text; the tables carry it whole
WHOLE = 2_100  # more than any field of a record holds: forms print everything
MARKS_IN_A_ROW = 4  # Thai needs two at most; a tower of them would cover the lines above
# What Sarabun 1.000 has (its cmap, checked by a test), less what is not text.
_NOT_PRINTABLE = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u017e\u0e01-\u0e3a\u0e3f-\u0e5b\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\u2212]"
)
_ODD = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2015": "—", "\u02bc": "’"})
_INVISIBLE = re.compile("[\\u00ad\\u200b-\\u200d\\u2060\\ufe00-\\ufe0f\\ufeff]")
_MARK = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
_MARKS = re.compile(f"({_MARK}{{{MARKS_IN_A_ROW}}}){_MARK}+")
_LONG_RUN = re.compile("([!-~\u00a1-\u017e]{16})(?=[!-~\u00a1-\u017e])")
_LATIN = re.compile("[A-Za-z]")
UNKNOWN = "?"
NONE = "–"


@lru_cache(maxsize=4096)  # labels and names come again on every line of a book
def printable(text: str | None, limit: int = LIMIT) -> str:
    """Return `text` so that it can be set in any cell: no controls, no glyph the font lacks.

    Long runs without a space may be broken (a zero-width space); long text ends in an ellipsis.
    """
    if not text:
        return ""
    kept = _INVISIBLE.sub("", clean_text(text[: limit * 4])).translate(_ODD)
    kept = _NOT_PRINTABLE.sub(UNKNOWN, kept)
    kept = _MARKS.sub(r"\1", kept)
    if len(kept) > limit:
        kept = kept[: limit - 1].rstrip() + "…"
    return _LONG_RUN.sub("\\1\u200b", kept)


def thai_text(text: str | None, limit: int = LIMIT) -> str:
    """Return `printable` text with Thai digits, unless it has Latin letters (a code, a link)."""
    shown = printable(text, limit)
    return shown if _LATIN.search(shown) else to_thai_digits(shown)


def thai_int(number: int | None) -> str:
    """๑,๒๓๔, or a dash for nothing known."""
    return NONE if number is None else to_thai_digits(f"{number:,}")


def thai_number(number: float | None) -> str:
    """๑,๒๓๔.๕ with as many decimals as it has, at most two."""
    if number is None:
        return NONE
    return to_thai_digits(f"{number:,.2f}".rstrip("0").rstrip("."))


def percent(part: int, whole: int) -> str:
    """๖๖.๗, or a dash when there is nothing to divide by."""
    return NONE if not whole else to_thai_digits(f"{100 * part / whole:.1f}")


def long_date(day: date) -> str:
    """๑๓ กุมภาพันธ์ ๒๕๖๗."""
    return to_thai_digits(thai_date(day, "long"))


def table_date(day: date) -> str:
    """๑๓ ก.พ. ๖๗."""
    return to_thai_digits(thai_date(day, "table"))


def date_and_time(instant: datetime) -> str:
    """๑๓ กุมภาพันธ์ ๒๕๖๗ เวลา ๐๙.๓๐ น., on a Thai clock."""
    local = instant.astimezone(BANGKOK)
    return f"{long_date(local.date())} เวลา {to_thai_digits(f'{local:%H.%M}')} น."


def clock_time(text: str | None) -> str:
    """๐๙.๓๐ from "09:30"."""
    return to_thai_digits(text.replace(":", ".")) if text else NONE


def distance(metres: float | None) -> str:
    """๔๒ เมตร, or ๑.๓ กิโลเมตร from a kilometre on."""
    if metres is None:
        return NONE
    if metres >= 1000:
        return to_thai_digits(f"{metres / 1000:,.1f} กิโลเมตร")
    return to_thai_digits(f"{metres:.0f} เมตร")


def quarter_name(quarter: str) -> str:
    """ไตรมาส ๒ ปีงบประมาณ พ.ศ. ๒๕๖๗."""
    parsed = Quarter.parse(quarter)
    return to_thai_digits(f"ไตรมาส {parsed.number} ปีงบประมาณ พ.ศ. {parsed.fiscal_year}")
