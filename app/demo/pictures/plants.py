"""Trees of several heights, bananas, bamboo, grass, rice and vegetables."""

from __future__ import annotations

from math import cos, pi, sin

from app.demo.pictures.paint import Canvas, Colour, Ramp, lit, mix, vary
from app.demo.pictures.sprites import stamp_of

TRUNK: Colour = (82, 62, 46)
STRAW: Colour = (196, 164, 98)


def tuft(c: Canvas, x: float, y: float, radius: float, ramp: Ramp) -> None:
    """Stamp one ball of leaves around (x, y)."""
    c.stamp(stamp_of("leaves", 2.3 * radius * c.u, ramp, c.rng), x, y)


def _shades(ramp: Ramp, steps: int = 4) -> list[Ramp]:
    """Return the ramp from the shaded to the sunlit side of a crown."""
    tones = []
    for step in range(steps):
        by = -0.34 + 0.46 * step / (steps - 1)
        tones.append((lit(ramp[0], by), lit(ramp[1], by), lit(ramp[2], by)))
    return tones


def tree(c: Canvas, x: float, y: float, height: float, ramp: Ramp, spread: float = 0.4) -> None:
    """Draw a broad-leaved tree standing on (x, y)."""
    c.shadow(x + height * 0.06, y, height * spread * 1.1, height * 0.07)
    lean = c.rng.uniform(-0.05, 0.05) * height
    fork = y - height * 0.42
    wide = max(1.5, height * 0.035)
    c.poly(
        [
            (x - wide, y),
            (x + wide, y),
            (x + lean + wide * 0.5, fork),
            (x + lean - wide * 0.5, fork),
        ],
        TRUNK,
    )
    c.poly(
        [(x - wide, y), (x - wide * 0.1, y), (x + lean, fork), (x + lean - wide * 0.5, fork)],
        lit(TRUNK, -0.35),
    )
    for side in (-1, 1):
        c.line(
            [(x + lean, fork), (x + lean + side * height * 0.2, y - height * 0.66)],
            TRUNK,
            wide * 0.7,
        )
    crown(c, x + lean, y - height * 0.66, height * spread, height * 0.34, ramp)


def crown(c: Canvas, x: float, y: float, rx: float, ry: float, ramp: Ramp) -> None:
    """Fill an ellipse with leaves: shaded ones below and behind, sunlit ones on top."""
    shades = _shades(ramp)
    radius = min(rx, ry) * 0.42
    for step, shade in enumerate(shades):
        for _ in range(9 - step):
            angle, reach = c.rng.uniform(0, 2 * pi), c.rng.random() ** 0.5
            dx = cos(angle) * reach * (rx - radius * 0.5)
            dy = sin(angle) * reach * (ry - radius * 0.5) * 0.75 + ry * (0.28 - 0.22 * step)
            tuft(c, x + dx - step * rx * 0.04, y + dy, radius * c.rng.uniform(0.75, 1.15), shade)


def shrub(c: Canvas, x: float, y: float, size: float, ramp: Ramp) -> None:
    """Draw a low bush on (x, y)."""
    c.shadow(x, y, size * 1.2, size * 0.22, 0.35)
    for step, shade in enumerate(_shades(ramp, 3)):
        for _ in range(4 - step):
            tuft(
                c,
                x + c.rng.uniform(-0.6, 0.6) * size,
                y - size * (0.3 + 0.2 * step),
                size * c.rng.uniform(0.36, 0.55),
                shade,
            )


def thicket(c: Canvas, y: float, height: float, ramp: Ramp, start: float, end: float) -> None:
    """Draw a line of distant trees along `y` from x `start` to `end`."""
    x = start
    while x < end:
        tall = height * c.rng.uniform(0.5, 1.1)
        for shade in _shades(ramp, 3):
            tuft(
                c, x + c.rng.uniform(-6, 6), y - tall * c.rng.uniform(0.25, 0.6), tall * 0.5, shade
            )
        x += tall * c.rng.uniform(0.5, 1.0)


def banana(c: Canvas, x: float, y: float, height: float, ramp: Ramp) -> None:
    """Draw a banana plant: a green stem and long drooping leaves."""
    c.shadow(x, y, height * 0.35, height * 0.06)
    top = y - height * 0.5
    c.rod((x, y), (x, top), height * 0.07, mix(ramp[1], (150, 150, 90), 0.5))
    count = 9
    order = sorted(range(count), key=lambda i: -abs(i - count / 2))
    for i in order:
        angle = pi * (0.04 + 0.92 * i / (count - 1)) + c.rng.uniform(-0.12, 0.12)
        _blade(c, x, top, angle, height * c.rng.uniform(0.5, 0.62), vary(c.rng, ramp[1], 16), ramp)


