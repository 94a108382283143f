"""Small pieces stamped by the thousand: balls of leaves and tufts of stalks.

Each is drawn once, large and grey, then reduced to the sizes asked for, then coloured; every
step is remembered, since it is these that a picture spends its time on.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from random import Random
from typing import Literal

from PIL import Image, ImageDraw

from app.demo.pictures.paint import BICUBIC, Ramp, ramped

Kind = Literal["leaves", "stalks"]
SIDE = 256  # pixels of the large drawing
VARIANTS = 8
FEW = 3  # variants of what is too small to be told apart
SMALL_PX = 40
STEP = 1.18  # sizes grow by this factor, so that few different ones are made
LEAVES, BLADES = 420, 22


def stamp_of(kind: Kind, wanted_px: float, ramp: Ramp, rng: Random) -> Image.Image:
    """Return one coloured piece of about `wanted_px` pixels across, with its transparency."""
    size = 5.0
    while size < wanted_px:
        size *= STEP
    variants = FEW if size < SMALL_PX else VARIANTS
    return _coloured(kind, rng.randrange(variants), round(size), ramp)


@lru_cache(maxsize=1200)
def _coloured(kind: Kind, number: int, size_px: int, ramp: Ramp) -> Image.Image:
    luma, alpha = _reduced(kind, number, size_px)
    sprite = ramped(luma, ramp)
    sprite.putalpha(alpha)
    return sprite


@lru_cache(maxsize=600)
def _reduced(kind: Kind, number: int, size_px: int) -> tuple[Image.Image, Image.Image]:
    luma, alpha = _leaves(number) if kind == "leaves" else _stalks(number)
    size = (size_px, size_px)
    return luma.resize(size, BICUBIC), alpha.resize(size, BICUBIC)


@lru_cache(maxsize=VARIANTS)
def _leaves(number: int) -> tuple[Image.Image, Image.Image]:
    """Return tones and outline of one ball of leaves, lit from above and left."""
    rng = Random(f"leaves {number}")
    luma, alpha = Image.new("L", (SIDE, SIDE), 70), Image.new("L", (SIDE, SIDE))
    tones, outline = ImageDraw.Draw(luma), ImageDraw.Draw(alpha)
    for i in range(LEAVES):
        inward = 1 - i / LEAVES
        angle, reach = rng.uniform(0, 2 * pi), rng.random() ** 0.55 * (0.62 + 0.34 * inward)
        x, y = 128 + cos(angle) * reach * 110, 128 + sin(angle) * reach * 96
        light = 128 - (y - 110) * 0.75 - (x - 128) * 0.2 - inward * 50 + rng.uniform(-34, 34)
        leaf = _leaf(x, y, rng.uniform(0, 2 * pi), rng.uniform(9, 19))
        tones.polygon(leaf, fill=max(0, min(255, round(light))))
        outline.polygon(leaf, fill=255)
    return luma, alpha


def _leaf(x: float, y: float, turn: float, long: float) -> list[tuple[float, float]]:
    across, along = sin(turn) * long, cos(turn) * long
    return [
        (x + along, y + across),
        (x - across * 0.42, y + along * 0.42),
        (x - along, y - across),
        (x + across * 0.42, y - along * 0.42),
    ]


@lru_cache(maxsize=VARIANTS)
def _stalks(number: int) -> tuple[Image.Image, Image.Image]:
    """Return tones and outline of one tuft of rice, grass or vetiver."""
    rng = Random(f"stalks {number}")
    luma, alpha = Image.new("L", (SIDE, SIDE), 100), Image.new("L", (SIDE, SIDE))
    tones, outline = ImageDraw.Draw(luma), ImageDraw.Draw(alpha)
    for blade in range(BLADES):
        light = round(255 * min(1.0, 0.15 + 0.8 * blade / BLADES * rng.uniform(0.6, 1.2)))
        x, lean, tall = rng.uniform(0.34, 0.66), rng.gauss(0, 0.16), rng.uniform(0.55, 0.95)
        knee = x + lean * 0.5, 0.98 - tall * 0.6
        shape = [(x - 0.02, 1), knee, (x + lean * 1.5, 0.98 - tall), (knee[0] + 0.04, knee[1]),
                 (x + 0.02, 1)]  # fmt: skip
        pixels = [(px * SIDE, py * SIDE) for px, py in shape]
        tones.polygon(pixels, fill=light)
        outline.polygon(pixels, fill=255)
    return luma, alpha
