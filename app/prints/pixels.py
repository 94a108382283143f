"""Whether the pixels of two pictures agree, once one lies on the other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.prints.features import Grey, Pixels
from app.prints.waves import Floats

BLOCK_PX = 16
SOFT_PX = 1.0
"""Both pictures are blurred so much first: what re-saving loses is not compared."""

MIN_SPREAD = 2.5
"""Standard deviation of greys from which a block shows something."""

BLOCK_AGREES = 0.85
"""Correlation of the greys in a block: edited copies reach 0.95 and more."""

MIN_BLOCKS = 40
"""Fewer blocks that show something (of about 700) prove nothing; blocks overlap by half."""

MIN_AGREEING = 0.95
"""780 edited copies reached 0.96 and more; second photos from a step aside stay below 0.8."""

STRIP = 0.25
"""What camera apps print over a photo: a strip of up to a quarter along one side."""

MIN_BESIDE_STRIP = 0.97
MIN_WITH_STRIP = 0.7

CUT_PX = 2
"""So much of the overlap's rim is not compared: half a pixel's error there meets a black frame."""

SHIFTED = np.array([8.0, 4.0, 4.0])
"""How far the means of lightness and of the two colour differences may move."""

CONTRAST = 1.12
"""By what factor the spread of lightness may differ."""

PALED = 1.5
SHOWS_COLOUR = 4.0
"""Colours paled by that factor count where there were any (standard deviation of greys)."""

Map = NDArray[np.float64]
Mask = NDArray[np.bool_]


def laid(b: Pixels, fitted: Map, a: Grey) -> Pixels:
    """b (grey or colours) as it lies on a, black around."""
    flat = np.ascontiguousarray(b)
    return np.asarray(cv2.warpAffine(flat, fitted, (a.shape[1], a.shape[0])), np.uint8)


def shrunk(covered: Mask) -> Mask:
    """The overlap without its rim."""
    size = 2 * CUT_PX + 1
    inner = cv2.erode(
        covered.astype(np.uint8),
        np.ones((size, size), np.uint8),
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return np.asarray(inner > 0)


def agreement(a: Grey, b: Grey, covered: Mask) -> float | None:
    """The share of blocks in the overlap whose pixels agree; None when too many do not.

    A camera app's print may cover a strip along one side, when all the rest agrees.  On the other
    hand the print alone proves nothing: two bare walls may carry the same one.
    """
    whole = _blurred_mean(covered.astype(np.float32)) > 0.999
    alike, shows = _correlation(a, b)
    shows &= whole
    if not shows.any():
        return None
    rests = [shows & inside for inside in _without_strip(whole)]
    if min(int(rest.sum()) for rest in rests) < MIN_BLOCKS:
        return None
    agrees = alike > BLOCK_AGREES
    score = float(agrees[shows].mean())
    beside = max(float(agrees[rest].mean()) for rest in rests)
    covered_by_print = score >= MIN_WITH_STRIP and beside >= MIN_BESIDE_STRIP
    return score if score >= MIN_AGREEING or covered_by_print else None


def _blurred_mean(values: Floats) -> Floats:
    """The mean of each block; blocks overlap by half, those cut by the edge are left out."""
    step = BLOCK_PX // 2
    means = cv2.blur(values, (BLOCK_PX, BLOCK_PX))[step:-step:step, step:-step:step]
    return np.asarray(means, np.float32)


def _correlation(a: Grey, b: Grey) -> tuple[Floats, Mask]:
    """How alike the greys of each block are (-1 to 1), and which blocks show anything.

    Blocks burnt out or drowned in either picture say nothing: brightening does that to skies.
    """
    x, y = (cv2.GaussianBlur(g, (0, 0), SOFT_PX).astype(np.float32) for g in (a, b))
    mean_x, mean_y = _blurred_mean(x), _blurred_mean(y)
    spread_x = np.maximum(_blurred_mean(x * x) - mean_x**2, 0)
    spread_y = np.maximum(_blurred_mean(y * y) - mean_y**2, 0)
    both = _blurred_mean(x * y) - mean_x * mean_y
    lost = (np.minimum(mean_x, mean_y) < 5) | (np.maximum(mean_x, mean_y) > 250)
    shows = (np.maximum(spread_x, spread_y) > MIN_SPREAD**2) & ~lost
    return both / np.sqrt(np.maximum(spread_x * spread_y, 0.5)), shows


def _without_strip(whole: Mask) -> list[Mask]:
    """The blocks of the overlap without a quarter of it at its top, bottom, left or right."""
    kept = []
    for axis in (0, 1):
        used = np.flatnonzero(whole.any(axis=1 - axis))
        place = np.arange(whole.shape[axis]).reshape((-1, 1) if axis == 0 else (1, -1))
        share = (place - used[0]) / max(int(used[-1] - used[0]), 1)
        kept += [whole & (share >= STRIP), whole & (share <= 1 - STRIP)]
    return kept


def recoloured(a: Pixels, b: Pixels, covered: Mask) -> bool:
    """Whether brightness, contrast or colours differ by more than re-saving explains."""
    x, y = (cv2.cvtColor(side, cv2.COLOR_RGB2YCrCb)[covered].astype(np.float32) for side in (a, b))
    shift = np.abs(x.mean(axis=0) - y.mean(axis=0))
    spread = np.maximum(np.stack([x.std(axis=0), y.std(axis=0)]), 1.0)
    ratio = spread.max(axis=0) / spread.min(axis=0)
    paled = (ratio > PALED) & (spread.max(axis=0) > SHOWS_COLOUR)
    return bool((shift > SHIFTED).any() or ratio[0] > CONTRAST or paled[1:].any())
