"""Whether two pictures are the same photograph, and what was done to it.

Points are matched, one turn, scale and shift is fitted to them, and then the pixels are compared
where the two pictures overlap: points alone would also agree on two photos of the same wall.
A wrong "yes" accuses someone, so every doubt ends in None.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from PIL import Image

from app.prints import pixels, waves
from app.prints.features import Grey, Pixels, described, reduced
from app.prints.pixels import Map
from app.prints.waves import Floats

LONGER_SIDE_PX = 256
POINTS = 120
MIN_INLIERS = 10
REACH_PX = 3.0
"""How far a matched point may lie from where the fitted map puts it."""

RATIO = 0.85
"""A match counts when its distance is below this share of the next best one's (Lowe)."""

MAX_APART = 0.75
"""Two descriptions further apart (of 1.41 at most) are not of the same point."""

SCALES = (0.4, 2.5)
MIN_OVERLAP = 0.3


@dataclass(frozen=True)
class Likeness:
    """How picture b shows the same photograph as picture a.

    `score` is the share of blocks in the overlap whose pixels agree; `overlap_a` and `overlap_b`
    are the shares of each picture that the other shows.  Told of b, after its mirroring is
    undone: `turned_deg` clockwise against a (-180 to 180), `scale` times as large as in a when
    both are drawn with the same longer side.
    """

    score: float
    mirrored: bool
    turned_deg: float
    scale: float
    overlap_a: float
    overlap_b: float
    recoloured: bool

    def facts(self) -> dict[str, float | bool]:
        """The same for a JSON column, numbers rounded so that they read well."""
        return {
            name: value if isinstance(value, bool) else round(value, 3)
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Side:
    """One picture made ready, to be compared often: colours and greys (256 px), its points."""

    colours: Pixels
    grey: Grey
    at: Floats
    found: Floats

    def mirror(self) -> Side:
        """The picture's mirror image, described without looking at it again."""
        at = self.at.copy()
        at[:, 0] = self.grey.shape[1] - 1 - at[:, 0]
        return Side(self.colours[:, ::-1], self.grey[:, ::-1], at, waves.mirrored(self.found))


def likeness(a: Image.Image, b: Image.Image) -> Likeness | None:
    """How `b` shows the same photograph as `a`; None when it does not, or cannot be told.

    Any size and mode, upright; both are brought to 256 px, so 320 px thumbnails are enough.
    """
    return likeness_of(side_of(a), side_of(b))


def likeness_of(a: Side | None, b: Side | None) -> Likeness | None:
    """`likeness` of pictures made ready: describing one takes longer than comparing two."""
    if a is None or b is None:
        return None
    ways = [(side, _fitted(a, side)) for side in (b, b.mirror())]
    side, (inliers, fitted) = max(ways, key=lambda way: way[1][0])
    if fitted is None or inliers < MIN_INLIERS:
        return None
    return _judged(a, side, fitted, mirrored=side is not b)


def side_of(image: Image.Image) -> Side | None:
    """The picture made ready; None where it has too few points to be told from another."""
    colours = reduced(image.convert("RGB"), LONGER_SIDE_PX)
    grey = np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), np.uint8)
    points, found = described(grey, POINTS)
    if len(points) < MIN_INLIERS:
        return None
    return Side(colours, grey, np.array([point.pt for point in points], np.float32), found)


def _fitted(a: Side, b: Side) -> tuple[int, Map | None]:
    """How many points agree on one map (2 x 3) from b's pixels to a's, and that map."""
    alike = b.found @ a.found.T
    best = np.argpartition(-alike, 1, axis=1)[:, :2]
    apart = np.sqrt(np.maximum(2 - 2 * np.take_along_axis(alike, best, axis=1), 0))
    order = np.argsort(apart, axis=1, kind="stable")
    nearest = np.take_along_axis(best, order, axis=1)[:, 0]
    apart = np.take_along_axis(apart, order, axis=1)
    good = (apart[:, 0] < RATIO * apart[:, 1]) & (apart[:, 0] < MAX_APART)
    if int(good.sum()) < MIN_INLIERS:
        return 0, None
    fitted, held = cv2.estimateAffinePartial2D(
        b.at[good], a.at[nearest[good]], ransacReprojThreshold=REACH_PX, maxIters=1000
    )
    if fitted is None:
        return 0, None
    return int(np.count_nonzero(held)), np.asarray(fitted, np.float64)


def _judged(a: Side, b: Side, fitted: Map, *, mirrored: bool) -> Likeness | None:
    scale = float(np.hypot(fitted[0, 0], fitted[1, 0]))
    if not SCALES[0] <= scale <= SCALES[1]:
        return None
    covered = pixels.laid(np.full_like(b.grey, 255), fitted, a.grey) > 250
    shown_a = float(covered.mean())
    shown_b = min(shown_a * a.grey.size / (scale**2 * b.grey.size), 1.0)
    if min(shown_a, shown_b) < MIN_OVERLAP:
        return None
    inside = pixels.shrunk(covered)
    score = pixels.agreement(a.grey, pixels.laid(b.grey, fitted, a.grey), inside)
    if score is None:
        return None
    turned = -float(np.degrees(np.arctan2(fitted[1, 0], fitted[0, 0])))
    recoloured = pixels.recoloured(a.colours, pixels.laid(b.colours, fitted, a.grey), inside)
    return Likeness(score, mirrored, turned, 1 / scale, shown_a, shown_b, recoloured)
