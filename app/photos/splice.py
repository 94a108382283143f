"""A band is set below a JPEG without coding its pixels again.

With a restart marker after every row of blocks a JPEG is a list of rows that know nothing of
each other (ITU-T T.81, F.1.1.5), so the rows of a second picture of the same width, made with
the same tables, can follow those of the first.  A row is 16 pixels high; where the first
picture ends within one, its last rows are coded again, together with the band.
"""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

JPEG_QUALITY = 80  # its loss (34 to 45 dB) hides that of the scaling, measured
ROW_PX = 16  # of blocks, colours halved both ways
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")  # in coded rows any other FF is followed by 00
_END = b"\xff\xd9"


class NotSpliceable(Exception):
    """The JPEG is none of `encoded`'s."""


def encoded(picture: Image.Image) -> bytes:
    """The picture (RGB) as a JPEG of nothing but pixels, a restart after every row."""
    target = BytesIO()
    picture.save(target, "JPEG", quality=JPEG_QUALITY, restart_marker_rows=1)
    return target.getvalue()


def with_band(jpeg: bytes, picture: Image.Image, band: Image.Image) -> bytes:
    """`jpeg`, which is `encoded(picture)`, with `band` (RGB, as wide) below it.

    Raises:
        NotSpliceable: it is not.
    """
    kept = picture.height // ROW_PX
    tail = Image.new("RGB", (picture.width, picture.height % ROW_PX + band.height))
    tail.paste(picture.crop((0, kept * ROW_PX, picture.width, picture.height)), (0, 0))
    tail.paste(band, (0, picture.height % ROW_PX))
    head, rows = _parted(jpeg)
    tail_head, tail_rows = _parted(encoded(tail))
    if len(rows) != -(-picture.height // ROW_PX) or _tables(head) != _tables(tail_head):
        raise NotSpliceable
    return b"".join(
        (_of_height(head, picture.height + band.height), *_marked(rows[:kept] + tail_rows), _END)
    )


def _parted(jpeg: bytes) -> tuple[bytes, list[bytes]]:
    """The head up to the first coded row, and the rows without their markers."""
    scan = jpeg.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(jpeg[scan + 2 : scan + 4], "big")
    if not jpeg.endswith(_END):
        raise NotSpliceable
    return jpeg[:start], _RESTART.split(jpeg[start : -len(_END)])


def _frame(head: bytes) -> int:
    """Where the frame header's height stands."""
    at = head.find(b"\xff\xc0\x00\x11")  # baseline, three components
    if at < 0:
        raise NotSpliceable
    return at + 5


def _tables(head: bytes) -> bytes:
    return _of_height(head, 0)


def _of_height(head: bytes, height: int) -> bytes:
    at = _frame(head)
    return head[:at] + height.to_bytes(2, "big") + head[at + 2 :]


def _marked(rows: list[bytes]) -> list[bytes]:
    """The rows with the markers between them, which count from 0 to 7 and round again."""
    markers = (bytes((0xFF, 0xD0 + number % 8)) for number in range(len(rows) - 1))
    return [part for pair in zip(rows, (*markers, b""), strict=True) for part in pair]
