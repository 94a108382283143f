"""What people make of the soil: beds, straw, compost, a trellis, a small weir."""

from __future__ import annotations

from math import hypot

from app.demo.pictures.paint import Canvas, Colour, Point, between, lit, mix, vary
from app.demo.pictures.plants import STRAW

WOOD: Colour = (132, 92, 60)


def bed(c: Canvas, quad: tuple[Point, Point, Point, Point], soil: Colour) -> None:
    """Draw a raised bed (clockwise from far left) covered with straw."""
    a, b, d, e = quad
    rise = (d[1] - b[1]) * 0.1 + 5
    c.poly([e, d, (d[0], d[1] + rise), (e[0], e[1] + rise)], lit(soil, -0.4))
    c.poly([a, b, d, e], mix(soil, STRAW, 0.45))
    straws(c, quad, 900)


def straws(c: Canvas, quad: tuple[Point, Point, Point, Point], count: int) -> None:
    """Strew straw over a quadrilateral, coarser towards its near edge."""
    a, b, d, e = quad
    for i in range(count):
        t = i / count
        left, right = between(a, e, t), between(b, d, t)
        x, y = between(left, right, c.rng.random())
        long = (right[0] - left[0]) * 0.02 + 7 + 13 * t
        dx, dy = c.rng.uniform(-long, long), c.rng.uniform(-long, long) * 0.3
        c.line(
            [(x, y), (x + dx, y + dy)],
            lit(vary(c.rng, STRAW, 26), c.rng.uniform(-0.3, 0.2)),
            1.2 + 1.8 * t,
        )


def heap(c: Canvas, x: float, y: float, width: float) -> None:
    """Draw a compost heap: straw, leaves and dung in layers."""
    c.shadow(x, y, width * 0.62, width * 0.1, 0.6)
    for layer in range(7):
        t = layer / 7
        tone = ((96, 70, 46), (150, 118, 70), (74, 84, 44))[layer % 3]
        half = width * 0.5 * (1 - t * 0.62)
        level = y - width * 0.34 * t
        c.poly(
            [
                (x - half, level),
                (x + half, level),
                (x + half * 0.84, level - width * 0.06),
                (x - half * 0.84, level - width * 0.06),
            ],
            vary(c.rng, tone, 8),
        )
        straws(
            c,
            (
                (x - half * 0.8, level - width * 0.06),
                (x + half * 0.8, level - width * 0.06),
                (x + half, level),
                (x - half, level),
            ),
            70,
        )


def bin_of_bamboo(c: Canvas, x: float, y: float, width: float) -> None:
    """Draw a compost bin woven of bamboo, straw heaped in it."""
    tall, half = width * 0.5, width / 2
    c.shadow(x, y, width * 0.62, width * 0.12, 0.6)
    c.oval(x, y - tall, half * 0.96, width * 0.12, (86, 62, 40))
    straws(
        c,
        (
            (x - half * 0.7, y - tall * 1.3),
            (x + half * 0.7, y - tall * 1.3),
            (x + half * 0.9, y - tall * 0.9),
            (x - half * 0.9, y - tall * 0.9),
        ),
        130,
    )
    for row in range(8):
        level = y - tall * row / 8
        tone = vary(c.rng, (176, 150, 86), 14)
        c.line(
            [
                (x - half, level - tall * 0.06),
                (x, level + width * 0.03),
                (x + half, level - tall * 0.06),
            ],
            tone,
            tall * 0.085,
        )
    for post in range(6):
        px = x - half + width * post / 5
        c.line([(px, y + width * 0.01), (px, y - tall * 1.08)], (134, 112, 60), width * 0.035)


def trellis(c: Canvas, x: float, y: float, width: float, tall: float) -> None:
    """Draw bamboo poles leaning together for beans to climb."""
    for i in range(7):
        px = x + width * i / 6
        for lean in (-0.06, 0.06):
            c.line([(px + lean * width, y), (px - lean * width * 0.4, y - tall)], (166, 142, 86), 3)
    c.line([(x - 6, y - tall * 0.86), (x + width + 6, y - tall * 0.86)], (142, 118, 70), 3.4)


def weir(c: Canvas, left: Point, right: Point) -> None:
    """Draw a small check dam of posts and bags across a canal."""
    long = hypot(right[0] - left[0], right[1] - left[1])
    for row in range(3):
        for i in range(7):
            x, y = between(left, right, (i + 0.5 + 0.25 * (row % 2)) / 7.3)
            c.oval(
                x,
                y - row * long * 0.045,
                long * 0.085,
                long * 0.042,
                vary(c.rng, mix((120, 98, 70), (168, 146, 112), row / 2), 10),
            )
    for i in range(5):
        x, y = between(left, right, i / 4)
        c.line([(x, y + long * 0.05), (x, y - long * 0.2)], WOOD, long * 0.026)
