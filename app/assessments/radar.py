"""The radar of the sides, as coordinates for an inline SVG.  Pure.

Any number of sides from three on; with fewer there is no area, and the table beside says it all.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

WIDTH, HEIGHT, RADIUS = 330, 268, 84  # units of the view box: 0.9 px each on a 360 px phone
CENTRE = (WIDTH / 2, HEIGHT / 2 + 2)
RINGS = (25, 50, 75, 100)  # percent
LINE_HEIGHT = 17
LETTER = 7.6  # a letter's width at 14 units, measured: Sarabun's mean of Thai and Latin
GAP = 12  # between the outer ring and a label
FEWEST = 3
MOST_LINES = 3  # of a name


@dataclass(frozen=True, slots=True)
class Label:
    """Where a side's name stands: lines of text, each with its own y."""

    x: float
    lines: tuple[tuple[float, str], ...]
    anchor: str  # start, middle or end


@dataclass(frozen=True, slots=True)
class Radar:
    """All that the picture needs; a shape is the `points` of a polygon."""

    rings: tuple[str, ...]
    spokes: tuple[tuple[float, float], ...]
    shape: str
    dots: tuple[tuple[float, float], ...]
    before: str  # empty: there is nothing to compare with
    labels: tuple[Label, ...]
    numbered: bool  # names too long for the picture: they stand in the table, by number


def radar_of(
    names: Sequence[str], now: Sequence[float], before: Sequence[float] | None = None
) -> Radar | None:
    """The picture of percentages `now` (and `before`), the first side on top, then clockwise."""
    count = len(names)
    if count < FEWEST:
        return None
    lines = [_lines(name, _room(place, count)) for place, name in enumerate(names)]
    numbered = not all(lines)
    shown = [
        (str(place + 1),) if numbered or not told else told for place, told in enumerate(lines)
    ]
    return Radar(
        rings=tuple(_shape([ring] * count) for ring in RINGS),
        spokes=tuple(_at(place, count, 100) for place in range(count)),
        shape=_shape(now),
        dots=tuple(_at(place, count, value) for place, value in enumerate(now)),
        before=_shape(before) if before else "",
        labels=tuple(_label(place, count, text) for place, text in enumerate(shown)),
        numbered=numbered,
    )


def _shape(values: Sequence[float]) -> str:
    corners = (_at(place, len(values), value) for place, value in enumerate(values))
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def _direction(place: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * place / count - math.pi / 2
    return math.cos(angle), math.sin(angle)


def _at(place: int, count: int, percent: float, further: float = 0) -> tuple[float, float]:
    across, down = _direction(place, count)
    distance = RADIUS * min(max(percent, 0), 100) / 100 + further
    return round(CENTRE[0] + across * distance, 1), round(CENTRE[1] + down * distance, 1)


def _label(place: int, count: int, lines: tuple[str, ...]) -> Label:
    across, down = _direction(place, count)
    x, y = _at(place, count, 100, GAP)
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    # The block of lines stands above the point on top, below it at the bottom, beside it between.
    first = y - (len(lines) - 1) * LINE_HEIGHT * (1 - down) / 2 + 5
    spots = tuple((round(first + LINE_HEIGHT * n, 1), line) for n, line in enumerate(lines))
    return Label(x, spots, anchor)


def _room(place: int, count: int) -> float:
    across, _down = _direction(place, count)
    if abs(across) < 0.2:
        return WIDTH * 0.9
    return WIDTH / 2 - abs(across) * (RADIUS + GAP)


def _width(text: str) -> float:
    """Marks above and below a letter take no room."""
    return LETTER * sum(unicodedata.category(letter) != "Mn" for letter in text)


def _lines(name: str, room: float) -> tuple[str, ...] | None:
    """The name in as few lines as fit the room; None if three do not."""
    words = name.split()
    for count in range(1, min(MOST_LINES, len(words)) + 1):
        cuts = [
            tuple(" ".join(words[a:b]) for a, b in pairwise((0, *places, len(words))))
            for places in combinations(range(1, len(words)), count - 1)
        ]
        best = min(cuts, key=lambda lines: max(map(_width, lines)))
        if max(map(_width, best)) <= room:
            return best
    return None
