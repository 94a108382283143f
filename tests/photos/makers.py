"""Pictures with exactly the faults a test is about: EXIF written by hand, headers that lie."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms

ASCII, SHORT, LONG, RATIONAL, SRATIONAL, DOUBLE = 2, 3, 4, 5, 10, 12
MAKE, MODEL, ORIENTATION, CHANGED = 0x010F, 0x0110, 0x0112, 0x0132
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN, DIGITIZED, ZONE_TAKEN = 0x9003, 0x9004, 0x9011
LAT_REF, LAT, LON_REF, LON, GPS_CLOCK, GPS_STATUS = 1, 2, 3, 4, 7, 9
GPS_DOP, DIRECTION, GPS_DAY, GPS_ERROR = 0x0B, 0x11, 0x1D, 0x1F


@dataclass(frozen=True)
class Tag:
    """One entry of an EXIF folder, with whatever type and count the test wants."""

    number: int
    kind: int
    count: int
    value: bytes


class Ink:
    """Writes EXIF values in one byte order."""

    def __init__(self, order: str = "<") -> None:
        self.order = order

    def text(self, number: int, value: str | bytes) -> Tag:
        raw = (value.encode() if isinstance(value, str) else value) + b"\0"
        return Tag(number, ASCII, len(raw), raw)

    def short(self, number: int, *values: int) -> Tag:
        return Tag(number, SHORT, len(values), struct.pack(f"{self.order}{len(values)}H", *values))

    def long(self, number: int, *values: int) -> Tag:
        return Tag(number, LONG, len(values), struct.pack(f"{self.order}{len(values)}I", *values))

    def ratio(self, number: int, *pairs: tuple[int, int]) -> Tag:
        flat = [part for pair in pairs for part in pair]
        return Tag(number, RATIONAL, len(pairs), struct.pack(f"{self.order}{len(flat)}I", *flat))

    def signed_ratio(self, number: int, *pairs: tuple[int, int]) -> Tag:
        flat = [part for pair in pairs for part in pair]
        return Tag(number, SRATIONAL, len(pairs), struct.pack(f"{self.order}{len(flat)}i", *flat))

    def double(self, number: int, *values: float) -> Tag:
        return Tag(number, DOUBLE, len(values), struct.pack(f"{self.order}{len(values)}d", *values))

    def place(
        self, lat: Sequence[tuple[int, int]], ns: str, lon: Sequence[tuple[int, int]], ew: str
    ) -> list[Tag]:
        return [
            self.text(LAT_REF, ns),
            self.ratio(LAT, *lat),
            self.text(LON_REF, ew),
            self.ratio(LON, *lon),
        ]


INK = Ink()
PHAYAO_LAT = ((19, 1), (9, 1), (591234, 10000))  # 19.16642316...
PHAYAO_LON = ((99, 1), (54, 1), (15, 10))  # 99.90041666...
PHAYAO = INK.place(PHAYAO_LAT, "N", PHAYAO_LON, "E")
MORNING = [INK.text(TAKEN, "2024:02:13 09:30:00")]


def exif(
    main: Sequence[Tag] = (), taken: Sequence[Tag] = (), gps: Sequence[Tag] = (), order: str = "<"
) -> bytes:
    """A TIFF block: main folder, then the EXIF and the GPS folder where they hold anything."""
    ink = Ink(order)
    start = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    main_size = _folder_size([*main, *([INK.long(0, 0)] * (bool(taken) + bool(gps)))])
    pointers, after = [], 8 + main_size
    if taken:
        pointers.append(ink.long(EXIF_IFD, after))
        after += _folder_size(taken)
    if gps:
        pointers.append(ink.long(GPS_IFD, after))
    body, at = b"", 8
    for folder in ([*main, *pointers], taken, gps):
        if folder:
            written = _folder(folder, at, order)
            body, at = body + written, at + len(written)
    return start + body


def _folder_size(tags: Sequence[Tag]) -> int:
    return 2 + 12 * len(tags) + 4 + sum(len(t.value) for t in tags if len(t.value) > 4)


def _folder(tags: Sequence[Tag], at: int, order: str) -> bytes:
    head = struct.pack(f"{order}H", len(tags))
    tail, tail_at = b"", at + 2 + 12 * len(tags) + 4
    for tag in tags:
        head += struct.pack(f"{order}HHI", tag.number, tag.kind, tag.count)
        if len(tag.value) <= 4:
            head += tag.value.ljust(4, b"\0")
        else:
            head += struct.pack(f"{order}I", tail_at + len(tail))
            tail += tag.value
    return head + b"\0\0\0\0" + tail


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg(
    *blocks: bytes, picture: Image.Image | None = None, quality: int = 80, **options: object
) -> bytes:
    """A JPEG with these EXIF blocks, each in an APP1 of its own."""
    target = io.BytesIO()
    (picture or scene()).save(target, "JPEG", quality=quality, **options)
    data = target.getvalue()
    return data[:2] + b"".join(segment(0xE1, b"Exif\0\0" + b) for b in blocks) + data[2:]


def scene(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right: tells every turn."""
    width, height = size[0] // 2, size[1] // 2
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, width, height))
    picture.paste("lime", (width, 0, size[0], height))
    picture.paste("blue", (0, height, width, size[1]))
    return picture


