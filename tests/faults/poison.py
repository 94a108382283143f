"""Poison: photos that are meant to take their reader with them, and what each comes to."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from itertools import cycle, islice

from PIL import Image

from tests.faults.sick_worker import FAULTS, MARK
from tests.photos import makers

GAVE_UP = "gave_up"


def killer(fault: str) -> bytes:
    """A photo that kills its reader in this way."""
    return makers.jpeg(comment=MARK + fault.encode() + b";" + secrets.token_bytes(8))


def good(edge: int) -> bytes:
    """A true photo of `edge` pixels that resembles no other: it is to cost what a photo costs."""
    target = io.BytesIO()
    noise = Image.effect_noise((800, 600), 60).convert("RGB")
    noise.resize((edge, edge * 3 // 4)).save(target, "JPEG", quality=75)
    return target.getvalue()


def _cut() -> bytes:
    whole = makers.jpeg(picture=makers.grassy((1200, 900)))
    return whole[: len(whole) * 2 // 3]


# Refused at the first try, with the reason that its page tells: there is nothing to try again.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (_cut, "damaged"),
    "a bomb of pixels": (lambda: makers.jpeg_of_size(60_000, 60_000), "too_many_pixels"),
    "a bomb of pixels, PNG": (lambda: makers.png_header_only(29_000, 29_000), "too_many_pixels"),
    "endless scans": (lambda: makers.jpeg_with_scans(5_000), "too_many_scans"),
    "a canvas without end": (lambda: makers.webp_canvas(16_000, 16_000), "too_many_pixels"),
    "a promise of a picture": (lambda: makers.heif_header_only(8_000, 7_000), "damaged"),
    "no picture": (lambda: b"PK\3\4" + secrets.token_bytes(4_000), "not_a_picture"),
}


def mixed(count: int) -> Iterator[tuple[bytes, str, int]]:
    """So many poisoned photos of every kind: bytes, the reason in the end, the tries until then."""
    kinds: list[Callable[[], tuple[bytes, str, int]]] = []
    for fault in FAULTS:
        kinds.append(lambda fault=fault: (killer(fault), GAVE_UP, 3))
    for make, reason in REFUSED.values():
        kinds.append(lambda make=make, reason=reason: (make(), reason, 1))
    return (make() for make in islice(cycle(kinds), count))
