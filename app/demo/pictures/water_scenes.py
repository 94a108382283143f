"""หนอง นา คลองไส้ไก่: the pond, the paddies and the small canal."""

from __future__ import annotations

from math import cos, pi, sin

from app.demo.pictures import figures, plants
from app.demo.pictures.groundwork import weir
from app.demo.pictures.land import water
from app.demo.pictures.paint import Canvas, Point, lit, smooth
from app.demo.pictures.setting import Setting, edge, open_view, tree, verge, visitors


def pond(c: Canvas, s: Setting) -> None:
    """หนอง: a pond with planted banks that mirrors the hills."""
    open_view(c, s, 0.34, 0.42)
    side = c.rng.choice((0.0, 1.0))
    for across, down, tall in ((0.06, 0.1, 6), (0.2, 0.13, 8), (0.86, 0.1, 5), (0.72, 0.08, 6)):
        tree(c, s, abs(side - across) + c.rng.uniform(-0.04, 0.04), down, tall)
    x, y = c.place(abs(side - 0.42), 0.16)
    plants.banana(c, x, y, 3.4 * c.metre(y), s.season.leaf)
    middle, rim = c.place(c.rng.uniform(0.42, 0.58), c.rng.uniform(0.5, 0.56)), []
    wide, deep = c.w * c.rng.uniform(0.42, 0.54), (c.h - c.horizon) * 0.3
    for i in range(14):
        angle, far = 2 * pi * i / 14, c.rng.uniform(0.88, 1.1)
        rim.append((middle[0] + cos(angle) * wide * far, middle[1] + sin(angle) * deep * far))
    shore = smooth(rim)
    bank = [(x + (x - middle[0]) * 0.06, y + (y - middle[1]) * 0.1 + 4) for x, y in shore]
    c.poly(bank, lit(s.season.soil[1], -0.05))
    if s.people:
        visitors(c, s, (0.3, 0.2, 0.72, 0.235))
    c.poly([(x, y - 3) for x, y in shore], lit(s.season.soil[0], -0.3))
    water(c, shore, min(y for _x, y in shore), s.season)
    edge(c, s, bank, 0.55, 0.85)
    verge(c, s, 240, 0.86)
    x, y = c.place(abs(side - 0.94), 0.96)
    plants.banana(c, x, y, 2.9 * c.metre(y), s.season.leaf)


def paddy(c: Canvas, s: Setting) -> None:
    """นา: paddies stepping down to the viewer between their bunds."""
    open_view(c, s, 0.34, 0.46, s.season.rice)
    steps, wave, phase = 6, c.rng.uniform(8, 26), c.rng.uniform(0, 6)
    for step in range(steps):
        _terrace(c, s, step / steps, (step + 1) / steps, wave, phase + step * 0.7)
    x, y = c.place(c.rng.uniform(0.08, 0.3), 0.2)
    plants.tree(c, x, y, 5.5 * c.metre(y), s.season.leaf)
    for i in range(s.people):
        x, y = c.place(0.16 + 0.7 * ((i * 0.618) % 1), 0.3 + 0.36 * (i + 0.5) / s.people)
        figures.bending(c, x, y, s.crowd, 1.6 * c.metre(y))
        plants.stalks(c, x, y + 3, 0.5 * c.metre(y), s.season.rice)


def _terrace(c: Canvas, s: Setting, start: float, end: float, wave: float, phase: float) -> None:
    """Plant one paddy between two shares of the plain, and draw the bund at its foot."""
    top, foot = start**1.5, end**1.5
    rows = max(3, round(10 * (1 - start) + 5))
    for row in range(rows):
        down = top + (foot - top) * (0.24 + 0.76 * (row + 0.5) / rows)  # the bund stays seen
        y = c.place(0, down)[1]
        gap = max(9.0, 0.34 * c.metre(y))
        x = -gap * c.rng.random()
        while x < c.w + gap:
            shift = wave * (0.3 + down) * sin(x / c.w * 5 + phase) * 0.6
            plants.stalks(
                c,
                x,
                y + shift + c.rng.uniform(-3, 3),
                0.72 * c.metre(y) * c.rng.uniform(0.8, 1.1),
                s.season.rice,
            )
            x += gap * c.rng.uniform(0.8, 1.2)
    if end < 1:
        _bund(c, s, foot, wave, phase)


