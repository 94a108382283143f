"""The JSON door: strict reading of one record, where `true` is not 1 and null is not consent.

The form door does the same for text typed by people.  Both end in one frozen draft, and the
same `check_*` judges it, so here only shapes are refused (`Malformed`), never values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NoReturn
from uuid import UUID

from app.shared.base64url import from_base64url
from app.shared.clock import gregorian_year
from app.shared.errors import Malformed
from app.shared.geo import Position
from app.shared.record import Capture
from app.shared.thai import clean_text

_LARGEST = 2**53 - 1  # beyond this a phone's own numbers are no longer whole
_LARGEST_SKEW_S = 2**31 - 1  # the column's limit, 68 years
_LONGEST_TEXT = 20_000  # characters; far above every rule, below what hurts
_LONGEST_LIST = 100
_LONGEST_VERSION = 40  # the column's limit
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
CAPTURE_FIELDS = frozenset(
    {"captured_at", "device_id", "clock_skew_s", "position", "programme_version"}
)
_POSITION_FIELDS = frozenset({"lat", "lon", "accuracy_m", "fix_age_s", "source"})
_SOURCES = ("device", "exif", "pin")


class JsonRecord:
    """One JSON object, read field by field.  Every reader raises `Malformed(field, expected)`."""

    def __init__(self, item: object, known: Collection[str], *, within: str = "") -> None:
        self._within = within
        if not isinstance(item, Mapping):
            raise Malformed(within.rstrip(".") or "record", "object")
        self._item: Mapping[str, object] = item
        for name in item:
            if name not in known:  # dropping what we do not know would lose it silently
                raise self._bad(str(name)[:40], "known field")

    def _bad(self, name: str, expected: str) -> Malformed:
        return Malformed(self._within + name, expected)

    def text(self, name: str, *, lines: bool = False) -> str | None:
        """Cleaned text; missing, null and blank are None."""
        value = self._item.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise self._bad(name, "text")
        return clean_text(value, lines=lines) or None

    def word(self, name: str) -> str:
        """A required key or code."""
        value = self.text(name)
        if value is None:
            raise self._bad(name, "text")
        return value

    def programme_version(self) -> str:
        """The required name of the programme file the record was filled under."""
        value = self.word("programme_version")
        if len(value) > _LONGEST_VERSION:
            raise self._bad("programme_version", "text")
        return value

    def typed(self, name: str, *, longest: int) -> str | None:
        """Text exactly as typed: a password is not ours to tidy.  Missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > longest:
            raise self._bad(name, f"text, at most {longest} characters")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of keys; missing and null are the empty list."""
        value = self._item.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > _LONGEST_LIST:
            raise self._bad(name, "list of text")
        if not all(isinstance(word, str) and len(word) <= _LONGEST_TEXT for word in value):
            raise self._bad(name, "list of text")
        return tuple(clean_text(word) for word in value)

    def whole(self, name: str) -> int | None:
        """A whole number; missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
            raise self._bad(name, "integer")
        return value

    def count(self, name: str) -> int:
        """A required whole number."""
        value = self.whole(name)
        if value is None:
            raise self._bad(name, "integer")
        return value

    def number(self, name: str) -> float | None:
        """A finite number, whole if it was sent so; missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._bad(name, "number")
        if not abs(value) <= _LARGEST:  # NaN too
            raise self._bad(name, "number")
        return value

    def hundredths(self, name: str) -> Decimal | None:
        """A number with at most two decimals; missing and null are None."""
        value = self.number(name)
        if value is None:
            return None
        exact = Decimal(repr(value))
        if exact != round(exact, 2):
            raise self._bad(name, "number with two decimals")
        return round(exact, 2)

    def flag(self, name: str) -> bool:
        """A required true or false."""
        value = self._item.get(name)
        if not isinstance(value, bool):
            raise self._bad(name, "boolean")
        return value

    def flag_or_none(self, name: str) -> bool | None:
        """True, false or, where missing or null, None."""
        return None if self._item.get(name) is None else self.flag(name)

    def day(self, name: str) -> date:
        """A required calendar day, `2024-02-13`."""
        value = self.day_or_none(name)
        if value is None:
            raise self._bad(name, "date")
        return value

    def day_or_none(self, name: str) -> date | None:
        """A calendar day; a Buddhist year is converted, even on 29 February 2567."""
        value = self._item.get(name)
        if value is None:
            return None
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        try:
            if match:
                return date(gregorian_year(int(match[1])), int(match[2]), int(match[3]))
        except ValueError:
            pass  # 30 February: answered below like any other non-date
        raise self._bad(name, "date")

    def instant(self, name: str) -> datetime:
        """A required instant with its offset, `2024-02-13T08:30:00.000+07:00`."""
        value = self._item.get(name)
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 2000 <= moment.year < 2400:
            raise self._bad(name, "instant with offset")
        return moment

    def clock(self, name: str) -> datetime | None:
        """What a device's clock says, however wrong (1970, or 2567); missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
            return moment.astimezone(UTC) if moment and moment.tzinfo else self._no_instant(name)
        except (ValueError, OverflowError):
            return self._no_instant(name)

    def _no_instant(self, name: str) -> NoReturn:
        raise self._bad(name, "instant with offset")

    def id(self, name: str) -> UUID:
        """A required UUID."""
        value = self.id_or_none(name)
        if value is None:
            raise self._bad(name, "UUID")
        return value

    def id_or_none(self, name: str) -> UUID | None:
        """A UUID in its usual 36 characters; missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, str) and len(value) == 36:
                return UUID(value)
        except ValueError:
            pass  # answered below
        raise self._bad(name, "UUID")

    def octets(self, name: str, *, longest: int) -> bytes | None:
        """Bytes as base64url without padding, at most `longest`; missing and null are None."""
        value = self._item.get(name)
        if value is None:
            return None
        found = None
        if isinstance(value, str) and len(value) <= 2 * longest:  # before any work is done
            found = from_base64url(value)
        if found is None or len(found) > longest:
            raise self._bad(name, f"base64url of at most {longest} bytes")
        return found

    def position(self, name: str) -> Position | None:
        """Where the device was, or None."""
        value = self._item.get(name)
        if value is None:
            return None
        spot = JsonRecord(value, _POSITION_FIELDS, within=f"{name}.")
        lat, lon, source = spot.number("lat"), spot.number("lon"), spot.word("source")
        if lat is None or lon is None:
            raise self._bad(name, "lat and lon")
        if source not in _SOURCES:
            raise self._bad(f"{name}.source", " or ".join(_SOURCES))
        accuracy_m, age_s = spot.number("accuracy_m"), spot.number("fix_age_s")
        return Position(lat, lon, accuracy_m, age_s, source)  # type: ignore[arg-type]

    def capture(self) -> Capture:
        """The fields of `CAPTURE_FIELDS` but the programme's version."""
        at = self.instant("captured_at")
        offset = at.utcoffset() or timedelta()
        skew_s = self.whole("clock_skew_s")
        if skew_s is not None and abs(skew_s) > _LARGEST_SKEW_S:
            raise self._bad("clock_skew_s", "integer")
        return Capture(
            at=at,
            offset_min=round(offset.total_seconds() / 60),
            position=self.position("position"),
            device_id=self.id_or_none("device_id"),
            clock_skew_s=skew_s,
        )
