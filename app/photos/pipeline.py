"""From an original's bytes to what pages, packets and reviewers need.  Pure: bytes in, bytes out.

Runs only inside the fence (`app/shared/fence.py`), never in the web process.  The file is
decoded once, scaled while decoding where the coding allows it; the rendition feeds all the
rest.  Renditions are fresh pictures: no EXIF, XMP, ICC profile or comment can survive, because
only pixels are carried over.  Same bytes and words in, same bytes out.
"""

from __future__ import annotations

import logging
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TypeVar

import cv2
import pi_heif
from PIL import Image, ImageFile

from app.photos.boxes import unhooked
from app.photos.exif import PhotoFacts, read_facts
from app.photos.header import Header, HeaderDamaged
from app.photos.letters import NoLetters
from app.photos.measures import Measures, measure
from app.photos.pixels import THUMB_SIDE_PX, Pixels, Upright, fitted, scaled, upright
from app.photos.placeholder import blurhash
from app.photos.recipe import RECIPE
from app.photos.sniff import check_limits, pixel_cap, read_header
from app.photos.splice import NotSpliceable, encoded
from app.photos.stamp import stamped
from app.photos.stamp_words import StampWords, lines_of
from app.prints import features
from app.shared.fence import expect_picture
from app.shared.media import HEAD_BYTES, media_type_of

log = logging.getLogger(__name__)

__all__ = ["RECIPE", "Renditions", "Unreadable", "render"]

# Without the list Pillow opens EPS (through Ghostscript), BLP, FLI and more.
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
}
_ORIENTATION = 0x0112
_UPSIDE = range(1, 9)
_CV_NO_MEMORY = -4  # OpenCV's StsNoMem
# What decoders raise on damaged files.  Listed, so that a job's time-out passes through.
_DECODE_FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    cv2.error,
)
_EXTRA_FAULTS = (*_DECODE_FAULTS, MemoryError, NoLetters, NotSpliceable)

# One thread: a worker is one core's share, and threads cost it 80 MB for nothing.
pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
ImageFile.LOAD_TRUNCATED_IMAGES = False  # half a picture is shown as damaged, not as grey


class Unreadable(Exception):
    """No picture can be made of it; `code` says why, `facts` what its EXIF said all the same."""

    def __init__(self, code: str, facts: PhotoFacts | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Renditions:
    """What was made of one original: JPEGs, numbers about it, and its facts.

    `stamped` is None where no words were given; it, `placeholder`, `measures` and `keys` are
    None where they could not be made, and a flag among the facts says so.
    """

    view: bytes
    thumb: bytes
    stamped: bytes | None
    placeholder: str | None
    measures: Measures | None
    keys: list[int] | None
    facts: PhotoFacts


def render(data: bytes, *, expected_sha256: str, words: StampWords | None = None) -> Renditions:
    """Make the renditions, with a stamp where there are `words` for it, and read the facts.

    Raises:
        Unreadable: the bytes are not those that were received, or no decoder may or can read
            them.
    """
    if sha256(data).hexdigest() != expected_sha256:
        raise Unreadable("original_changed")
    header, facts = _examine(data)
    expect_picture(header.width * header.height)
    try:
        with _opened(data, header) as image:
            facts = _with_inner_facts(image, header, facts)
            found = upright(image, facts.orientation)
        return _made(found, facts, words)
    except MemoryError as error:
        raise Unreadable("too_much_memory", facts) from error
    except _DECODE_FAULTS as error:
        raise Unreadable(_code(error), facts) from error


def _made(found: Upright, facts: PhotoFacts, words: StampWords | None) -> Renditions:
    small = scaled(found.pixels, fitted(found.size, THUMB_SIDE_PX))
    view, thumb = Image.fromarray(found.pixels), Image.fromarray(small)
    jpeg, extra = encoded(view), _Extras(list(found.flags))
    stamp = None
    if words is not None:
        stamp = extra.tried("stamp_failed", partial(_stamp, view, jpeg, words, facts))
    looks = extra.tried("looks_failed", partial(_looks, small, facts))
    keys = extra.tried("prints_failed", partial(features.keys_of, thumb))
    placeholder, measures = looks or (None, None)
    facts = replace(facts, flags=(*facts.flags, *extra.flags))
    return Renditions(jpeg, encoded(thumb), stamp, placeholder, measures, keys, facts)


def _stamp(view: Image.Image, jpeg: bytes, words: StampWords, facts: PhotoFacts) -> bytes:
    return stamped(view, jpeg, lines_of(words, facts))


def _looks(thumb: Pixels, facts: PhotoFacts) -> tuple[str, Measures]:
    return blurhash(thumb), measure(thumb, (facts.width, facts.height))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Extras:
    """What is made beside the picture: where it fails, that is noted, and the photo goes on."""

    flags: list[str]

    def tried(self, flag: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except _EXTRA_FAULTS as error:
            log.warning("%s: %s", flag, type(error).__name__)
            self.flags.append(flag)
            return None


def _code(error: Exception) -> str:
    """OpenCV and libheif have errors of their own for memory that they did not get."""
    no_memory = isinstance(error, cv2.error) and error.code == _CV_NO_MEMORY
    no_memory = no_memory or str(error).startswith("Memory allocation error")
    return "too_much_memory" if no_memory else "damaged"


def _examine(data: bytes) -> tuple[Header, PhotoFacts]:
    """Header and facts, before any decoder is let near.  Raises Unreadable."""
    try:
        header = read_header(data)
    except HeaderDamaged as error:
        media_type = media_type_of(data[:HEAD_BYTES]) or "application/octet-stream"
        raise Unreadable(error.code, PhotoFacts(media_type)) from error
    facts = read_facts(header.media_type, header.exif, header.notes)
    facts = facts.sized(header.width, header.height)
    if problem := check_limits(header):
        raise Unreadable(problem, facts)
    return header, facts


@contextmanager
def _opened(data: bytes, header: Header) -> Iterator[Image.Image]:
    """The picture, opened by the one decoder its bytes ask for, under its own pixel cap."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = pixel_cap(header)
    try:
        with warnings.catch_warnings():
            # Pillow only warns up to twice its cap, and our answer is no.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # remarks on odd EXIF
            if header.media_type == "image/heic":
                data = unhooked(data)
            with Image.open(BytesIO(data), formats=(_FORMATS[header.media_type],)) as image:
                yield image
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _with_inner_facts(image: Image.Image, header: Header, facts: PhotoFacts) -> PhotoFacts:
    """Facts of containers whose turn, or EXIF, only their decoder finds (HEIC, AVIF)."""
    if header.media_type not in ("image/heic", "image/avif"):
        return facts
    block = image.info.get("exif") or b""
    if block and not header.exif:
        facts = read_facts(header.media_type, [block.removeprefix(b"Exif\0\0")], header.notes)
    # HEIC comes out of its decoder upright whatever EXIF says; AVIF's own turn is in getexif().
    turn = 1 if header.media_type == "image/heic" else image.getexif().get(_ORIENTATION, 1)
    turn = turn if turn in _UPSIDE else 1
    return replace(facts, orientation=turn).sized(*image.size)
