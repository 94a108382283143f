"""PNG and WebP from the outside: chunks with a name and a length, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from app.photos.header import Header, HeaderDamaged

_MAX_CHUNKS = 20_000  # a PNG of 60 MP in 8 KiB pieces has about that many


def read_png(data: bytes) -> Header:
    """Size (IHDR comes first) and EXIF (eXIf may stand anywhere) of a PNG.

    Raises:
        HeaderDamaged: no size.
    """
    if data[12:16] != b"IHDR":
        raise HeaderDamaged("no_size")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    exif = tuple(body for name, body in _png_chunks(data) if name == b"eXIf")
    return Header("image/png", width, height, exif=exif[:2])


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    for _ in range(_MAX_CHUNKS):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4 or name == b"IEND":
            return
        # Only small chunks are of interest; pixel data is stepped over, not copied.
        yield name, data[at + 8 : at + 8 + length] if name == b"eXIf" else b""
        at += 12 + length


def read_webp(data: bytes) -> Header:
    """Size (of the canvas, or of the one picture) and EXIF of a WebP.

    Raises:
        HeaderDamaged: no size.
    """
    sizes, exif = [], []
    for name, body in _riff_chunks(data):
        if name == b"EXIF":
            exif.append(body.removeprefix(b"Exif\0\0"))
        elif size := _webp_size(name, body):
            sizes.append(size)
    if not sizes:
        raise HeaderDamaged("no_size")
    width, height = max(w for w, _ in sizes), max(h for _, h in sizes)
    return Header("image/webp", width, height, exif=tuple(exif[:2]))


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(_MAX_CHUNKS):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if len(name) < 4:
            return
        yield name, data[at + 8 : at + 8 + (length if name == b"EXIF" else 16)]
        at += 8 + length + length % 2


def _webp_size(name: bytes, body: bytes) -> tuple[int, int] | None:
    if len(body) < 10:
        return None
    match name:
        case b"VP8X":  # canvas, 24 bits each, minus one
            canvas = int.from_bytes(body[4:7], "little"), int.from_bytes(body[7:10], "little")
            return canvas[0] + 1, canvas[1] + 1
        case b"VP8L":  # 14 bits each, minus one, after a signature byte
            bits = int.from_bytes(body[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":  # 14 bits each (two more for scaling), after frame tag and start code
            side = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
            return side[0] & 0x3FFF, side[1] & 0x3FFF
    return None
