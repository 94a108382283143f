"""JPEG from the outside: its segments up to the end of the first picture.

Everything between two markers is skipped by searching for the next marker, in C; the number
of segments is bounded, so 40 MB of hostile markers cost milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.photos.header import Header, HeaderDamaged

_SOF_SEQUENTIAL = frozenset({0xC0, 0xC1, 0xC9})
_SOF_PROGRESSIVE = frozenset({0xC2, 0xCA})
_SOF_OTHER = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF})  # no decoder takes them
_SOS, _EOI, _APP1, _APP13, _SOI = 0xDA, 0xD9, 0xE1, 0xED, 0xD8
_MOST_NOTES = 4
_ALONE = frozenset({0x01, _SOI, *range(0xD0, 0xD8)})  # markers without a length
# exiftool takes it in any case, and behind up to four stray bytes; cameras write both.
_EXIF = re.compile(rb".{0,4}exif\0.", re.IGNORECASE | re.DOTALL)
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_IPTC = b"Photoshop 3.0\0"
# In coded data FF is always followed by 00 or by a restart marker (D0-D7).
# No `\xff+`: on a file of nothing but FF it would try every length from every place.
_NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_MAX_SEGMENTS = 2_000  # a camera writes some tens, and one per scan
_MAX_SCANS_COUNTED = 1_000  # beyond any limit of ours; why go on counting


@dataclass(slots=True)
class _Found:
    width: int = 0
    height: int = 0
    progressive: bool = False
    scans: int = 0
    exif: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)


def read_jpeg(data: bytes) -> Header:
    """Walk a JPEG's segments.  A cut-off file gives what was found, if that includes the size.

    Raises:
        HeaderDamaged: no size, a coding nobody reads, or segments without end.
    """
    found, at = _Found(), 2
    for _ in range(_MAX_SEGMENTS):
        marker = _NEXT_MARKER.search(data, at)
        if marker is None or marker[1][0] == _EOI or found.scans > _MAX_SCANS_COUNTED:
            break
        at = marker.end()
        if marker[1][0] not in _ALONE:
            at = _take_segment(data, at, marker[1][0], found)
    else:
        raise HeaderDamaged("too_many_segments")
    if not found.width or not found.height:
        raise HeaderDamaged("no_size")
    return Header(
        "image/jpeg",
        found.width,
        found.height,
        progressive=found.progressive,
        scans=found.scans,
        exif=tuple(found.exif),
        notes=tuple(found.notes[:_MOST_NOTES]),
    )


def _take_segment(data: bytes, at: int, marker: int, found: _Found) -> int:
    """Note what the segment at `at` says; returns where the next one may start."""
    length = int.from_bytes(data[at : at + 2], "big")
    body = data[at + 2 : at + max(length, 2)]
    if marker in _SOF_SEQUENTIAL or marker in _SOF_PROGRESSIVE:
        _take_frame(body, marker in _SOF_PROGRESSIVE, found)
    elif marker in _SOF_OTHER:
        raise HeaderDamaged("coding_unknown")
    elif marker == _SOS:
        found.scans += 1
    elif marker == _APP1:
        _take_notes(body, found)
    elif marker == _APP13 and body.startswith(_IPTC):
        found.notes.append(body)
    return at + max(length, 2)


def _take_frame(body: bytes, progressive: bool, found: _Found) -> None:
    if len(body) < 5:
        return
    # Two frames in one picture are a trap: believe the larger and the dearer.
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    found.width, found.height = max(found.width, width), max(found.height, height)
    found.progressive = found.progressive or progressive


def _take_notes(body: bytes, found: _Found) -> None:
    """Keep an EXIF block; one that does not start like a TIFF continues the block before it."""
    if body.startswith(_XMP):
        found.notes.append(body[len(_XMP) :])
        return
    name = _EXIF.match(body)
    if name is None:
        return
    block = body[name.end() :]
    if block[:2] in (b"II", b"MM") or not found.exif:
        found.exif.append(block)
    else:
        found.exif[-1] += block
