"""From an original's bytes to what pages and packets show.  Pure: bytes in, bytes out.

Runs only inside the fence (`app/shared/fence.py`), never in the web process.  The file is
decoded once, scaled while decoding where the coding allows it; the rendition feeds the
thumbnail.  Renditions are fresh pictures: no EXIF, XMP, ICC profile or comment can survive,
because only pixels are carried over.  Same bytes in, same bytes out.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO

import pi_heif
from PIL import Image, ImageFile

from app.photos.exif import PhotoFacts, read_facts
from app.photos.header import Header, HeaderDamaged
from app.photos.sniff import check_limits, pixel_cap, read_header
from app.shared.media import HEAD_BYTES, media_type_of

RECIPE = 1  # grows when renditions would come out differently; `flask photo reprocess` follows
VIEW_SIDE_PX = 1600
THUMB_SIDE_PX = 320
JPEG_QUALITY = 80  # its loss (38 dB) hides that of the fast scaling (46 dB), measured

# Without the list Pillow opens EPS (through Ghostscript), BLP, FLI and more.
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
_PAPER = (255, 255, 255)  # what shows through a transparent picture
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
)

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
    """What was made of one original: two JPEGs, and its facts."""

    view: bytes
    thumb: bytes
    facts: PhotoFacts


def render(data: bytes, *, expected_sha256: str) -> Renditions:
    """Make the rendition and the thumbnail, and read the facts.

    Raises:
        Unreadable: the bytes are not those that were received, or no decoder may or can read
            them.
    """
    if sha256(data).hexdigest() != expected_sha256:
        raise Unreadable("original_changed")
    header, facts = _examine(data)
    try:
        with _opened(data, header) as image:
            facts = _with_inner_facts(image, header, facts)
            view = _scaled(image, facts.orientation)
    except MemoryError as error:
        raise Unreadable("too_much_memory", facts) from error
    except _DECODE_FAULTS as error:
        raise Unreadable("damaged", facts) from error
    thumb = view.resize(
        _fitted(view.size, THUMB_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    return Renditions(_encoded(view), _encoded(thumb), facts)


def _examine(data: bytes) -> tuple[Header, PhotoFacts]:
    """Header and facts, before any decoder is let near.  Raises Unreadable."""
    try:
        header = read_header(data)
    except HeaderDamaged as error:
        media_type = media_type_of(data[:HEAD_BYTES]) or "application/octet-stream"
        raise Unreadable(error.code, PhotoFacts(media_type)) from error
    facts = read_facts(header.media_type, header.exif).sized(header.width, header.height)
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
            with Image.open(BytesIO(data), formats=(_FORMATS[header.media_type],)) as image:
                yield image
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _with_inner_facts(image: Image.Image, header: Header, facts: PhotoFacts) -> PhotoFacts:
    """Facts of containers whose EXIF only their decoder finds (HEIC, AVIF)."""
    if header.media_type not in ("image/heic", "image/avif"):
        return facts
    block = image.info.get("exif") or b""
    blocks = [block.removeprefix(b"Exif\0\0")] if block else []
    facts = read_facts(header.media_type, blocks)
    # HEIC comes out of its decoder upright whatever EXIF says; AVIF's own turn is in getexif().
    turn = 1 if header.media_type == "image/heic" else image.getexif().get(_ORIENTATION, 1)
    turn = turn if turn in _TURNS else 1
    return replace(facts, orientation=turn).sized(*image.size)


def _scaled(image: Image.Image, orientation: int) -> Image.Image:
    """The rendition's pixels, upright, in a picture that knows nothing else."""
    size = _fitted(image.size, VIEW_SIDE_PX)
    image.draft("RGB", size)  # JPEG only: decodes at 1/2, 1/4, 1/8
    image.load()
    factor = min(image.width // size[0], image.height // size[1])
    pixels = image.reduce(factor) if factor > 1 and image.mode in _REDUCIBLE else image
    pixels = _on_paper(pixels)
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.HAMMING)
    # Turning 2 megapixels instead of 12 saves nine tenths of the work.
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
    fresh = Image.new("RGB", pixels.size)
    fresh.paste(pixels)
    return fresh


_REDUCIBLE = frozenset({"RGB", "RGBA", "L"})


def _on_paper(image: Image.Image) -> Image.Image:
    """The picture in RGB; where it is transparent, white shows."""
    if image.mode.startswith("I"):  # 16-bit grey: plain conversion would clip it to white
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, _PAPER)
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _fitted(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    """`size` scaled down, never up, so that its longer side is at most `side_px`."""
    longer = max(size)
    if longer <= side_px:
        return size
    width, height = (max(1, round(side * side_px / longer)) for side in size)
    return width, height


def _encoded(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()
