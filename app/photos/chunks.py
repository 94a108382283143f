"""PNG and WebP from the outside: chunks with a name and a length, one after the other."""

from __future__ import annotations

import re
import zlib
from binascii import Error as NoHex
from binascii import unhexlify
from collections.abc import Iterator

from app.photos.header import Header, HeaderDamaged

_MAX_CHUNKS = 20_000  # a PNG of 60 MP in 8 KiB pieces has about that many
_MAX_NOTE_BYTES = 4 * 1024 * 1024  # also what a compressed note may grow to
_MOST_NOTES = 8  # text chunks looked into; editors write a handful
_PROFILES = (b"Raw profile type exif", b"Raw profile type APP1")  # as ImageMagick writes them
_XMP_KEY = b"XML:com.adobe.xmp"
_WANTED = (b"eXIf", b"zTXt", b"tEXt", b"iTXt")


def read_png(data: bytes) -> Header:
    """Size (IHDR comes first), EXIF (eXIf, or a hex-coded text) and XMP of a PNG.

    Raises:
        HeaderDamaged: no size.
    """
    if data[12:16] != b"IHDR":
        raise HeaderDamaged("no_size")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    exif, xmp = _png_notes(data)
    return Header("image/png", width, height, exif=tuple(exif[:2]), notes=tuple(xmp[:2]))


def _png_notes(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """The EXIF blocks and the XMP packets; of texts only the first few are unpacked."""
    exif: list[bytes] = []
    xmp: list[bytes] = []
    notes = 0
    for name, body in _png_chunks(data):
        if name == b"eXIf":
            exif.append(body.removeprefix(b"Exif\0\0"))
        elif body.startswith((*_PROFILES, _XMP_KEY)) and notes < _MOST_NOTES:
            notes += 1
            key, text = _png_text(name, body)
            if key == _XMP_KEY:
                xmp.append(text)
            elif block := _from_hex(text):
                exif.append(block)
    return exif, xmp


def _png_text(name: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Key and text of a text chunk, unpacked; empty where it cannot be."""
    key, _, rest = body.partition(b"\0")
    if name == b"tEXt":
        return key, rest
    if name == b"zTXt":  # a byte names the only packing there is
        return key, _unpacked(rest[1:])
    packed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.partition(b"\0")[2].partition(b"\0")[2]  # behind language and translated key
    return key, _unpacked(text) if packed else text


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MAX_NOTE_BYTES)
    except zlib.error:
        return b""


def _from_hex(text: bytes) -> bytes:
    """A TIFF block out of ImageMagick's form: a name, a length, then lines of hex digits."""
    found = re.match(rb"\s*(?:exif|APP1|app1)\s+\d{1,9}\s+", text[:100])
    if found is None:
        return b""
    try:
        block = unhexlify(b"".join(text[found.end() :].split()))
    except (NoHex, ValueError):
        return b""
    return block.removeprefix(b"Exif\0\0")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    for _ in range(_MAX_CHUNKS):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4 or name == b"IEND":
            return
        # Only notes are of interest; pixel data is stepped over, not copied.
        yield name, data[at + 8 : at + 8 + min(length, _MAX_NOTE_BYTES)] if name in _WANTED else b""
        at += 12 + length


def read_webp(data: bytes) -> Header:
    """Size (of the canvas, or of the one picture), EXIF and XMP of a WebP.

    Raises:
        HeaderDamaged: no size.
    """
    sizes, exif, xmp = [], [], []
    for name, body in _riff_chunks(data):
        if name == b"EXIF":
            exif.append(body.removeprefix(b"Exif\0\0"))
        elif name == b"XMP ":
            xmp.append(body)
        elif size := _webp_size(name, body):
            sizes.append(size)
    if not sizes:
        raise HeaderDamaged("no_size")
    width, height = max(w for w, _ in sizes), max(h for _, h in sizes)
    return Header("image/webp", width, height, exif=tuple(exif[:2]), notes=tuple(xmp[:2]))


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(_MAX_CHUNKS):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if len(name) < 4:
            return
        taken = min(length, _MAX_NOTE_BYTES) if name in (b"EXIF", b"XMP ") else 16
        yield name, data[at + 8 : at + 8 + taken]
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
