"""What people build: pavilion, house, a festival flag."""

from __future__ import annotations

from app.demo.pictures.paint import Canvas, Colour, Point, between, lit, vary

WOOD: Colour = (132, 92, 60)
THATCH: Colour = (164, 132, 84)


def planks(c: Canvas, quad: tuple[Point, Point, Point, Point], colour: Colour, rows: int) -> None:
    """Fill a quadrilateral (clockwise from top left) with boards or rows of thatch."""
    a, b, d, e = quad
    for row in range(rows):
        t, t2 = row / rows, (row + 1) / rows
        tone = lit(vary(c.rng, colour, 9), -0.16 + 0.2 * c.rng.random())
        c.poly([between(a, e, t), between(b, d, t), between(b, d, t2), between(a, e, t2)], tone)
        c.line([between(a, e, t2), between(b, d, t2)], (*lit(colour, -0.6), 130), 0.9)


def pavilion(c: Canvas, x: float, y: float, width: float, roof: Colour) -> None:
    """Draw an open learning pavilion; (x, y) is the middle of its floor's front edge."""
    half, tall = width / 2, width * 0.42
    c.shadow(x + width * 0.05, y + width * 0.02, width * 0.66, width * 0.11, 0.75)
    back = y - width * 0.13
    c.poly(
        [(x - half * 0.82, back), (x + half * 0.82, back), (x + half, y), (x - half, y)],
        (186, 170, 146),
    )
    c.poly(
        [
            (x - half, y),
            (x + half, y),
            (x + half, y + width * 0.035),
            (x - half, y + width * 0.035),
        ],
        (128, 114, 98),
    )
    c.poly(
        [
            (x - half * 0.82, back),
            (x + half * 0.82, back),
            (x + half * 0.82, back - tall),
            (x - half * 0.82, back - tall),
        ],
        (28, 26, 22, 120),
    )
    for side in (-0.8, -0.27, 0.27, 0.8):
        c.line(
            [(x + half * side, back), (x + half * side, back - tall * 0.9)],
            lit(WOOD, -0.45),
            width * 0.013,
        )
    _board(c, x - half * 0.25, back - tall * 0.5, width * 0.24)


def _board(c: Canvas, x: float, y: float, width: float) -> None:
    tall = width * 0.62
    c.poly(
        [
            (x, y - tall / 2),
            (x + width, y - tall / 2),
            (x + width, y + tall / 2),
            (x, y + tall / 2),
        ],
        (226, 230, 226),
    )
    for row in range(4):
        long = width * c.rng.uniform(0.5, 0.85)
        c.line(
            [
                (x + width * 0.08, y - tall * (0.32 - row * 0.2)),
                (x + width * 0.08 + long, y - tall * (0.32 - row * 0.2)),
            ],
            (70, 96, 130),
            width * 0.022,
        )


def pavilion_front(c: Canvas, x: float, y: float, width: float, roof: Colour) -> None:
    """Draw the pavilion's front posts and roof, after the people inside it."""
    half, tall = width / 2, width * 0.42
    for side in (-0.96, 0.96):
        post = x + half * side
        c.line([(post, y), (post, y - tall)], WOOD, width * 0.024)
        c.line(
            [(post - width * 0.008, y), (post - width * 0.008, y - tall)],
            lit(WOOD, 0.25),
            width * 0.007,
        )
    eave, ridge = y - tall * 0.93, y - tall * 1.62
    planks(
        c,
        (
            (x - half * 0.62, ridge),
            (x + half * 0.62, ridge),
            (x + half * 1.2, eave),
            (x - half * 1.2, eave),
        ),
        roof,
        11,
    )
    c.poly(
        [
            (x - half * 1.2, eave),
            (x + half * 1.2, eave),
            (x + half * 1.17, eave + width * 0.022),
            (x - half * 1.17, eave + width * 0.022),
        ],
        lit(roof, -0.55),
    )
    c.line([(x - half * 0.64, ridge), (x + half * 0.64, ridge)], lit(roof, -0.35), width * 0.022)


def house(c: Canvas, x: float, y: float, width: float) -> None:
    """Draw a village house with a gable roof in the background."""
    wall = c.rng.choice(((206, 190, 158), (180, 196, 190), (192, 160, 122), (214, 206, 190)))
    roof = c.rng.choice(((150, 82, 62), (96, 108, 118), (88, 112, 92), (132, 70, 54)))
    tall, half = width * 0.42, width / 2
    c.shadow(x, y, width * 0.62, width * 0.07, 0.6)
    planks(c, ((x - half, y - tall), (x + half, y - tall), (x + half, y), (x - half, y)), wall, 9)
    for place in (-0.55, 0.5):
        left = x + half * place - width * 0.07
        c.poly(
            [
                (left, y - tall * 0.74),
                (left + width * 0.15, y - tall * 0.74),
                (left + width * 0.15, y - tall * 0.3),
                (left, y - tall * 0.3),
            ],
            (58, 62, 66),
        )
        c.line(
            [(left + width * 0.075, y - tall * 0.74), (left + width * 0.075, y - tall * 0.3)],
            lit(wall, 0.4),
            width * 0.01,
        )
    c.poly(
        [
            (x - width * 0.06, y - tall * 0.78),
            (x + width * 0.08, y - tall * 0.78),
            (x + width * 0.08, y),
            (x - width * 0.06, y),
        ],
        lit(WOOD, -0.35),
    )
    planks(
        c,
        (
            (x - half * 0.72, y - tall * 1.75),
            (x + half * 0.72, y - tall * 1.75),
            (x + half * 1.2, y - tall * 0.92),
            (x - half * 1.2, y - tall * 0.92),
        ),
        roof,
        8,
    )
    c.poly(
        [
            (x - half, y - tall * 0.92),
            (x + half, y - tall * 0.92),
            (x + half, y - tall * 0.8),
            (x - half, y - tall * 0.8),
        ],
        (20, 18, 16, 110),
    )


def banner_pole(c: Canvas, x: float, y: float, tall: float, colour: Colour) -> None:
    """Draw a northern festival flag (tung) on a bending bamboo pole."""
    pole = [(x, y), (x + tall * 0.02, y - tall * 0.6), (x + tall * 0.12, y - tall)]
    c.line(pole, (150, 128, 80), tall * 0.016)
    left = x + tall * 0.1
    c.poly(
        [
            (left, y - tall),
            (left + tall * 0.07, y - tall * 0.98),
            (left + tall * 0.09, y - tall * 0.45),
            (left + tall * 0.01, y - tall * 0.47),
        ],
        colour,
    )
