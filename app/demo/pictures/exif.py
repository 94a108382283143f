"""The marks a phone leaves in a picture: when, where, which way, with what.

Written with the tags that `app/photos` reads: CIPA DC-008 (Exif 2.32), sections 4.6.5 and 4.6.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

MAKE = "Lakthan Demo"
BUDDHIST_YEARS = 543  # a phone set to the Thai calendar writes 2567 for 2024


@dataclass(frozen=True)
class Fix:
    """Where the camera stood.  Degrees WGS 84, metres above the sea, degrees from north."""

    lat: float
    lon: float
    altitude_m: float
    direction_deg: float
    error_m: float


@dataclass(frozen=True)
class Shot:
    """The circumstances of one picture.  `taken_at` is aware, in the phone's own time zone."""

    taken_at: datetime | None
    fix: Fix | None = None
    model: str = "Field Phone 1"
    orientation: int = 1
    buddhist_year: bool = False


def exif_bytes(shot: Shot) -> bytes:
    """Return the EXIF block of `shot`, ready for a JPEG."""
    exif = Image.Exif()
    exif[Base.Make] = MAKE
    exif[Base.Model] = shot.model
    exif[Base.Orientation] = shot.orientation
    exif[Base.Software] = "Lakthan demo pictures"
    if shot.taken_at is not None:
        exif[Base.DateTime] = _stamp(shot)
        exif[IFD.Exif] = _times(shot)
    if shot.fix is not None:
        exif[IFD.GPSInfo] = _place(shot.fix, shot.taken_at)
    return exif.tobytes()


def _stamp(shot: Shot) -> str:
    taken = shot.taken_at
    if taken is None:
        return ""
    year = taken.year + (BUDDHIST_YEARS if shot.buddhist_year else 0)
    return f"{year:04d}:{taken:%m:%d %H:%M:%S}"


def _times(shot: Shot) -> dict[int, object]:
    stamp = _stamp(shot)
    offset = shot.taken_at.isoformat()[-6:] if shot.taken_at is not None else ""  # "+07:00"
    return {
        Base.ExifVersion: b"0232",
        Base.DateTimeOriginal: stamp,
        Base.DateTimeDigitized: stamp,
        Base.OffsetTime: offset,
        Base.OffsetTimeOriginal: offset,
        Base.OffsetTimeDigitized: offset,
        Base.FNumber: IFDRational(18, 10),
        Base.ExposureTime: IFDRational(1, 320),
        Base.ISOSpeedRatings: 100,
        Base.FocalLengthIn35mmFilm: 26,
    }


def _place(fix: Fix, taken: datetime | None) -> dict[int, object]:
    tags: dict[int, object] = {
        GPS.GPSVersionID: b"\x02\x03\x00\x00",
        GPS.GPSLatitudeRef: "N" if fix.lat >= 0 else "S",
        GPS.GPSLatitude: _sexagesimal(fix.lat),
        GPS.GPSLongitudeRef: "E" if fix.lon >= 0 else "W",
        GPS.GPSLongitude: _sexagesimal(fix.lon),
        GPS.GPSAltitudeRef: b"\x00",
        GPS.GPSAltitude: _rational(fix.altitude_m, 10),
        GPS.GPSImgDirectionRef: "T",
        GPS.GPSImgDirection: _rational(fix.direction_deg, 100),
        GPS.GPSHPositioningError: _rational(fix.error_m, 10),
    }
    return tags | (_gps_clock(taken) if taken is not None else {})


def _gps_clock(taken: datetime) -> dict[int, object]:
    """GPS time is UTC whatever the phone's calendar or zone says."""
    utc = taken - (taken.utcoffset() or taken - taken)
    return {
        GPS.GPSDateStamp: f"{utc:%Y:%m:%d}",
        GPS.GPSTimeStamp: tuple(
            IFDRational(part, 1) for part in (utc.hour, utc.minute, utc.second)
        ),
    }


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes, seconds; seconds to a thousandth, which is 3 cm."""
    thousandths = round(abs(degrees) * 3_600_000)
    whole, rest = divmod(thousandths, 3_600_000)
    minutes, seconds = divmod(rest, 60_000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 1000)


def _rational(value: float, per: int) -> IFDRational:
    return IFDRational(round(value * per), per)
