"""The centre's board, and the Thai words on it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from app.demo.pictures.built import THATCH, WOOD, planks
from app.demo.pictures.paint import Canvas, lit


@lru_cache(maxsize=16)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def sign(
    c: Canvas, x: float, y: float, width: float, lines: tuple[str, ...], font: Path | None
) -> None:
    """Draw a centre's board on two posts; without a font its lines are only strokes."""
    tall, half = width * 0.5, width / 2
    c.shadow(x + width * 0.04, y, width * 0.55, width * 0.04, 0.6)
    for side in (-0.74, 0.74):
        c.line(
            [(x + half * side, y), (x + half * side, y - width * 0.42 - tall)], WOOD, width * 0.035
        )
        c.line(
            [
                (x + half * side - width * 0.01, y),
                (x + half * side - width * 0.01, y - width * 0.42 - tall),
            ],
            lit(WOOD, 0.3),
            width * 0.009,
        )
    top = y - width * 0.34 - tall
    planks(
        c,
        (
            (x - half * 1.14, top - width * 0.17),
            (x + half * 1.14, top - width * 0.17),
            (x + half * 1.22, top - width * 0.02),
            (x - half * 1.22, top - width * 0.02),
        ),
        THATCH,
        5,
    )
    face = c.rng.choice(((34, 92, 62), (38, 78, 128), (122, 58, 40)))
    c.poly(
        [(x - half, top), (x + half, top), (x + half, top + tall), (x - half, top + tall)],
        lit(face, 0.75),
    )
    edge = width * 0.016
    c.poly(
        [
            (x - half + edge, top + edge),
            (x + half - edge, top + edge),
            (x + half - edge, top + tall - edge),
            (x - half + edge, top + tall - edge),
        ],
        face,
    )
    _lettering(c, (x, top, width * 0.9, tall), lines, font)


def _lettering(
    c: Canvas, box: tuple[float, float, float, float], lines: tuple[str, ...], font: Path | None
) -> None:
    x, top, width, tall = box
    for row, text in enumerate(lines):
        middle = top + tall * (row + 0.62) / (len(lines) + 0.24)
        ink = (255, 244, 206) if row == 0 else (244, 248, 244)
        if font is None:
            c.line([(x - width * 0.4, middle), (x + width * 0.4, middle)], ink, tall * 0.06)
            continue
        size = round(tall * 0.66 / len(lines) * c.u)
        face = _font(font, size)
        while face.getlength(text) > width * c.u and size > 8:
            size = round(size * 0.92)
            face = _font(font, size)
        c.draw.text((x * c.u, middle * c.u), text, font=face, fill=ink, anchor="mm")