def _bund(c: Canvas, s: Setting, down: float, wave: float, phase: float) -> None:
    y = c.place(0, down)[1]
    high = 0.2 * c.metre(y) + 3
    line = [
        (x, y + wave * (0.3 + down) * sin(x / c.w * 5 + phase) * 0.6)
        for x in range(-20, round(c.w) + 40, 24)
    ]
    c.poly(
        [*line, *[(x, y2 + high * 1.7) for x, y2 in reversed(line)]], lit(s.season.soil[0], -0.25)
    )
    c.poly(
        [(x, y2 - high * 0.5) for x, y2 in line]
        + [(x, y2 + high * 0.6) for x, y2 in reversed(line)],
        lit(s.season.grass[1], -0.05),
    )
    edge(c, s, line, 0.26, 0.95)


def canal(c: Canvas, s: Setting) -> None:
    """คลองไส้ไก่: a small canal winding through the plot, with vetiver and a check dam."""
    open_view(c, s, 0.36, 0.44)
    swing, phase = c.rng.uniform(0.1, 0.2), c.rng.uniform(0, 6)
    left, right = [], []
    for i in range(41):
        down = 0.07 + 0.97 * (i / 40) ** 1.4
        x, y = c.place(0.5 + swing * sin(phase + 5.2 * (i / 40) ** 0.6) * (0.35 + down), down)
        half = 1.0 * c.metre(y) * (1 + 0.12 * sin(i))
        left.append((x - half, y))
        right.append((x + half, y))
    for down, across, tall in ((0.12, 0.16, 7), (0.14, 0.84, 6), (0.2, 0.08, 5), (0.22, 0.93, 7)):
        tree(c, s, across + c.rng.uniform(-0.05, 0.05), down, tall)
    rim = [(x - 0.3 * c.metre(y), y) for x, y in left] + [
        (x + 0.3 * c.metre(y), y) for x, y in reversed(right)
    ]
    c.poly(rim, lit(s.season.soil[1], -0.1))
    c.poly([(x, y - 0.12 * c.metre(y)) for x, y in left + right[::-1]], lit(s.season.soil[0], -0.3))
    water(c, left + right[::-1], left[0][1], s.season, 0.6)
    dam = c.rng.randint(20, 25)
    weir(c, left[dam], right[dam])
    x, y = c.place(0.12, 0.5)
    plants.banana(c, x, y, 3.2 * c.metre(y), s.season.leaf)
    edge(c, s, rim[8:-8], 0.7, 0.9)
    if s.people:
        visitors(c, s, _dry_side(c, left, right))
    _verge_beside(c, s, left, right)


def _verge_beside(c: Canvas, s: Setting, left: list[Point], right: list[Point]) -> None:
    for a, b in list(zip(left, right, strict=True))[18:]:
        for _ in range(16):
            x = c.rng.uniform(-20, c.w + 20)
            if not a[0] - 20 < x < b[0] + 20:
                plants.stalks(
                    c,
                    x,
                    a[1] + c.rng.uniform(-12, 12),
                    0.4 * c.metre(a[1]) * c.rng.uniform(0.5, 1.1),
                    s.season.grass,
                )


def _dry_side(
    c: Canvas, left: list[Point], right: list[Point]
) -> tuple[float, float, float, float]:
    """Return a box (shares of the plain) on the wider bank, clear of the canal."""
    top, bottom = c.place(0, 0.3)[1], c.place(0, 0.62)[1]
    west = min(x for x, y in left if top <= y <= bottom) / c.w
    east = max(x for x, y in right if top <= y <= bottom) / c.w
    if 1 - east > west:
        return min(0.86, east + 0.08), 0.36, 0.97, 0.58
    return 0.03, 0.36, max(0.14, west - 0.08), 0.58
