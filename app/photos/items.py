"""Items of a HEIF container: where the EXIF block and the XMP of its first picture lie.

`meta/iinf` names the items, `meta/iloc` says where their bytes are, `meta/iref` which picture a
note describes and `meta/pitm` which picture comes first: a burst has a note for each.  Counts and
lengths are strangers' words: every loop is bounded, and what does not fit is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

_MAX_BOXES = 5_000  # a 48 MP iPhone picture of 512 px tiles has some hundreds of properties
_MAX_ITEMS = 5_000
_MAX_EXTENTS = 16  # of one item; cameras write one
_MOST_DESCRIBED = 64  # pictures that one note is about; the tiles of a grid are not named
_MAX_NOTE_BYTES = 4 * 1024 * 1024
_WANTED = {b"Exif": "exif", b"mime": "xmp"}
_XMP_TYPE = b"application/rdf+xml"

Where = list[tuple[int, int]]  # extents: start and length
Found = tuple[tuple[bytes, ...], tuple[bytes, ...]]


class Reader:
    """Big-endian numbers one after the other; past the end they are 0."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self.at, self.end = data, at, end

    def number(self, size: int) -> int:
        """The next `size` bytes as a number."""
        self.at += size
        return int.from_bytes(self._data[self.at - size : min(self.at, self.end)], "big")

    def text(self, size: int) -> bytes:
        """The next `size` bytes as they are."""
        self.at += size
        return self._data[self.at - size : min(self.at, self.end)]

    @property
    def is_over(self) -> bool:
        """Whether the end is reached."""
        return self.at >= self.end


def boxes(data: bytes, wanted: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the contents of each box of that name, between `at` and `end`, start and end."""
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


def read_items(data: bytes, at: int, end: int) -> Found:
    """The EXIF blocks (each a TIFF) and the XMP packets, two of each at most.

    `at` and `end` hold the contents of `meta`, behind its version.  Never raises on content.
    """
    kinds = _kinds(data, at, end)
    others = _about_others(data, at, end, set(kinds))
    kinds = {number: kind for number, kind in kinds.items() if number not in others} or kinds
    found: dict[str, list[bytes]] = {"exif": [], "xmp": []}
    for number, where in _places(data, at, end, kinds):
        if len(found[kinds[number]]) < 2:
            body = _body(data, where)
            if kinds[number] == "exif":
                body = body[4 + int.from_bytes(body[:4], "big") :].removeprefix(b"Exif\0\0")
            found[kinds[number]].append(body)
    return tuple(found["exif"]), tuple(found["xmp"])


def _body(data: bytes, where: Where) -> bytes:
    body = b""
    for start, length in where:
        body += data[start : start + min(length, _MAX_NOTE_BYTES - len(body))]
    return body


def _kinds(data: bytes, at: int, end: int) -> dict[int, str]:
    """The numbers of the items that are EXIF or XMP."""
    kinds: dict[int, str] = {}
    for at_info, end_info in boxes(data, b"iinf", at, end):
        first = at_info + (6 if data[at_info : at_info + 1] == b"\0" else 8)
        for at_item, end_item in boxes(data, b"infe", first, end_info):
            item = Reader(data, at_item, end_item)
            version = item.number(4) >> 24
            number = item.number(2 if version < 3 else 4)
            item.number(2)
            kind = item.text(4)
            is_note = kind == b"Exif" or _XMP_TYPE in data[item.at : end_item]
            if version >= 2 and kind in _WANTED and is_note:
                kinds[number] = _WANTED[kind]
    return kinds


def _about_others(data: bytes, at: int, end: int, notes: set[int]) -> set[int]:
    """Those of `notes` that say which picture they describe, and it is not the first one."""
    first: int | None = None
    for at_first, end_first in boxes(data, b"pitm", at, end):
        found = Reader(data, at_first, end_first)
        first = found.number(2 if found.number(4) >> 24 == 0 else 4)
    others = set()
    for at_refs, end_refs in boxes(data, b"iref", at, end):
        size = 2 if data[at_refs : at_refs + 1] == b"\0" else 4
        for at_ref, end_ref in boxes(data, b"cdsc", at_refs + 4, end_refs):
            found = Reader(data, at_ref, end_ref)
            note = found.number(size)
            count = min(found.number(2), _MOST_DESCRIBED)
            if note in notes and first not in [found.number(size) for _ in range(count)]:
                others.add(note)
    return others


def _places(data: bytes, at: int, end: int, wanted: dict[int, str]) -> Iterator[tuple[int, Where]]:
    """Number and extents of each wanted item."""
    idat = next(boxes(data, b"idat", at, end), (0, 0))[0]
    for at_place, end_place in boxes(data, b"iloc", at, end):
        place = Reader(data, at_place, end_place)
        version, sizes = place.number(4) >> 24, place.number(2)
        count = place.number(2 if version < 2 else 4)
        for _ in range(min(count, _MAX_ITEMS)):
            if place.is_over:
                break
            number, where = _extents(place, version, sizes, idat)
            if number in wanted:
                yield number, where


def _extents(place: Reader, version: int, sizes: int, idat: int) -> tuple[int, Where]:
    """One entry of `iloc`; its numbers are as wide as `sizes` (four nibbles) says."""
    offset_size, length_size = sizes >> 12, sizes >> 8 & 15
    base_size, index_size = sizes >> 4 & 15, sizes & 15 if version else 0
    number = place.number(2 if version < 2 else 4)
    method = place.number(2) & 15 if version else 0
    place.number(2)
    base = place.number(base_size) + (idat if method == 1 else 0)
    count = place.number(2)
    where: Where = []
    for _ in range(min(count, _MAX_EXTENTS)):
        place.number(index_size)
        where.append((base + place.number(offset_size), place.number(length_size)))
    place.at += max(0, count - _MAX_EXTENTS) * (index_size + offset_size + length_size)
    return number, where if method <= 1 else []
