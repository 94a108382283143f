"""A person's traces in what others wrote: their name and number in captions, answers, reasons.

The words of a record that is about somebody else's work are evidence and stay; the person's own
name and number in them are hidden.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.shared.thai import ascii_digits

HIDDEN = "…"
_TITLES = re.compile(
    r"^(?:นางสาว|นาง|นาย|น\.\s*ส\.|ด\.\s*ช\.|ด\.\s*ญ\.|เด็กชาย|เด็กหญิง|คุณ|ครู|อาจารย์|พี่|ลุง|ป้า|Mr\.?|Mrs\.?|Ms\.?)\s*",
    re.IGNORECASE,
)
_SHORTEST = 3  # code points: a shorter part of a name is an ordinary word as often as not
_THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
_BETWEEN = r"[\s().\-\u2010-\u2015]*"


class Traces:
    """Finds a name (whole, or its given or family name alone) and a number in any spelling."""

    def __init__(self, name: str | None, phone: str | None) -> None:
        patterns = [*_of_name(name or ""), *_of_phone(phone or "")]
        self._found = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def hide(self, value: Any) -> Any:
        """`value` (text, or JSON of texts) without the person.  Untouched where they are not."""
        if self._found is None:
            return value
        if isinstance(value, str):
            return self._found.sub(HIDDEN, value)
        if isinstance(value, list | tuple):
            return [self.hide(each) for each in value]
        if isinstance(value, dict):
            return {key: self.hide(each) for key, each in value.items()}
        return value

    def clean(self, row: Any, columns: Iterable[str]) -> bool:
        """Hide the person in these columns of a row; tells whether anything was there."""
        touched = False
        for column in columns:
            before = getattr(row, column)
            if (after := self.hide(before)) != before:
                setattr(row, column, after)
                touched = True
        return touched


def _of_name(name: str) -> list[str]:
    plain = _TITLES.sub("", name.strip())
    parts = [part for part in plain.split() if len(part) >= _SHORTEST]
    whole = r"\s*".join(re.escape(part) for part in plain.split())
    return [p for p in (whole, *map(re.escape, parts)) if len(plain) >= _SHORTEST and p]


def _of_phone(phone: str) -> list[str]:
    number = ascii_digits(phone).partition(";")[0].strip()
    if not number.isdigit():
        return [re.escape(phone)] if len(phone) >= _SHORTEST else []
    digits = [f"[{digit}{_THAI_DIGITS[int(digit)]}]" for digit in number]
    abroad = r"(?:\+?6\s*6" + _BETWEEN + f"{digits[0]}?)" if number[0] == "0" else digits[0]
    first = f"(?:{abroad}|{digits[0]})"
    return [_BETWEEN.join((first, *digits[1:]))]


NOBODY = Traces(None, None)
