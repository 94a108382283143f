"""What a file is and how large its picture would be, told from its bytes without decoding.

Runs in the web process: it reads headers with bounds on every loop and never calls a decoder.
A 541-byte JPEG can ask for 1.4 GB of pixels and a 1 MB one for 39 s of CPU, so the promise of
the header is checked against `check_limits` before any decoder sees the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.photos.boxes import read_heif
from app.photos.chunks import read_png, read_webp
from app.photos.header import Header, HeaderDamaged
from app.photos.segments import read_jpeg
from app.shared.media import HEAD_BYTES, OTHER, media_type_of

MEGA = 1_000_000
# Baseline JPEG is decoded at a fraction of its size (a 200 MP phone picture takes 90 MB);
# everything else has to be held whole.  Both caps leave a 1 GiB process room to work.
MAX_PIXELS_SCALED = 220 * MEGA
MAX_PIXELS_WHOLE = 60 * MEGA
MAX_SIDE_PX = 30_000
MAX_SCANS = 100  # a progressive camera or web picture has about ten


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    extension: str


_KINDS = {
    kind.media_type: kind
    for kind in (
        _Kind("image/jpeg", "jpg"),
        _Kind("image/png", "png"),
        _Kind("image/webp", "webp"),
        _Kind("image/heic", "heic"),
        _Kind("image/avif", "avif"),
        _Kind(OTHER, "bin"),  # never a name that a computer would run or open by itself
    )
}


def extension_for(media_type: str) -> str:
    """The file name extension for a type we keep."""
    return _KINDS[media_type].extension


def read_header(data: bytes) -> Header:
    """Read size, coding and the EXIF block (where it lies open) of a picture.

    Raises:
        HeaderDamaged: `data` is no picture we take, or its header does not hold together.
    """
    match media_type_of(data[:HEAD_BYTES]):
        case "image/jpeg":
            return read_jpeg(data)
        case "image/png":
            return read_png(data)
        case "image/webp":
            return read_webp(data)
        case "image/heic" | "image/avif" as media_type:
            return read_heif(data, media_type)
    raise HeaderDamaged("not_a_picture")


def check_limits(header: Header) -> str | None:
    """The code of the first limit that the picture breaks, or None."""
    if header.width < 1 or header.height < 1:
        return "no_size"
    if max(header.width, header.height) > MAX_SIDE_PX:
        return "too_many_pixels"
    if header.width * header.height > pixel_cap(header):
        return "too_many_pixels"
    return "too_many_scans" if header.scans > MAX_SCANS else None


def pixel_cap(header: Header) -> int:
    """How many pixels a picture of this coding may have."""
    return MAX_PIXELS_SCALED if header.scales_while_decoding else MAX_PIXELS_WHOLE
