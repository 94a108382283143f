"""โคก ศาลา แปลง ป้าย: the mound, the pavilion, the beds and the board."""

from __future__ import annotations

from app.demo.pictures import board, built, figures, groundwork, plants
from app.demo.pictures.paint import Canvas, Point, Ramp, lit
from app.demo.pictures.setting import Setting, open_view, tree, verge


def mound(c: Canvas, s: Setting) -> None:
    """โคก: a mound planted with trees of five heights, its soil covered with straw."""
    open_view(c, s, 0.42, 0.5)
    middle, foot = c.place(c.rng.uniform(0.4, 0.58), 0.56)
    half, rise = c.w * c.rng.uniform(0.42, 0.5), (c.h - c.horizon) * c.rng.uniform(0.44, 0.54)
    crest = [
        (middle + half * t, foot - rise * (1 - t * t) ** 1.3)
        for t in [i / 14 - 1 for i in range(29)]
    ]
    c.shadow(middle, foot + 8, half * 1.15, 60, 0.6)
    c.poly(
        [
            *crest,
            (middle + half * 0.6, foot + 36),
            (middle, foot + 46),
            (middle - half * 0.6, foot + 36),
        ],
        lit(s.season.soil[1], 0.05),
    )
    c.poly(
        [*crest[:15], (middle - half * 0.3, foot + 44), (middle - half * 0.6, foot + 36)],
        (*lit(s.season.soil[0], -0.2), 70),
    )
    groundwork.straws(
        c,
        (
            (middle - half * 0.3, foot - rise * 0.8),
            (middle + half * 0.3, foot - rise * 0.8),
            (middle + half * 0.8, foot + 24),
            (middle - half * 0.8, foot + 24),
        ),
        900,
    )
    for height, tall in (
        (0.92, 4.6),
        (0.84, 3.8),
        (0.68, 3.0),
        (0.5, 2.4),
        (0.34, 1.9),
        (0.16, 1.5),
        (0.02, 1.0),
    ):
        for side in (-1, 1):
            t = side * c.rng.uniform(0.15, 0.9) * (1 - height * 0.4)
            _planted(
                c, s, (middle + half * t, foot - rise * height * (1 - t * t)), tall, c.metre(foot)
            )
    for i in range(min(7, s.people)):
        x, y = c.place(0.08 + 0.84 * ((i * 0.618 + 0.2) % 1), 0.6 + 0.03 * i)
        pose = figures.bending if i % 3 else figures.standing
        pose(c, x, y, s.crowd, 1.65 * c.metre(y))
    verge(c, s, 300, 0.76, 0.4)


def _planted(c: Canvas, s: Setting, spot: Point, tall_m: float, metre: float) -> None:
    leaf = plants.species(c, s.season.leaf, blossom=s.season.blossom)
    if tall_m < 1.8:
        plants.shrub(c, *spot, tall_m * 0.5 * metre, leaf)
    elif tall_m < 2.6 and c.rng.random() < 0.5:
        plants.banana(c, *spot, tall_m * metre, s.season.leaf)
    else:
        plants.tree(c, *spot, tall_m * metre, leaf, c.rng.uniform(0.24, 0.34))


def pavilion(c: Canvas, s: Setting) -> None:
    """ศาลา: a group listens in the learning pavilion."""
    open_view(c, s, 0.42, 0.5)
    for across, down, tall in ((0.08, 0.2, 8), (0.9, 0.22, 7), (0.3, 0.18, 7.5), (0.7, 0.16, 8)):
        tree(c, s, across + c.rng.uniform(-0.05, 0.05), down, tall)
    x, y = c.place(c.rng.uniform(0.46, 0.56), 0.46)
    width = min(c.w * 0.74, 8.2 * c.metre(y))
    built.pavilion(c, x, y, width, built.THATCH)
    size = 0.21 * width
    figures.standing(c, x - width * 0.14, y - width * 0.085, "official", size, points=True)
    inside = min(14, max(6, s.people))
    for i in range(inside):
        lane = -0.4 + 0.8 * ((i * 0.618 + 0.3) % 1)
        figures.sitting(
            c, x + width * lane, y - width * (0.07 - 0.055 * i / inside), s.crowd, size * 1.02
        )
    roof = c.rng.choice((built.THATCH, (152, 74, 56), (92, 116, 96)))
    built.pavilion_front(c, x, y, width, roof)
    x, y = c.place(0.06, 0.62)
    plants.banana(c, x, y, 2.8 * c.metre(y), s.season.leaf)
    plants.shrub(c, c.w * 0.93, y, 0.8 * c.metre(y), s.season.leaf)
    outside = max(0, s.people - inside)
    if outside:
        figures.crowd(c, (c.w * 0.62, y, c.w * 0.94, y + 40), s.crowd, min(6, outside), size * 1.25)
    verge(c, s, 260, 0.76, 0.35)


def compost(c: Canvas, s: Setting) -> None:
    """ปุ๋ยหมักและห่มดิน: mulched beds, a heap and a bin, people at work."""
    open_view(c, s, 0.36, 0.44, s.season.soil)
    for across, down, tall in ((0.1, 0.1, 6), (0.5, 0.08, 7), (0.88, 0.12, 6.5)):
        tree(c, s, across + c.rng.uniform(-0.06, 0.06), down, tall)
    vanish = c.rng.uniform(0.35, 0.65)
    for lane in (-0.95, -0.38, 0.2, 0.78):
        _mulched_bed(c, s, vanish, lane)
    x, y = c.place(c.rng.choice((0.2, 0.78)), 0.36)
    groundwork.heap(c, x, y, 2.6 * c.metre(y))
    x, y = c.place(0.5, 0.3)
    groundwork.bin_of_bamboo(c, x, y, 1.5 * c.metre(y))
    for i in range(max(2, min(7, s.people))):
        x, y = c.place(0.1 + 0.8 * ((i * 0.618 + 0.1) % 1), 0.36 + 0.055 * i)
        pose = figures.standing if i % 3 == 2 else figures.bending
        pose(c, x, y, s.crowd, 1.62 * c.metre(y))
    verge(c, s, 90, 0.93, 0.3)


