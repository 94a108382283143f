"""Sky, the hills of Phayao, fields running to them, and water that mirrors what is behind."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw

from app.demo.pictures.paint import (
    BILINEAR,
    Canvas,
    Colour,
    Point,
    Ramp,
    curve,
    gradient,
    lit,
    mix,
    noise,
    ramped,
    soft_blob,
    soil_texture,
)
from app.demo.pictures.weather import Light, Season


def backdrop(c: Canvas, horizon: float, light: Light, season: Season) -> None:
    """Paint sky and hills down to `horizon` (units), softly: they are far away."""
    width, height = c.image.width // 3, round((horizon + 6) * c.u / 3)
    far = _sky((width, height), light, c.rng)
    for depth in (0.95, 0.72, 0.45):
        _ridge(far, depth, light, season, c.rng)
    c.image.paste(far.resize((c.image.width, round((horizon + 6) * c.u)), BILINEAR), (0, 0))


def _sky(size: tuple[int, int], light: Light, rng: Random) -> Image.Image:
    top, middle, low = light.sky
    sky = gradient(size, [(0, top), (0.55, middle), (1, low)])
    x, y, strength = light.sun
    reach = round(size[0] * 1.1)
    glow = soft_blob().resize((reach, reach), BILINEAR)
    glow = glow.point([round(v * strength * 0.8) for v in range(256)])
    corner = round(x * size[0] - reach / 2), round(y * size[1] - reach / 2)
    sky.paste(lit(low, 0.6), corner, glow)
    shape = noise(rng, size, (4, 6), 5)
    low_cut = round(205 - 150 * light.cloud)
    mask = shape.point(curve(low_cut, low_cut + 85))
    fade = gradient(size, [(0, (255,) * 3), (0.7, (220,) * 3), (1, (70,) * 3)]).getchannel(0)
    mask = ImageChops.multiply(mask, fade)
    body = ImageChops.offset(shape, 0, -max(2, size[1] // 40))
    colours = ramped(
        ImageChops.subtract(shape, body, 0.6, 150),
        (light.cloud_ramp[0], mix(*light.cloud_ramp, 0.6), light.cloud_ramp[1]),
    )
    return Image.composite(colours, sky, mask)


def _ridge(far: Image.Image, depth: float, light: Light, season: Season, rng: Random) -> None:
    """Add one chain of hills; `depth` 1 is the farthest and faintest."""
    width, height = far.size
    top = height * (1 - (0.16 + 0.36 * depth * rng.uniform(0.75, 1.15)))
    heights = _skyline(width, rng, rough=0.36 + 0.16 * depth)
    outline = [(x, top + (height - top) * 0.85 * heights[x]) for x in range(width)]
    mask = Image.new("L", far.size)
    ImageDraw.Draw(mask).polygon([*outline, (width, height), (0, height)], fill=255)
    veil = min(0.93, light.thickness * (0.45 + 0.75 * depth))
    colour = mix(season.hill, light.haze, veil)
    foot = mix(colour, light.haze, 0.55)
    slope = gradient(far.size, [(0, colour), (top / height, colour), (1, foot)])
    folds = noise(rng, far.size, (18, 9), 5).point([round(176 + v * 0.31) for v in range(256)])
    keep = Image.new("L", far.size, round(255 * veil))
    folds = ImageChops.lighter(folds, keep)
    far.paste(ImageChops.multiply(slope, Image.merge("RGB", (folds,) * 3)), (0, 0), mask)


def _skyline(width: int, rng: Random, rough: float) -> list[float]:
    """Return `width` heights, 0 is a summit and 1 the plain (midpoint displacement)."""
    line, swing = [rng.random(), rng.random(), rng.random()], 0.5
    while len(line) < width:
        middles = [(a + b) / 2 + rng.uniform(-swing, swing) for a, b in pairwise(line)]
        line = [value for pair in zip(line, [*middles, 0], strict=False) for value in pair][:-1]
        swing *= rough
    low, high = min(line), max(line)
    return [(line[x * (len(line) - 1) // width] - low) / (high - low) for x in range(width)]


def ground(c: Canvas, horizon: float, ramp: Ramp, light: Light, kind: str = "grass") -> None:
    """Paint the plain from `horizon` to the foot of the picture, in perspective and fading out."""
    top = round(horizon * c.u)
    size = c.image.width, c.image.height - top
    half = size[0] // 2, size[1] // 2
    colours = ramped(perspective(soil_texture(kind), half, c.rng), ramp)
    haze = Image.new("RGB", half, mix(light.haze, ramp[1], 0.35))
    strength = [(0, 210), (0.12, 120), (0.45, 0), (1, 0)]
    fade = gradient(half, [(y, (round(v * light.thickness),) * 3) for y, v in strength])
    hazy = Image.composite(haze, colours, fade.getchannel(0))
    c.image.paste(hazy.resize(size, BILINEAR), (0, top))


def perspective(tile: Image.Image, size: tuple[int, int], rng: Random) -> Image.Image:
    """Lay a texture flat: the farther rows hold five times more of it than the nearest."""
    width, height = size
    e = height / 4
    spread = 0.98 * tile.width / width
    middle, near = tile.width / 2, rng.uniform(0.05, 0.1) * tile.height
    far = tile.height * 0.9
    matrix = (spread / 1, middle / e, middle - spread * width / 2, 0, near / e, far, 0, 1 / e)
    laid = tile.transform(size, Image.Transform.PERSPECTIVE, matrix, BILINEAR)
    return laid.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else laid


def water(
    c: Canvas, shape: list[Point], shore: float, season: Season, mirror: float = 0.68
) -> None:
    """Fill `shape` with water that mirrors what is already painted above `shore` (units)."""
    ys = [y for _x, y in shape]
    top, bottom = round(min(ys) * c.u), min(c.image.height, round(max(ys) * c.u))
    height = bottom - top
    seen = c.image.crop((0, max(0, round(shore * c.u) - height), c.image.width, round(shore * c.u)))
    small = seen.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(
        (c.image.width // 3, max(8, height // 7)), BILINEAR
    )
    image = small.resize((c.image.width, height), BILINEAR)
    depth = gradient(image.size, [(0, lit(season.water, 0.1)), (1, lit(season.water, -0.45))])
    image = Image.blend(depth, image, mirror)
    _ripples(image, c, lit(season.water, 0.5))
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([(x, y - top) for x, y in c.px(shape)], fill=255)
    c.image.paste(image, (0, top), mask)


def _ripples(image: Image.Image, c: Canvas, glint: Colour) -> None:
    """Break the mirror into bands and lay light on it."""
    y = 0
    while y < image.height:
        band = max(2, round((1.2 + 5 * y / image.height) * c.u))
        shift = round(c.rng.gauss(0, 1.5 + 5 * y / image.height) * c.u)
        strip = image.crop((0, y, image.width, min(image.height, y + band)))
        image.paste(ImageChops.offset(strip, shift, 0), (0, y))
        y += band
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(170):
        y = c.rng.random() ** 0.7 * image.height
        long, x = (14 + 70 * y / image.height) * c.u, c.rng.uniform(0, image.width)
        thick = (0.5 + 1.5 * y / image.height) * c.u
        draw.ellipse((x, y, x + long, y + thick), fill=(*glint, c.rng.randint(25, 80)))
