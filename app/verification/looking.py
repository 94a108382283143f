"""Looks at the picture in a dropped file: is it one of ours, and how was it changed?

Runs only inside the fence, never in the web process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PIL import Image

from app.prints.compare import Likeness, likeness_of, side_of

MOST_COMPARED = 12  # candidates come best first; the right one is among the first few


@dataclass(frozen=True, slots=True)
class Found:
    """The photo whose picture it is, and how the file's differs from it."""

    photo_id: UUID
    likeness: Likeness


def best_of(
    picture: Image.Image,
    candidates: list[tuple[UUID, str]],
    open_thumb: Callable[[str], Image.Image | None],
) -> Found | None:
    """The candidate that shows the same picture, the likeliest first; None where none does.

    `candidates` are photos with the digest of their thumbnail, those that count first: of
    equally like ones the first is named.  `open_thumb` gives None for a file that is not there.
    """
    best: Found | None = None
    ours = side_of(picture)
    for photo_id, digest in candidates[:MOST_COMPARED]:
        thumb = open_thumb(digest)
        alike = likeness_of(side_of(thumb), ours) if thumb is not None else None
        if alike is not None and (best is None or _rank(alike) > _rank(best.likeness)):
            best = Found(photo_id, alike)
    return best


def _rank(alike: Likeness) -> float:
    return round(alike.score * alike.overlap_a * alike.overlap_b, 2)