def _mulched_bed(c: Canvas, s: Setting, vanish: float, lane: float) -> None:
    far, near = 0.24, 0.98

    def across(down: float, offset: float) -> Point:
        y = c.place(0, down)[1]
        return vanish * c.w + (lane + offset) * c.metre(y) * 5.2, y

    quad = (across(far, -0.2), across(far, 0.2), across(near, 0.2), across(near, -0.2))
    groundwork.bed(c, quad, s.season.soil[1])
    for i in range(9):
        x, y = across(far + (near - far) * ((i + 0.5) / 9) ** 1.5, c.rng.uniform(-0.05, 0.05))
        plants.shrub(c, x, y, 0.26 * c.metre(y), s.season.leaf)


def garden(c: Canvas, s: Setting) -> None:
    """แปลงผักที่บ้าน: a learner's vegetable plot beside the house."""
    open_view(c, s, 0.36, 0.42, s.season.soil)
    side = c.rng.choice((0.28, 0.7))
    tree(c, s, 1.02 - side, 0.12, 6)
    x, y = c.place(side, 0.26)
    built.house(c, x, y, min(c.w * 0.52, 6.4 * c.metre(y)))
    x, y = c.place(1 - side, 0.36)
    plants.banana(c, x, y, 3 * c.metre(y), s.season.leaf)
    groundwork.trellis(c, c.w * (1 - side) - 170, y + 20, 300, 1.5 * c.metre(y))
    for i in range(16):
        plants.tuft(
            c,
            c.w * (1 - side) - 160 + 19 * i,
            y + 10 - c.rng.uniform(0.1, 1.3) * c.metre(y),
            20,
            s.season.leaf,
        )
    greens: tuple[Ramp, ...] = (
        ((28, 62, 20), (92, 150, 54), (186, 220, 120)),
        ((22, 54, 34), (70, 126, 78), (160, 200, 150)),
        ((52, 70, 18), (142, 172, 60), (222, 232, 140)),
        ((52, 28, 44), (116, 72, 96), (170, 140, 130)),
    )
    for row, down in enumerate((0.42, 0.52, 0.65, 0.82)):
        _vegetable_row(c, s, down, greens[(row + c.rng.randrange(4)) % 4])
        if row == 1:
            for i in range(min(3, s.people)):
                x, y = c.place(0.2 + 0.3 * i + c.rng.uniform(-0.05, 0.05), 0.575)
                figures.bending(c, x, y, s.crowd, 1.6 * c.metre(y))
    verge(c, s, 60, 0.97, 0.3)


def _vegetable_row(c: Canvas, s: Setting, down: float, ramp: Ramp) -> None:
    y = c.place(0, down)[1]
    deep = 0.5 * c.metre(y)
    c.poly(
        [
            (-10, y - deep * 0.5),
            (c.w + 10, y - deep * 0.5),
            (c.w + 10, y + deep * 0.75),
            (-10, y + deep * 0.75),
        ],
        lit(s.season.soil[0], -0.12),
    )
    c.poly(
        [
            (-10, y - deep * 0.5),
            (c.w + 10, y - deep * 0.5),
            (c.w + 10, y + deep * 0.4),
            (-10, y + deep * 0.4),
        ],
        lit(s.season.soil[1], -0.12),
    )
    groundwork.straws(
        c,
        (
            (-10, y - deep * 0.5),
            (c.w + 10, y - deep * 0.5),
            (c.w + 10, y + deep * 0.4),
            (-10, y + deep * 0.4),
        ),
        160,
    )
    size = 0.2 * c.metre(y)
    for lane in (-0.28, 0.16):
        x = c.rng.uniform(0, size)
        while x < c.w + size:
            plants.rosette(c, x, y + deep * lane, size * c.rng.uniform(0.85, 1.2), ramp)
            x += size * 2.5


def sign(c: Canvas, s: Setting) -> None:
    """ป้ายศูนย์: the board of the centre beside its entrance."""
    open_view(c, s, 0.46, 0.54)
    for across, down, tall in ((0.05, 0.22, 7), (0.94, 0.24, 8), (0.2, 0.16, 6), (0.8, 0.15, 5)):
        tree(c, s, across + c.rng.uniform(-0.05, 0.05), down, tall)
    path = [c.place(0.5, 0.05), c.place(0.53, 0.05), c.place(1.02, 1.05), c.place(0.42, 1.05)]
    c.poly(path, lit(s.season.soil[2], -0.05))
    groundwork.straws(c, (path[0], path[1], path[2], path[3]), 260)
    width = c.w * c.rng.uniform(0.46, 0.54)
    x, y = c.place(c.rng.uniform(0.4, 0.5), 0.66)
    board.sign(c, x, y, width, s.lines, s.font)
    for place in (-0.52, -0.3, 0.34, 0.54):
        plants.shrub(c, x + width * place, y + 12, 0.42 * c.metre(y), s.season.leaf)
    built.banner_pole(c, c.w * 0.92, c.place(0, 0.5)[1], 420, (206, 72, 66))
    if s.people:
        right = c.w * 0.96
        figures.crowd(
            c,
            (x + width * 0.56, y - 10, right, y + 60),
            s.crowd,
            min(4, s.people),
            1.65 * c.metre(y),
        )
    verge(c, s, 280, 0.74, 0.4)
