"""Where a picture says it was taken, or why that cannot be believed.

Half a position is no position: a degree without its hemisphere, a 0/0, minutes of 75 all give
none and a flag.  A position that is only doubtful (void fix, poor fix, abroad) is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.photos.tags import Tags, numbers, text
from app.shared.geo import in_thailand, is_place

_POOR_FIX_M = 200.0  # a fix worse than a centre's radius cannot tell inside from outside
_POOR_DOP = 20.0  # dilution of precision from which receivers call a fix poor
_LAT, _LON = "GPS GPSLatitude", "GPS GPSLongitude"


@dataclass(frozen=True, slots=True)
class Place:
    """WGS 84 degrees (both or neither), the error the file admits, and where the lens pointed."""

    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    direction_deg: float | None = None
    flags: tuple[str, ...] = ()


def read_place(tags: Tags) -> Place:
    """The position in `tags`, exact to what exiftool reads.  Never raises."""
    direction = _direction(tags)
    if _LAT not in tags and _LON not in tags:
        return Place(direction_deg=direction)
    problem, lat, lon = _coordinates(tags)
    if problem:
        return Place(direction_deg=direction, flags=(problem,))
    accuracy = _accuracy(tags)
    return Place(lat, lon, accuracy, direction, tuple(_doubts(tags, lat, lon, accuracy)))


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
    parts = numbers(tags, name)
    if parts is None:
        return "gps_empty" if name in tags else "gps_malformed"
    if len(parts) != 3 or min(parts) < 0:
        return "gps_malformed"
    if parts[1] > 60 or parts[2] > 60:  # 60 itself is a rounded 59.99
        return "gps_out_of_range"
    letter = text(tags, f"{name}Ref")[:1].upper()
    if not letter or letter not in hemispheres:
        # A stripped position is all zeros with no letter: say that it was emptied.
        return "gps_no_hemisphere" if any(parts) else "gps_zero"
    degrees = parts[0] + (parts[1] + parts[2] / 60) / 60
    return -degrees if letter == hemispheres[1] else degrees


def _accuracy(tags: Tags) -> float | None:
    # GPSHPositioningError (metres); ExifRead has no name for it.
    error = numbers(tags, "GPS GPSHPositioningError") or numbers(tags, "GPS Tag 0x001F")
    return error[0] if error and error[0] >= 0 else None


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
