"""When a picture says it was taken, and by which clock.

The camera's clock rarely names its zone; then it is taken for Bangkok time and said so.
Years from 2400 on are Buddhist.  What is no date (month 13, 30 February) gives none and a flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from app.photos.tags import Tags, numbers, text
from app.shared.clock import BANGKOK, FIRST_BUDDHIST_YEAR, gregorian_year

TakenSource = Literal["exif", "exif_bangkok", "gps", "exif_changed", "none"]
TAKEN_SOURCES: tuple[TakenSource, ...] = ("exif", "exif_bangkok", "gps", "exif_changed", "none")

_OLDEST_YEAR = 1995  # cameras whose battery died say 1970, 1980, 1990
_CLOCKS_AGREE = timedelta(minutes=10)  # a cheap phone's drift
_STAMP = re.compile(
    r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{0,9})?)?"
)
_DAY = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")
_LONGEST = 40  # characters; a stamp has 19


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC (or none), whose word it is, and what is doubtful about it."""

    at: datetime | None = None
    source: TakenSource = "none"
    flags: tuple[str, ...] = ()


def read_moment(tags: Tags) -> Moment:
    """When the shutter opened: the camera's word, else the satellites', else the last change."""
    satellites = _satellite_time(tags)
    flags: list[str] = []
    for name in ("Original", "Digitized"):
        shot = _camera_time(tags, f"EXIF DateTime{name}", f"EXIF OffsetTime{name}", flags)
        if shot:
            return _compared(shot, satellites)
    if satellites:
        return Moment(satellites, "gps", tuple(flags))
    changed = _camera_time(tags, "Image DateTime", "EXIF OffsetTime", flags)
    if changed:
        return Moment(changed.at, "exif_changed", changed.flags)
    return Moment(flags=tuple(dict.fromkeys(flags)))


def _compared(shot: Moment, satellites: datetime | None) -> Moment:
    if satellites is None or shot.at is None or abs(satellites - shot.at) <= _CLOCKS_AGREE:
        return shot
    return Moment(shot.at, shot.source, (*shot.flags, "time_gps_differs"))


def _camera_time(tags: Tags, name: str, zone_name: str, flags: list[str]) -> Moment | None:
    written = text(tags, name)[:_LONGEST]
    if not written.strip(" :"):
        return None
    match = _STAMP.fullmatch(written)
    local = _wall_clock(match) if match else None
    if match is None or local is None:
        flags.append("time_invalid")
        return None
    doubts = ["time_buddhist_year"] if int(match[1]) >= FIRST_BUDDHIST_YEAR else []
    zone = _zone(text(tags, zone_name))
    if zone is None:
        doubts.append("time_zone_assumed")
    at = local.replace(tzinfo=zone or BANGKOK).astimezone(UTC)
    return Moment(at, "exif" if zone else "exif_bangkok", (*flags, *doubts))


def _wall_clock(match: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    year = gregorian_year(year)
    if year < _OLDEST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - zone comes next
    except ValueError:
        return None


def _zone(written: str) -> timezone | None:
    if written == "Z":
        return UTC
    match = _ZONE.fullmatch(written)
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if match[1] == "-" else offset)


def _satellite_time(tags: Tags) -> datetime | None:
    """The fix's own time, which is UTC.  A damaged one is silently none: it is only a witness."""
    day = _DAY.fullmatch(text(tags, "GPS GPSDate")[:_LONGEST])
    clock = numbers(tags, "GPS GPSTimeStamp")
    if not day or not clock or len(clock) != 3:
        return None
    year, month, date = (int(part) for part in day.groups())
    try:
        midnight = datetime(gregorian_year(year), month, date, tzinfo=UTC)
        return midnight + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
    except (ValueError, OverflowError):
        return None
