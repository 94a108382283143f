"""What a scene is told, and what every scene begins with: the view, its trees and its grass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.demo.pictures import figures, plants
from app.demo.pictures.land import backdrop, ground
from app.demo.pictures.paint import Canvas, Point, Ramp, mix
from app.demo.pictures.weather import Light, Season


@dataclass(frozen=True)
class Setting:
    """What a scene is told: daylight, season, who is there and what a board says."""

    light: Light
    season: Season
    crowd: str  # a key of figures.OUTFITS
    people: int
    lines: tuple[str, ...]
    font: Path | None


def open_view(c: Canvas, s: Setting, low: float, high: float, ramp: Ramp | None = None) -> None:
    """Paint what every scene begins with: sky, hills, plain and a line of far trees."""
    c.horizon = c.h * c.rng.uniform(low, high)
    backdrop(c, c.horizon, s.light, s.season)
    ground(c, c.horizon, ramp or s.season.grass, s.light)
    hazy = _hazed(s, 0.62)
    plants.thicket(c, c.horizon + 5, c.rng.uniform(20, 34), hazy, -20, c.w + 20)
    nearer = _hazed(s, 0.35)
    start = c.rng.uniform(-0.2, 0.5) * c.w
    plants.thicket(c, c.horizon + 12, 52, nearer, start, start + c.w * c.rng.uniform(0.3, 0.6))


def _hazed(s: Setting, share: float) -> Ramp:
    leaf, veil = s.season.leaf, share * (0.5 + 0.5 * s.light.thickness)
    return (
        mix(leaf[0], s.light.haze, veil),
        mix(leaf[1], s.light.haze, veil),
        mix(leaf[2], s.light.haze, veil),
    )


def tree(c: Canvas, s: Setting, across: float, down: float, tall_m: float) -> None:
    """Plant a tree `tall_m` metres high at a spot given as shares of the plain."""
    x, y = c.place(across, down)
    if tall_m >= 6 and c.rng.random() < 0.2:
        plants.palm(c, x, y, 1.15 * tall_m * c.metre(y), s.season.leaf)
        return
    leaf = plants.species(c, s.season.leaf, blossom=s.season.blossom)
    plants.tree(c, x, y, tall_m * c.metre(y), leaf, c.rng.uniform(0.3, 0.42))


def verge(c: Canvas, s: Setting, count: int, top: float, tall_m: float = 0.45) -> None:
    """Scatter grass from `top` (share of the plain) to the foot, the farthest first."""
    for down in sorted(top + (1.04 - top) * c.rng.random() for _ in range(count)):
        x, y = c.place(c.rng.uniform(-0.02, 1.02), down)
        plants.stalks(c, x, y, tall_m * c.metre(y) * c.rng.uniform(0.5, 1.1), s.season.grass)


def edge(c: Canvas, s: Setting, points: Sequence[Point], tall_m: float, every: float) -> None:
    """Plant grass along a line of points, the farthest first."""
    for x, y in sorted(points, key=lambda point: point[1]):
        if c.rng.random() < every:
            plants.stalks(
                c,
                x + c.rng.uniform(-9, 9),
                y + c.rng.uniform(-3, 5),
                tall_m * c.metre(y) * c.rng.uniform(0.6, 1.2),
                s.season.grass,
            )


def visitors(c: Canvas, s: Setting, box: tuple[float, float, float, float]) -> None:
    """Stand the crowd in a box given as shares of the plain."""
    (left, top), (right, bottom) = c.place(box[0], box[1]), c.place(box[2], box[3])
    size = 1.65 * c.metre(bottom)
    figures.crowd(c, (left, top, right, bottom), s.crowd, s.people, size)
