"""Simple people without faces: pupils, villagers and officers, standing, walking, working."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.pictures.paint import Canvas, Colour, lit, vary

SKINS: tuple[Colour, ...] = ((188, 138, 102), (168, 118, 84), (204, 156, 120))
HAIR: Colour = (34, 28, 28)


@dataclass(frozen=True)
class Outfit:
    """What a group wears: shirts, lower garments, whether they wear the farmers' hat."""

    shirts: tuple[Colour, ...]
    lowers: tuple[Colour, ...]
    hats: float  # share with a woven hat
    height: float  # 1 = an adult


OUTFITS = {
    "school": Outfit(((240, 240, 238), (236, 238, 242)), ((44, 54, 96), (138, 106, 70)), 0.0, 0.82),
    "village": Outfit(
        ((56, 84, 138), (150, 66, 58), (58, 74, 110), (206, 176, 98), (98, 124, 84)),
        ((52, 50, 58), (78, 64, 60), (58, 70, 96)),
        0.6,
        1.0,
    ),
    "official": Outfit(
        ((172, 148, 104), (176, 152, 110), (232, 226, 214)),
        ((142, 120, 84), (48, 48, 58)),
        0.05,
        1.02,
    ),
    "family": Outfit(
        ((226, 128, 108), (104, 164, 176), (236, 208, 120), (222, 222, 214)),
        ((62, 74, 110), (90, 80, 78), (190, 176, 150)),
        0.2,
        0.94,
    ),
}


@dataclass(frozen=True)
class Build:
    """One person: colours and size (units), which way they lean."""

    size: float
    skin: Colour
    shirt: Colour
    lower: Colour
    hat: bool
    way: int  # -1 looks left, 1 looks right


def build(c: Canvas, kind: str, size: float) -> Build:
    """Dress one person of a group; `size` is an adult's height in units."""
    outfit = OUTFITS[kind]
    return Build(
        size * outfit.height * c.rng.uniform(0.93, 1.06),
        c.rng.choice(SKINS),
        vary(c.rng, c.rng.choice(outfit.shirts), 8),
        c.rng.choice(outfit.lowers),
        c.rng.random() < outfit.hats,
        c.rng.choice((-1, 1)),
    )


def standing(
    c: Canvas, x: float, y: float, kind: str, size: float, *, points: bool = False
) -> None:
    """Draw someone on their feet; `points` raises one arm, as a trainer does."""
    who = build(c, kind, size)
    s = who.size
    c.shadow(x + s * 0.12, y, s * 0.3, s * 0.06, 0.55)
    step = c.rng.uniform(0.03, 0.075) * s
    for foot in (-step, step):
        c.rod((x + foot * 0.6, y - s * 0.46), (x + foot, y - s * 0.03), s * 0.1, who.lower)
        c.oval(x + foot + who.way * s * 0.02, y - s * 0.012, s * 0.055, s * 0.022, (40, 34, 32))
    c.poly(
        [
            (x - s * 0.115, y - s * 0.52),
            (x + s * 0.115, y - s * 0.52),
            (x + s * 0.13, y - s * 0.38),
            (x - s * 0.13, y - s * 0.38),
        ],
        who.lower,
    )
    _arms(c, who, x, y, points=points)
    _trunk(c, who, x, y - s * 0.46, y - s * 0.83)
    _head(c, who, x + who.way * s * 0.012, y - s * 0.915)


def _arms(c: Canvas, who: Build, x: float, y: float, *, points: bool) -> None:
    s, sleeve = who.size, lit(who.shirt, -0.1)
    for side in (-1, 1):
        shoulder = (x + side * s * 0.125, y - s * 0.785)
        elbow = (x + side * s * 0.175, y - s * 0.63)
        hand = (x + side * s * c.rng.uniform(0.12, 0.2), y - s * 0.49)
        if points and side == who.way:
            elbow, hand = (x + side * s * 0.25, y - s * 0.76), (x + side * s * 0.4, y - s * 0.87)
        c.rod(elbow, hand, s * 0.055, who.skin)
        c.rod(shoulder, elbow, s * 0.078, sleeve)


