"""What a JPEG says of itself, from its markers (ITU-T T.81, annex B): nothing is decoded."""

from __future__ import annotations

from dataclasses import dataclass

START, END = b"\xff\xd8\xff", b"\xff\xd9"
FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended and progressive: what a PDF can show
SCAN = 0xDA
BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
MOST_SIDE = 16_384


@dataclass(frozen=True, slots=True)
class Shape:
    """Width and height in pixels, and 1 (grey) or 3 (colour) channels of 8 bits."""

    width: int
    height: int
    channels: int


def shape_of(head: bytes, tail: bytes) -> Shape | None:
    """The shape of a picture from its file's beginning and its last two bytes.

    None: it is no whole JPEG, or one that a PDF could not show.
    """
    if not head.startswith(START) or tail != END:
        return None
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF or marker in BARE:  # 0xFF before a marker only fills
            at += 1 if marker == 0xFF else 2
            continue
        if marker in FRAMES:
            return _frame(head[at + 4 : at + 10])
        if marker == SCAN:
            return None
        at += 2 + int.from_bytes(head[at + 2 : at + 4])
    return None


def _frame(said: bytes) -> Shape | None:
    if len(said) < 6:
        return None
    height, width = int.from_bytes(said[1:3]), int.from_bytes(said[3:5])
    shape = Shape(width, height, said[5])
    sides = 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE
    return shape if sides and said[0] == 8 and shape.channels in (1, 3) else None
