"""Placeholders: tiny JPEGs that stand for the photos while Typst sets the pages.

Typst decodes and keeps every picture it sets (6.3 MB for a page of photos).  So it gets a flat
grey of the same shape and the same channels, 16 pixels long, whose comment says which photo it
stands for.  Typst copies a JPEG's bytes into the PDF as they are, comment and all; when the
report is bound, the real photo takes the place of each object that carries such a comment.
"""

from __future__ import annotations

import functools
import io
import re

from PIL import Image

from app.packets.parts import CheckedFile

LONG_SIDE = 16  # pixels
GREY = 225
MARKER = re.compile(rb"\xff\xd8\xff\xfe\x00\x4alakthan:([0-9a-f]{64})")


class Placeholders:
    """The placeholders of one document, one behind the other: a file for each took longer."""

    def __init__(self) -> None:
        """Begin without any."""
        self._data = bytearray()
        self._places: dict[str, tuple[int, int]] = {}

    def place(self, photo: CheckedFile) -> tuple[int, int]:
        """Where the placeholder of `photo` begins and ends in `data`."""
        if photo.sha256 not in self._places:
            start = len(self._data)
            self._data += placeholder(photo)
            self._places[photo.sha256] = start, len(self._data)
        return self._places[photo.sha256]

    @property
    def data(self) -> bytes:
        """All of them."""
        return bytes(self._data)


def placeholder(photo: CheckedFile) -> bytes:
    """The JPEG that stands for `photo`: same shape, same channels, named in its comment."""
    longest = max(photo.width, photo.height, 1)
    size = tuple(max(1, round(LONG_SIDE * side / longest)) for side in (photo.width, photo.height))
    flat = _flat(size[0], size[1], "L" if photo.channels == 1 else "RGB")
    comment = b"lakthan:" + photo.sha256.encode()
    return b"".join(
        (flat[:2], b"\xff\xfe", (len(comment) + 2).to_bytes(2, "big"), comment, flat[2:])
    )


def marked(jpeg: bytes | memoryview) -> str | None:
    """The SHA-256 of the photo that a placeholder stands for; None for any other bytes."""
    found = MARKER.match(jpeg)
    return found[1].decode() if found else None


@functools.lru_cache(maxsize=256)
def _flat(width: int, height: int, mode: str) -> bytes:
    grey = GREY if mode == "L" else (GREY, GREY, GREY)
    drawn = io.BytesIO()
    Image.new(mode, (width, height), grey).save(drawn, "JPEG", quality=60)
    return drawn.getvalue()
