"""What programs noted in a picture's XMP (or IPTC) of when and where it was taken.

A second witness, heard only where EXIF says nothing.  The packet is never parsed as XML, so no
entity is expanded and nothing is fetched: a few named values are looked for, each of bounded
length.  A panorama's own angles (GPano) and others' dates play no part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MAX_PACKET_BYTES = 256 * 1024  # of XMP's head; the values stand in its first kilobytes
_IPTC_DAY = re.compile(rb"\x1c\x02\x37\x00\x08(\d{8})")
_IPTC_CLOCK = re.compile(rb"\x1c\x02\x3c\x00[\x06\x0b](\d{6})([+-]\d{4})?")
_TIMES = ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate")
_PLACES = ("exif:GPSLatitude", "exif:GPSLongitude")
# As an attribute, or as an element; the longest true value has 35 characters.
_VALUE = (
    r"""{name}(?:\s{{0,4}}=\s{{0,4}}(?:"([^"<>]{{1,40}})"|'([^'<>]{{1,40}})')|>([^<]{{1,40}})<)"""
)
_FINDERS = {name: re.compile(_VALUE.format(name=name).encode()) for name in (*_TIMES, *_PLACES)}
# "19,9,59.5N" or "19,9.9917N", as the standard says; "19.166N" as some programs say.
_DEGREES = re.compile(
    r"(\d{1,3}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?)?([NSEW])"
)


def written_time(packets: Sequence[bytes]) -> str:
    """When it was taken, as written (ISO 8601); empty where nothing says so."""
    found = (_found(packets, name) for name in _TIMES)
    return next((text for text in found if text), "") or _from_iptc(packets)


def written_place(packets: Sequence[bytes]) -> tuple[float, float] | None:
    """Latitude and longitude in signed degrees, in range or not; None where not both are there."""
    lat, lon = (_degrees(_found(packets, name)) for name in _PLACES)
    if lat is None or lon is None or lat[1] not in "NS" or lon[1] not in "EW":
        return None
    return lat[0] * (-1 if lat[1] == "S" else 1), lon[0] * (-1 if lon[1] == "W" else 1)


def _found(packets: Sequence[bytes], name: str) -> str:
    for packet in packets:
        match = _FINDERS[name].search(packet[:_MAX_PACKET_BYTES])
        if match:
            value: bytes = match[1] or match[2] or match[3]
            return value.decode("utf-8", "replace").strip()
    return ""


def _from_iptc(packets: Sequence[bytes]) -> str:
    """Day and time of creation: data sets 2:55 and 2:60 of IPTC, which have fixed lengths."""
    for packet in packets:
        head = packet[:_MAX_PACKET_BYTES]
        day, clock = _IPTC_DAY.search(head), _IPTC_CLOCK.search(head)
        if day and clock:
            date, time = day[1].decode(), clock[1].decode()
            return (
                f"{date[:4]}-{date[4:6]}-{date[6:]}T"
                f"{time[:2]}:{time[2:4]}:{time[4:]}{(clock[2] or b'').decode()}"
            )
    return ""


def _degrees(text: str) -> tuple[float, str] | None:
    match = _DEGREES.fullmatch(text.upper())
    if match is None:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in match.groups()[:3])
    if minutes > 60 or seconds > 60:
        return None
    return degrees + (minutes + seconds / 60) / 60, match[4]