def grassy(size: tuple[int, int]) -> Image.Image:
    """Edges and a sensor's noise everywhere, at every scale: what a drawing has not."""
    picture, dice = Image.new("L", size, 128), random.Random(4)
    for cells in (8, 32, 128):
        clouds = Image.frombytes("L", (cells, cells), dice.randbytes(cells * cells))
        clouds = clouds.resize(size, Image.Resampling.BICUBIC)
        picture = Image.blend(picture, clouds, 0.5)
    return picture.convert("RGB")


def stored_as(picture: Image.Image, orientation: int) -> Image.Image:
    """How a camera held in that way stores `picture` so that the tag turns it back."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    return picture if undo is None else picture.transpose(undo)


def container(
    form: str, block: bytes = b"", picture: Image.Image | None = None, **more: object
) -> bytes:
    """PNG, WEBP or AVIF by Pillow, with an EXIF block."""
    target = io.BytesIO()
    options = {"exif": b"Exif\0\0" + block} if block else {}
    (picture or scene()).save(target, form, **options, **more)
    return target.getvalue()


def heic(block: bytes = b"", picture: Image.Image | None = None) -> bytes:
    """A HEIC; an orientation in `block` becomes the container's own turn (irot), as on phones."""
    target = io.BytesIO()
    file = pillow_heif.from_pillow(picture or scene((128, 96)))
    options = {"exif": b"Exif\0\0" + block} if block else {}
    file.save(target, quality=80, **options)
    return target.getvalue()


DISPLAY_P3 = {  # the primaries in the profile's own space (D50), as in an iPhone's files
    "r": (0.51512, 0.24120, -0.00105),
    "g": (0.29198, 0.69225, 0.04189),
    "b": (0.15710, 0.06657, 0.78407),
}


def profile(primaries: dict[str, tuple[float, float, float]] = DISPLAY_P3) -> bytes:
    """An ICC profile of a screen with these primaries and sRGB's curve."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for name, colour in primaries.items():
        entry = data.index(f"{name}XYZ".encode())
        at = int.from_bytes(data[entry + 4 : entry + 8], "big") + 8
        data[at : at + 12] = struct.pack(">3i", *(round(part * 65536) for part in colour))
    for coding in ("ascii", "utf-16-be"):  # same length: the offsets after it stay right
        data = data.replace("sRGB".encode(coding), "Test".encode(coding))
    return bytes(data)


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that promises a picture and holds next to nothing."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _png_chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _png_chunk(b"IEND", b"")
    )


def png_with(name: bytes, body: bytes) -> bytes:
    """A small true PNG with one more chunk after its header."""
    data = container("PNG")
    return data[:33] + _png_chunk(name, body) + data[33:]


XMP = (
    b"<x:xmpmeta><rdf:RDF><rdf:Description exif:GPSLatitude='19,9.98539N' "
    b"exif:GPSLongitude='99,54.025E' exif:DateTimeOriginal='2024-02-13T09:30:00+07:00'/>"
    b"</rdf:RDF></x:xmpmeta>"
)


def raw_profile(block: bytes) -> bytes:
    """The body of a zTXt chunk in which ImageMagick keeps an EXIF block: hex digits, packed."""
    body = b"Exif\0\0" + block
    text = b"\nexif\n%8d\n" % len(body) + body.hex().encode() + b"\n"
    return b"Raw profile type exif\0\0" + zlib.compress(text)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def jpeg_of_size(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A small true JPEG whose header now says another size."""
    data = bytearray(jpeg(progressive=progressive))
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_with_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + b"\xff\xd9"


def heif_header_only(width: int, height: int, brand: bytes = b"heic") -> bytes:
    """Boxes that announce a size, and no picture."""
    ispe = box(b"ispe", b"\0" * 4 + struct.pack(">II", width, height))
    meta = box(b"meta", b"\0" * 4 + box(b"iprp", box(b"ipco", ispe)))
    return box(b"ftyp", brand + b"\0" * 4 + b"mif1" + brand) + meta


def box(name: bytes, body: bytes) -> bytes:
    """One box of a HEIF container."""
    return (8 + len(body)).to_bytes(4, "big") + name + body


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP that announces a canvas, and holds no picture."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + (10).to_bytes(4, "little") + b"\0" * 4 + canvas
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk
