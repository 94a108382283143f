"""HEIF and AVIF from the outside: boxes within boxes; sizes stand in meta/iprp/ipco/ispe.

A sequence (msf1, avis) may say its size only in its track, moov/trak/tkhd.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.photos.header import Header, HeaderDamaged
from app.photos.items import boxes, read_items
from app.shared.media import HEIC_BRANDS

_FULL_BOX = 4  # version and flags before the contents


def read_heif(data: bytes, media_type: str) -> Header:
    """The largest size that any image property announces: the whole, not one of its tiles.

    Raises:
        HeaderDamaged: no size.
    """
    sizes = [_size(data, at) for at, end in _property_boxes(data) if end - at >= 12]
    sizes += list(_track_sizes(data))
    if not sizes:
        raise HeaderDamaged("no_size")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    exif, xmp = _notes(data)
    return Header(media_type, width, height, exif=exif, notes=xmp)


def unhooked(data: bytes) -> bytes:
    """The same file, of the same length, with its notes (EXIF, XMP, others) on no picture.

    The decoder has no use for them, and pi_heif 1.4 dies of one whose kind is not UTF-8 (a file
    of 567 bytes does it).  Notes hang on pictures by references called `cdsc`: these are renamed.
    """
    changed: bytearray | None = None
    if data[8:12] not in HEIC_BRANDS:  # a maker's own brand, which the decoder does not know
        changed = bytearray(data)
        changed[8:12] = b"mif1"
    for at, end in boxes(data, b"meta", 0, len(data)):
        for at_refs, end_refs in boxes(data, b"iref", at + _FULL_BOX, end):
            for at_ref, _end in boxes(data, b"cdsc", at_refs + _FULL_BOX, end_refs):
                changed = changed or bytearray(data)
                # behind the name, eight bytes may tell a size that did not fit before it
                name_at = at_ref - 4 if data[at_ref - 4 : at_ref] == b"cdsc" else at_ref - 12
                changed[name_at : name_at + 4] = b"skip"
    return bytes(changed) if changed else data


def _notes(data: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The EXIF blocks and the XMP of the first `meta` box."""
    for at, end in boxes(data, b"meta", 0, len(data)):
        return read_items(data, at + _FULL_BOX, end)
    return (), ()


def _track_sizes(data: bytes) -> Iterator[tuple[int, int]]:
    for at, end in boxes(data, b"moov", 0, len(data)):
        for at_track, end_track in boxes(data, b"trak", at, end):
            for _at, end_head in boxes(data, b"tkhd", at_track, end_track):
                # 16.16 numbers, the last eight bytes of the box
                width, height = data[end_head - 8 : end_head - 4], data[end_head - 4 : end_head]
                yield int.from_bytes(width, "big") >> 16, int.from_bytes(height, "big") >> 16


def _property_boxes(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each `ispe` box's contents start and end."""
    for at, end in boxes(data, b"meta", 0, len(data)):
        for at_props, end_props in boxes(data, b"iprp", at + _FULL_BOX, end):
            for at_list, end_list in boxes(data, b"ipco", at_props, end_props):
                yield from boxes(data, b"ispe", at_list, end_list)


def _size(data: bytes, at: int) -> tuple[int, int]:
    body = data[at + _FULL_BOX : at + _FULL_BOX + 8]
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:], "big")
