"""Where a picture says it was taken, or why that cannot be believed.

Half a position is no position: a degree without its hemisphere, a 0/0, minutes of 75 all give
none and a flag.  A position that is only doubtful (void fix, poor fix, abroad) is kept.
Directions are taken as they are, towards true or magnetic north: in Thailand the two differ by
less than two degrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.photos.notes import written_place
from app.photos.tags import Tags, numbers, numbers_or_none, text
from app.shared.geo import in_thailand, is_place

_POOR_FIX_M = 200.0  # a fix worse than a centre's radius cannot tell inside from outside
_POOR_DOP = 20.0  # dilution of precision from which receivers call a fix poor
_METRES_PER_DOP = 5.0  # the error of a civil receiver under open sky (gps.gov: 4.9 m at 95 %)
_WORST_FIX_M = 100_000.0  # beyond it a stated error is no measurement, and would excuse any place
_LAT, _LON = "GPS GPSLatitude", "GPS GPSLongitude"
_WRITTEN = re.compile(r"\d{1,3}(?:\.\d{1,12})?")
_WRITTEN_MAX = 40  # characters of a coordinate given as text


@dataclass(frozen=True, slots=True)
class Place:
    """WGS 84 degrees (both or neither), the error the file admits, and where the lens pointed."""

    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    direction_deg: float | None = None
    flags: tuple[str, ...] = ()


def read_place(tags: Tags, notes: Sequence[bytes] = ()) -> Place:
    """The position in `tags`, exact to what exiftool reads, else that in `notes`.  Never raises."""
    direction = _direction(tags)
    if _LAT not in tags and _LON not in tags:
        return _noted_place(notes, direction)
    problem, lat, lon = _coordinates(tags)
    if problem:
        return Place(direction_deg=direction, flags=(problem,))
    accuracy = _accuracy(tags)
    return Place(lat, lon, accuracy, direction, tuple(_doubts(tags, lat, lon, accuracy)))


def _noted_place(notes: Sequence[bytes], direction: float | None) -> Place:
    place = written_place(notes)
    if place is None:
        return Place(direction_deg=direction)
    if not is_place(*place):
        flag = "gps_zero" if place == (0.0, 0.0) else "gps_out_of_range"
        return Place(direction_deg=direction, flags=(flag,))
    abroad = [] if in_thailand(*place) else ["gps_outside_thailand"]
    return Place(*place, direction_deg=direction, flags=("gps_from_xmp", *abroad))


def _coordinates(tags: Tags) -> tuple[str | None, float, float]:
    lat, lon = _degrees(tags, _LAT, "NS"), _degrees(tags, _LON, "EW")
    for problem in (lat, lon):
        if isinstance(problem, str):
            return problem, 0.0, 0.0
    assert isinstance(lat, float) and isinstance(lon, float)  # noqa: S101 - narrows for mypy
    if lat == 0 and lon == 0:
        return "gps_zero", 0.0, 0.0
    return (None if is_place(lat, lon) else "gps_out_of_range"), lat, lon


def _degrees(tags: Tags, name: str, hemispheres: str) -> float | str:
    """One coordinate in signed degrees, or the code of what is wrong with it."""
    parts = _parts(tags, name)
    if parts is None:
        return "gps_empty" if name in tags else "gps_malformed"
    if len(parts) > 3 or min(parts) < 0:
        return "gps_malformed"
    parts = [*parts, 0.0, 0.0][:3]  # degrees alone, or degrees and minutes, are whole answers
    if parts[1] > 60 or parts[2] > 60:  # 60 itself is a rounded 59.99
        return "gps_out_of_range"
    letter = text(tags, f"{name}Ref")[:1].upper()
    if not letter or letter not in hemispheres:
        # A stripped position is all zeros with no letter: say that it was emptied.
        return "gps_no_hemisphere" if any(parts) else "gps_zero"
    degrees = parts[0] + (parts[1] + parts[2] / 60) / 60
    return -degrees if letter == hemispheres[1] else degrees


def _parts(tags: Tags, name: str) -> list[float] | None:
    """Degrees, minutes, seconds as far as they are written; None where one of them is nothing."""
    written = text(tags, name)[:_WRITTEN_MAX]
    if written and not numbers_or_none(tags, name):  # some programs write a text
        return [float(part) for part in _WRITTEN.findall(written)] or None
    return numbers(tags, name)


def _accuracy(tags: Tags) -> float | None:
    """Metres: the error the receiver states, else one worked out from its dilution of precision."""
    # GPSHPositioningError; ExifRead has no name for it.
    error = numbers(tags, "GPS GPSHPositioningError") or numbers(tags, "GPS Tag 0x001F")
    if error and 0 < error[0] <= _WORST_FIX_M:
        return error[0]
    dop = numbers(tags, "GPS GPSDOP")
    if dop and 0 < dop[0] * _METRES_PER_DOP <= _WORST_FIX_M:
        return dop[0] * _METRES_PER_DOP
    return None


def _doubts(tags: Tags, lat: float, lon: float, accuracy_m: float | None) -> list[str]:
    doubts = []
    if text(tags, "GPS GPSStatus")[:1].upper() == "V":
        doubts.append("gps_void")
    dop = numbers(tags, "GPS GPSDOP")
    if (accuracy_m or 0) > _POOR_FIX_M or (dop and dop[0] > _POOR_DOP):
        doubts.append("gps_imprecise")
    if not in_thailand(lat, lon):
        doubts.append("gps_outside_thailand")
    return doubts


def _direction(tags: Tags) -> float | None:
    found = numbers(tags, "GPS GPSImgDirection")
    return found[0] if found and 0 <= found[0] <= 360 else None
