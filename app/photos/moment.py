"""When a picture says it was taken, and by which clock.

The camera's clock rarely names its zone; then it is taken for Bangkok time and said so.
Years from 2400 on are Buddhist.  What is no date (month 13, 30 February) gives none and a flag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal

from app.photos.notes import written_time
from app.photos.tags import Tags, numbers, text
from app.shared.clock import BANGKOK, FIRST_BUDDHIST_YEAR, gregorian_year

TakenSource = Literal["exif", "exif_bangkok", "gps", "xmp", "exif_changed", "none"]
TAKEN_SOURCES: tuple[TakenSource, ...] = (
    "exif", "exif_bangkok", "gps", "xmp", "exif_changed", "none",
)  # fmt: skip

_OLDEST_YEAR = 1900  # a scanned print may be told its true age; before that it is rubbish
_FIRST_CAMERA_YEAR = 1995  # cameras whose battery died say 1970, 1980, 1990
_GPS_BEGAN = 1980
_CLOCKS_AGREE = timedelta(minutes=10)  # a cheap phone's drift
_STAMP = re.compile(
    r"(\d{4})[:/.\-]\s?(\d{1,2})[:/.\-]\s?(\d{1,2})[ T:]\s{0,2}"
    r"(\d{1,2})[:.]\s?(\d{1,2})(?:[:.]\s?(\d{1,2})(?:[.,](\d{0,9}))?)?"
    r"(?:\s?([AaPp])\.?[Mm]\.?)?\s?(Z|[+-]\d{1,2}:?\d{2})?"
)
_DAY = re.compile(r"(\d{4})[:/.\-]\s?(\d{1,2})[:/.\-]\s?(\d{1,2})")
_ZONE = re.compile(r"([+-])(\d{1,2}):?([0-5]\d)")
_LONGEST = 40  # characters; a stamp has 19


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC (or none), whose word it is, and what is doubtful about it.

    `zone` is where the camera's clock was taken to stand.
    """

    at: datetime | None = None
    source: TakenSource = "none"
    flags: tuple[str, ...] = ()
    zone: tzinfo = BANGKOK


@dataclass(frozen=True, slots=True)
class _Satellites:
    """The fix's own time, which is UTC; `at` is None where only its day can be read."""

    day: date
    at: datetime | None


def read_moment(tags: Tags, notes: Sequence[bytes] = ()) -> Moment:
    """When the shutter opened: the camera's word, else the satellites', a program's, the change's.

    Never raises on content.
    """
    satellites = _satellite_time(tags)
    flags: list[str] = []
    for name in ("Original", "Digitized"):
        shot = _camera_time(tags, name, flags)
        if shot:
            return _compared(shot, satellites)
    if satellites and satellites.at:
        return Moment(satellites.at, "gps", tuple(dict.fromkeys(flags)))
    noted = _read(written_time(notes), "", "", flags)
    if noted:
        return _compared(Moment(noted.at, "xmp", noted.flags, noted.zone), satellites)
    changed = _camera_time(tags, "", flags)
    if changed:
        return Moment(changed.at, "exif_changed", changed.flags)
    return Moment(flags=tuple(dict.fromkeys(flags)))


def _compared(shot: Moment, satellites: _Satellites | None) -> Moment:
    """The camera's moment, with what the satellites of the fix have to say to it."""
    if satellites is None or shot.at is None:
        return shot
    doubts = list(shot.flags)
    if satellites.at is None:
        stale = satellites.day != shot.at.date()
    elif abs(satellites.at - shot.at) <= _CLOCKS_AGREE:
        return shot
    else:
        doubts.append("time_gps_differs")
        days = (moment.astimezone(shot.zone).date() for moment in (satellites.at, shot.at))
        stale = len(set(days)) > 1
    if stale:
        doubts.append("gps_stale")  # the place may be that of another day
    return Moment(shot.at, shot.source, tuple(doubts), shot.zone)


def _camera_time(tags: Tags, kind: str, flags: list[str]) -> Moment | None:
    """The stamp of one kind (`Original`, `Digitized`, or empty: the last change).

    Some cameras and raw converters put it into the main folder.
    """
    name = f"DateTime{kind}"
    written = (kind and text(tags, f"EXIF {name}")) or text(tags, f"Image {name}")
    zone, fraction = f"EXIF OffsetTime{kind}", f"EXIF SubSecTime{kind}"
    return _read(written, text(tags, zone), text(tags, fraction), flags)


def _read(written: str, zone_written: str, fraction: str, flags: list[str]) -> Moment | None:
    """A stamp as an instant, or None; `flags` then says whether it was wrong or only blank."""
    written = written[:_LONGEST].strip()
    if not written.strip(" :"):
        return None
    match = _STAMP.fullmatch(written)
    local = _wall_clock(match, fraction) if match else None
    if match is None or local is None:
        flags.append("time_invalid")
        return None
    doubts = ["time_buddhist_year"] if int(match[1]) >= FIRST_BUDDHIST_YEAR else []
    if local.year < _FIRST_CAMERA_YEAR:
        doubts.append("time_clock_unset")
    zone = _zone(zone_written) or _zone(match[9] or "")
    if zone is None:
        doubts.append("time_zone_assumed")
    at = local.replace(tzinfo=zone or BANGKOK).astimezone(UTC)
    known = tuple(dict.fromkeys([*flags, *doubts]))
    return Moment(at, "exif" if zone else "exif_bangkok", known, zone or BANGKOK)


def _wall_clock(match: re.Match[str], fraction: str) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    year = gregorian_year(year)
    if match[8]:  # a clock of twelve hours
        hour = hour % 12 + (12 if match[8] in "Pp" else 0) if 1 <= hour <= 12 else hour
    part = match[7] or fraction
    micro = int(part[:6].ljust(6, "0")) if part[:6].isdecimal() else 0
    if year < _OLDEST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 - zone is next
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


def _satellite_time(tags: Tags) -> _Satellites | None:
    """The fix's own time.  A damaged one is silently none: it is only a witness."""
    match = _DAY.fullmatch(text(tags, "GPS GPSDate")[:_LONGEST])
    clock = numbers(tags, "GPS GPSTimeStamp")
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        midnight = datetime(gregorian_year(year), month, day, tzinfo=UTC)
        if midnight.year < _GPS_BEGAN:
            return None
        if clock is None:
            return _Satellites(midnight.date(), None)
        if len(clock) != 3 or clock[0] >= 25:
            return None
        at = midnight + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
    except (ValueError, OverflowError):
        return None
    return _Satellites(midnight.date(), at)
