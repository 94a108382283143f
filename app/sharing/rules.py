"""What a copy for the public needs before it is made.  Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.shared.errors import Problem

MOST_BOXES = 80  # a school class and its teachers
SMALLEST = 0.002  # of a side: three pixels of 1600, less than a finger or mouse can mean
_DECIMALS = 4  # a sixth of a pixel of 1600


@dataclass(frozen=True, slots=True)
class Box:
    """A place to make unrecognisable: left, top, width and height as fractions of the picture."""

    x: float
    y: float
    width: float
    height: float

    def clipped(self) -> Box:
        """The part of it that lies in the picture, in whole ten-thousandths."""
        left, top = max(0.0, self.x), max(0.0, self.y)
        right = min(1.0, self.x + self.width)
        bottom = min(1.0, self.y + self.height)
        return Box(*(round(n, _DECIMALS) for n in (left, top, right - left, bottom - top)))

    def as_json(self) -> list[float]:
        """As the database keeps it."""
        return [self.x, self.y, self.width, self.height]


def check_boxes(boxes: Sequence[Box], *, nobody: bool, agreed: bool) -> list[Problem]:
    """Every reason not to make a copy with these boxes.

    `nobody` is the officer's word that in the copy no face can be recognised.  It is needed
    without a box, and wherever the group has not `agreed` that its faces are published.
    """
    if not nobody and not agreed:
        return [Problem("nobody", "word_needed")]
    if not boxes:
        return [] if nobody else [Problem("nobody", "no_box_no_word")]
    if len(boxes) > MOST_BOXES:
        return [Problem("", "too_many", {"max": MOST_BOXES})]
    return [] if all(_has_size(box) for box in boxes) else [Problem("", "box_outside")]


def _has_size(box: Box) -> bool:
    numbers = (box.x, box.y, box.width, box.height)
    if not all(math.isfinite(number) for number in numbers):
        return False
    inside = box.clipped()
    return inside.width >= SMALLEST and inside.height >= SMALLEST