def _trunk(c: Canvas, who: Build, x: float, hip: float, neck: float) -> None:
    s = who.size
    body = [
        (x - s * 0.1, neck),
        (x + s * 0.1, neck),
        (x + s * 0.15, neck + s * 0.06),
        (x + s * 0.125, hip),
        (x - s * 0.125, hip),
        (x - s * 0.15, neck + s * 0.06),
    ]
    c.poly(body, who.shirt)
    c.poly(
        [body[0], (x - s * 0.02, neck), (x - s * 0.05, hip), body[4], body[5]],
        (*lit(who.shirt, -0.5), 70),
    )


def _head(c: Canvas, who: Build, x: float, y: float) -> None:
    s = who.size
    c.rod((x, y + s * 0.06), (x, y + s * 0.1), s * 0.06, lit(who.skin, -0.15))
    c.oval(x, y, s * 0.066, s * 0.08, who.skin)
    c.oval(x - who.way * s * 0.012, y - s * 0.006, s * 0.064, s * 0.078, HAIR)
    if who.hat:
        straw = (214, 184, 122)
        c.oval(x, y - s * 0.035, s * 0.15, s * 0.036, lit(straw, -0.3))
        c.poly(
            [(x - s * 0.15, y - s * 0.04), (x, y - s * 0.145), (x + s * 0.15, y - s * 0.04)], straw
        )
        c.poly(
            [(x - s * 0.15, y - s * 0.04), (x, y - s * 0.145), (x - s * 0.03, y - s * 0.04)],
            lit(straw, -0.18),
        )


def sitting(c: Canvas, x: float, y: float, kind: str, size: float) -> None:
    """Draw someone sitting on the ground, seen from behind."""
    who = build(c, kind, size)
    s = who.size
    c.shadow(x, y, s * 0.26, s * 0.07, 0.5)
    c.oval(x, y - s * 0.05, s * 0.2, s * 0.075, who.lower)
    _trunk(c, who, x, y - s * 0.05, y - s * 0.4)
    for side in (-1, 1):
        c.rod(
            (x + side * s * 0.13, y - s * 0.35),
            (x + side * s * 0.17, y - s * 0.16),
            s * 0.075,
            lit(who.shirt, -0.12),
        )
    _head(c, who, x, y - s * 0.485)


def bending(c: Canvas, x: float, y: float, kind: str, size: float) -> None:
    """Draw someone bent over the soil or the rice."""
    who = build(c, kind, size)
    s, way = who.size, who.way
    c.shadow(x + way * s * 0.1, y, s * 0.36, s * 0.06, 0.5)
    for foot in (-0.08, 0.06):
        c.rod((x, y - s * 0.46), (x + foot * s, y - s * 0.03), s * 0.105, who.lower)
    hip, neck = (x, y - s * 0.48), (x + way * s * 0.3, y - s * 0.6)
    c.rod(hip, neck, s * 0.2, who.shirt)
    c.rod(
        (hip[0], hip[1] + s * 0.05),
        (neck[0], neck[1] + s * 0.06),
        s * 0.1,
        (*lit(who.shirt, -0.5), 60),
    )
    for reach in (0.3, 0.38):
        c.rod(
            (neck[0], neck[1] + s * 0.04), (x + way * s * reach, y - s * 0.16), s * 0.055, who.skin
        )
    _head(c, who, neck[0] + way * s * 0.12, neck[1] + s * 0.015)


def crowd(
    c: Canvas, spot: tuple[float, float, float, float], kind: str, count: int, size: float
) -> None:
    """Stand `count` people in the box (left, top, right, bottom), the farthest first."""
    left, top, right, bottom = spot
    rows = sorted(c.rng.uniform(top, bottom) for _ in range(count))
    for place, y in enumerate(rows):
        lane = (place * 0.618 + c.rng.uniform(-0.04, 0.04)) % 1
        grown = size * (0.82 + 0.18 * (y - top) / max(1.0, bottom - top))
        standing(c, left + lane * (right - left), y, kind, grown)
