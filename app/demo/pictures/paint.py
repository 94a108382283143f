"""Brushes of the demo's pictures: a canvas measured in units, noise, ramps, soft shadows.

A canvas is about 1155 units wide on average whatever its pixels are, so that a scene looks
the same in a small and in a large picture.  Everything random comes from `Canvas.rng` or
from a fixed seed: the same order gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageOps

Colour = tuple[int, ...]
Ramp = tuple[Colour, Colour, Colour]
Point = tuple[float, float]

UNITS = 1155.0  # square root of 1333 x 1000: a landscape picture is 1333 units by 1000
BICUBIC = Image.Resampling.BICUBIC
BILINEAR = Image.Resampling.BILINEAR


class Canvas:
    """An RGB image drawn in units, with its own dice."""

    def __init__(self, width_px: int, height_px: int, seed: int) -> None:
        """Start a black canvas of the given pixels."""
        self.rng = Random(seed)
        self.u = (width_px * height_px) ** 0.5 / UNITS
        self.w, self.h = width_px / self.u, height_px / self.u
        self.horizon = self.h * 0.4
        self.use(Image.new("RGB", (width_px, height_px)))

    def use(self, image: Image.Image) -> None:
        """Go on drawing on `image`; colours with a fourth number are see-through."""
        self.image = image
        self.draw = ImageDraw.Draw(image, "RGBA")

    def metre(self, y: float) -> float:
        """Return how many units a metre takes on the plain at `y`: the eye is 2.6 m up."""
        return max(0.5, (y - self.horizon) / 2.6)

    def place(self, across: float, down: float) -> Point:
        """Turn shares of the plain (0 left .. 1 right, 0 horizon .. 1 foot) into units."""
        return across * self.w, self.horizon + down * (self.h - self.horizon)

    def px(self, points: Sequence[Point]) -> list[Point]:
        """Turn points in units into pixels."""
        return [(x * self.u, y * self.u) for x, y in points]

    def poly(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self.draw.polygon(self.px(points), fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Fill an ellipse around (x, y)."""
        self.draw.ellipse(self.px([(x - rx, y - ry), (x + rx, y + ry)]), fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """Draw a line with round joints, `width` units wide."""
        pixels = max(1, round(width * self.u))
        self.draw.line(self.px(points), fill=fill, width=pixels, joint="curve")

    def rod(self, a: Point, b: Point, width: float, fill: Colour) -> None:
        """Draw a limb: a line with round ends."""
        self.line([a, b], fill, width)
        for x, y in (a, b):
            self.oval(x, y, width / 2, width / 2, fill)

    def stamp(self, sprite: Image.Image, x: float, y: float) -> None:
        """Paste a sprite that carries its own transparency, centred on (x, y)."""
        left, top = round(x * self.u - sprite.width / 2), round(y * self.u - sprite.height / 2)
        self.image.paste(sprite, (left, top), sprite)

    def shadow(self, x: float, y: float, rx: float, ry: float, depth: float = 0.45) -> None:
        """Darken the ground softly around (x, y)."""
        size = max(2, round(2 * rx * self.u)), max(2, round(2 * ry * self.u))
        blob = soft_blob().resize(size, BILINEAR).point(_share(depth))
        corner = round((x - rx) * self.u), round((y - ry) * self.u)
        self.image.paste((12, 18, 14), corner, blob)


@lru_cache(maxsize=32)
def _share(depth: float) -> list[int]:
    return [round(v * depth) for v in range(256)]


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """Return the colour `t` of the way from `a` to `b`."""
    return tuple(round(x + (y - x) * t) for x, y in zip(a, b, strict=True))


def between(a: Point, b: Point, t: float) -> Point:
    """Return the point `t` of the way from `a` to `b`."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def lit(colour: Colour, by: float) -> Colour:
    """Lighten (by > 0) or darken (by < 0) a colour."""
    return mix(colour, (255, 250, 232), by) if by > 0 else mix(colour, (10, 16, 20), -by)


def vary(rng: Random, colour: Colour, by: int = 10) -> Colour:
    """Move a colour a little, all channels together, so that no two leaves are equal."""
    step = rng.randint(-by, by)
    return tuple(max(0, min(255, value + step)) for value in colour)


@lru_cache(maxsize=1)
def soft_blob() -> Image.Image:
    """Return a round blot, white in the middle and fading out."""
    # radial_gradient is 181 half way along an edge: there the blot must already be gone
    table = [max(0.0, 1 - v / 180) for v in range(256)]
    return Image.radial_gradient("L").point([round(255 * t * t * (3 - 2 * t)) for t in table])


def noise(rng: Random, size: tuple[int, int], grid: tuple[int, int], octaves: int) -> Image.Image:
    """Return smooth noise: `grid` lumps across, then ever finer and fainter ones."""
    result = _plain_noise(rng, grid).resize(size, BICUBIC)
    for octave in range(1, octaves):
        finer = _plain_noise(rng, (grid[0] << octave, grid[1] << octave)).resize(size, BICUBIC)
        result = Image.blend(result, finer, 0.46 * 0.68 ** (octave - 1))
    return ImageOps.autocontrast(result, cutoff=1)


def _plain_noise(rng: Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


@lru_cache(maxsize=4)
def soil_texture(kind: str) -> Image.Image:
    """Return a large tile of ground texture, the same in every run."""
    rng = Random(f"ground {kind}")
    coarse = noise(rng, (2048, 1024), (48, 24), 3)
    fine = noise(rng, (2048, 1024), (512, 256), 3)
    return ImageOps.autocontrast(Image.blend(coarse, fine, 0.55), cutoff=2)


def gradient(size: tuple[int, int], stops: Sequence[tuple[float, Colour]]) -> Image.Image:
    """Return a vertical gradient through `stops` (place from 0 to 1, colour)."""
    column = Image.new("RGB", (1, 256))
    for (start, first), (end, last) in pairwise(stops):
        low, high = round(start * 255), round(end * 255)
        for y in range(low, high + 1):
            column.putpixel((0, y), mix(first, last, (y - low) / max(1, high - low)))
    return column.resize(size, BILINEAR)


def curve(low: int, high: int) -> list[int]:
    """Return a table that maps `low` and less to 0, `high` and more to 255."""
    span = max(1, high - low)
    return [max(0, min(255, round((v - low) * 255 / span))) for v in range(256)]


def ramped(luma: Image.Image, ramp: Ramp) -> Image.Image:
    """Colour a grey image: dark, middle and light tones of `ramp`."""
    return Image.merge("RGB", [luma.point(table) for table in _ramp_tables(ramp)])


@lru_cache(maxsize=256)
def _ramp_tables(ramp: Ramp) -> tuple[list[int], ...]:
    dark, middle, light = ramp
    tones = [mix(dark, middle, v / 127) for v in range(128)]
    tones += [mix(middle, light, v / 127) for v in range(128)]
    return tuple([tone[channel] for tone in tones] for channel in range(3))


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """Return a closed curve through `points` (Catmull-Rom)."""
    count, curve_points = len(points), []
    for i in range(count):
        p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve_points.append(
                (_spline(t, p0[0], p1[0], p2[0], p3[0]), _spline(t, p0[1], p1[1], p2[1], p3[1]))
            )
    return curve_points


def _spline(t: float, a: float, b: float, c: float, d: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )


def grade(image: Image.Image, light: Colour, contrast: float, rng: Random) -> Image.Image:
    """Finish a picture as a phone would: light, contrast, dark corners and a little grain."""
    table = []
    for channel in light:
        table += [_tone(v / 255, contrast, channel / 255) for v in range(256)]
    small = Image.radial_gradient("L").resize((64, 48), BILINEAR)
    corners = small.point([round(255 - max(0, v - 110) * 0.42) for v in range(256)])
    corners = corners.resize(image.size, BILINEAR)
    image = ImageChops.multiply(image.point(table), Image.merge("RGB", (corners,) * 3))
    grain = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height))
    grain = grain.point([round(120 + v * 16 / 255) for v in range(256)])
    return ImageChops.add(image, Image.merge("RGB", (grain,) * 3), scale=1, offset=-128)


def _tone(v: float, contrast: float, light: float) -> int:
    bent = v + contrast * (v - 0.5) * (1 - abs(2 * v - 1))
    return max(0, min(255, round(255 * bent * light)))
