"""HEIF and AVIF from the outside: boxes within boxes; sizes stand in meta/iprp/ipco/ispe."""

from __future__ import annotations

from collections.abc import Iterator

from app.photos.header import Header, HeaderDamaged

_MAX_BOXES = 5_000  # a 48 MP iPhone picture of 512 px tiles has some hundreds of properties
_FULL_BOX = 4  # version and flags before the contents


def read_heif(data: bytes, media_type: str) -> Header:
    """The largest size that any image property announces: the whole, not one of its tiles.

    Raises:
        HeaderDamaged: no size.
    """
    sizes = [_size(data, at) for at, end in _property_boxes(data) if end - at >= 12]
    if not sizes:
        raise HeaderDamaged("no_size")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Header(media_type, width, height)


def _property_boxes(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each `ispe` box's contents start and end."""
    for at, end in _boxes(data, b"meta", 0, len(data)):
        for at_props, end_props in _boxes(data, b"iprp", at + _FULL_BOX, end):
            for at_list, end_list in _boxes(data, b"ipco", at_props, end_props):
                yield from _boxes(data, b"ispe", at_list, end_list)


def _boxes(data: bytes, wanted: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    for _ in range(_MAX_BOXES):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4 or at >= end:
            return
        start = at + 8
        if size == 1:  # the size did not fit in 32 bits
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        box_end = end if size == 0 else min(at + size, end)
        if box_end < start:
            return
        if name == wanted:
            yield start, box_end
        at = box_end


def _size(data: bytes, at: int) -> tuple[int, int]:
    body = data[at + _FULL_BOX : at + _FULL_BOX + 8]
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:], "big")
