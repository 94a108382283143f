"""EXIF tags of one TIFF block, read by ExifRead under a ration.

ExifRead is given nothing but the TIFF block: its own container readers can be led round in
circles (a 40-byte HEIC loops for ever).  Within the block a pointer may still lead anywhere
and a count may say anything, so every read is counted, and a bad tag costs only itself.
"""

from __future__ import annotations

import io
import logging
import math
import struct
from collections.abc import Mapping
from fractions import Fraction

from exifread.core.exceptions import ExifError
from exifread.core.exif_header import ExifHeader
from exifread.core.ifd_tag import IfdTag

Tags = Mapping[str, IfdTag]

_MAX_BLOCK_BYTES = 4 * 1024 * 1024  # maker notes with a preview reach some hundred KiB
_MAX_READS = 60_000  # a camera's block takes 1 000 to 4 000
_MAX_READ_BYTES = 8 * 1024 * 1024
# What ExifRead was seen to raise on damaged blocks.  Listed, so that a job's time-out, which
# arrives as an exception too, is never taken for a bad tag.
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ExifError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)

# It logs pieces of the file; those are strangers' words and do not belong in our log.
logging.getLogger("exifread").setLevel(logging.CRITICAL)


class _RationSpent(Exception):
    """The block asked for more reading than any camera's does."""


class _Rationed(io.BytesIO):
    """A file in memory that can be read only so often and so much."""

    def __init__(self, block: bytes) -> None:
        super().__init__(block)
        self.reads_left, self.bytes_left = _MAX_READS, _MAX_READ_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and count."""
        data = super().read(size)
        self.reads_left -= 1
        self.bytes_left -= len(data)
        if self.reads_left < 0 or self.bytes_left < 0:
            raise _RationSpent
        return data


class _PatientReader(ExifHeader):
    """ExifRead's reader, but a tag it cannot read is left out instead of ending everything."""

    damaged = False

    def _process_tag(self, *args: object, **kwargs: object) -> None:
        try:
            super()._process_tag(*args, **kwargs)  # type: ignore[arg-type]
        except _FAULTS:
            self.damaged = True


def read_tags(block: bytes) -> tuple[Tags, bool]:
    """The tags of a TIFF block (main, EXIF and GPS folders), and whether it was damaged.

    Names are ExifRead's: `Image Make`, `EXIF DateTimeOriginal`, `GPS GPSLatitude`.  Maker notes
    and thumbnails are never looked at.  Never raises on content.
    """
    if block[:2] not in (b"II", b"MM"):
        return {}, True
    reader = _PatientReader(
        _Rationed(block[:_MAX_BLOCK_BYTES]),
        endian=chr(block[0]),
        offset=0,
        fake_exif=0,
        strict=False,
        detailed=False,
    )
    try:
        reader.dump_ifd(reader.s2n(4, 4), "Image")
        if pointer := numbers(reader.tags, "Image ExifOffset"):
            reader.dump_ifd(int(pointer[0]), "EXIF")
    except (*_FAULTS, _RationSpent):
        reader.damaged = True
    return reader.tags, reader.damaged


def numbers(tags: Tags, name: str) -> list[float] | None:
    """A tag's values as finite numbers, or None: no such tag, or one value is no number."""
    found = numbers_or_none(tags, name)
    return None if None in found or not found else [v for v in found if v is not None]


def numbers_or_none(tags: Tags, name: str) -> list[float | None]:
    """A tag's values, each a finite number or None (0/0, not a number); empty: no such tag."""
    values = _values(tags, name)
    return [_number(value) for value in values] if isinstance(values, list) else []


def text(tags: Tags, name: str) -> str:
    """A tag's text up to its first NUL, outer blanks cut; empty when there is none.

    Some writers give the type as bytes (BYTE, UNDEFINED) or use a code page of their own.
    """
    values = _values(tags, name)
    if isinstance(values, list) and all(_is_byte(value) for value in values):
        values = bytes(values)
    if isinstance(values, bytes):
        values = values.decode("latin-1")
    return values.partition("\0")[0].strip() if isinstance(values, str) else ""


def _is_byte(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= 255


def _values(tags: Tags, name: str) -> object:
    tag = tags.get(name)
    return None if tag is None else tag.values


def _number(value: object) -> float | None:
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]  # ExifRead hands floats over as struct unpacked them
    if isinstance(value, Fraction) and value.denominator == 0:
        return None  # 0/0 is how a stripped position often looks
    if not isinstance(value, int | float | Fraction):
        return None
    number = float(value)
    return number if math.isfinite(number) else None