def _blade(
    c: Canvas, x: float, y: float, angle: float, length: float, colour: Colour, ramp: Ramp
) -> None:
    spine, upper, lower = [], [], []
    for step in range(9):
        t = step / 8
        px = x + cos(angle) * length * t
        py = y - sin(angle) * length * t + (0.42 * length * t * t)
        wide = length * 0.13 * sin(pi * min(1, t * 0.92 + 0.08))
        spine.append((px, py))
        upper.append((px - wide * 0.35, py - wide))
        lower.append((px + wide * 0.35, py + wide))
    c.poly([*spine, *reversed(lower)], lit(colour, -0.25))
    c.poly([*spine, *reversed(upper)], lit(colour, 0.1))
    c.line(spine, lit(ramp[2], 0.25), max(0.8, length * 0.014))


def bamboo(c: Canvas, x: float, y: float, height: float, ramp: Ramp) -> None:
    """Draw a clump of bamboo arching outwards."""
    c.shadow(x, y, height * 0.3, height * 0.05)
    for _ in range(13):
        bend, tall = c.rng.uniform(-0.42, 0.42), height * c.rng.uniform(0.7, 1)
        stem = [
            (x + bend * 40 * t + bend * tall * 0.7 * t * t, y - tall * t)
            for t in (0, 0.25, 0.5, 0.75, 1)
        ]
        c.line(stem, vary(c.rng, (128, 146, 66), 22), height * 0.014)
        for px, py in stem[2:]:
            tuft(c, px, py, height * 0.085, ramp)


def grass(c: Canvas, x: float, y: float, size: float, colour: Colour, blades: int = 7) -> None:
    """Draw a tuft of grass, vetiver or rice on (x, y)."""
    for _ in range(blades):
        dx, tall = c.rng.uniform(-0.5, 0.5) * size, size * c.rng.uniform(0.6, 1.1)
        tip = (x + dx * 2.1, y - tall)
        c.poly(
            [(x + dx * 0.5 - size * 0.045, y), (x + dx * 0.5 + size * 0.045, y), tip],
            vary(c.rng, colour, 20),
        )


def stalks(c: Canvas, x: float, y: float, height: float, ramp: Ramp) -> None:
    """Stamp a tuft of rice, grass or vetiver that stands on (x, y)."""
    sprite = stamp_of("stalks", height * c.u * 1.15, ramp, c.rng)
    c.stamp(sprite, x, y - sprite.height / c.u * 0.46)


def rosette(c: Canvas, x: float, y: float, size: float, ramp: Ramp) -> None:
    """Draw a cabbage or lettuce: open leaves outside, pale ones at its heart."""
    c.oval(x, y + size * 0.2, size * 1.1, size * 0.42, (18, 22, 12, 110))
    tuft(c, x, y - size * 0.1, size, ramp)
    tuft(c, x, y - size * 0.32, size * 0.5, (ramp[1], lit(ramp[2], 0.1), lit(ramp[2], 0.5)))


SPECIES: tuple[Ramp | None, ...] = (
    None,
    None,
    None,
    ((14, 44, 34), (38, 96, 66), (120, 172, 112)),
    ((40, 56, 14), (110, 130, 36), (206, 206, 92)),
)
BLOSSOM: tuple[Ramp, ...] = (  # golden shower and pink trumpet flower in the dry season
    ((88, 78, 14), (206, 168, 28), (255, 232, 110)),
    ((104, 50, 66), (206, 122, 150), (250, 200, 214)),
)


def species(c: Canvas, leaf: Ramp, *, blossom: bool) -> Ramp:
    """Choose the leaves of one tree: the season's own, another kind's, or flowers."""
    if blossom and c.rng.random() < 0.2:
        return c.rng.choice(BLOSSOM)
    return c.rng.choice(SPECIES) or leaf


def palm(c: Canvas, x: float, y: float, height: float, ramp: Ramp) -> None:
    """Draw a coconut or sugar palm."""
    c.shadow(x, y, height * 0.2, height * 0.035)
    lean = c.rng.uniform(-0.1, 0.1) * height
    stem = [(x + lean * t * t, y - height * t) for t in (0, 0.25, 0.5, 0.75, 1)]
    c.line(stem, (128, 108, 84), height * 0.026)
    top_x, top_y = stem[-1]
    for i in range(15):
        angle = pi * (-0.15 + 1.3 * i / 14) + c.rng.uniform(-0.08, 0.08)
        _frond(c, (top_x, top_y), angle, height * c.rng.uniform(0.26, 0.33), ramp)


def _frond(c: Canvas, top: tuple[float, float], angle: float, length: float, ramp: Ramp) -> None:
    tone = vary(c.rng, mix(ramp[0], ramp[1], 0.75), 14)
    for step in range(14):
        t = step / 13
        x = top[0] + cos(angle) * length * t
        y = top[1] - sin(angle) * length * t + 0.5 * length * t * t
        hang = length * 0.3 * (1 - t * 0.6)
        for side in (-0.45, 0.45):
            c.line([(x, y), (x + side * hang, y + hang * 0.7)], tone, max(0.8, length * 0.018))
