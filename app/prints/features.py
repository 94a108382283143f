"""Fingerprints: from a picture to the keys by which it is found again.

A picture is reduced to grey, its strongest SIFT points are described, and each description is
cut down to a key of 36 bits (`app.prints.waves`).  A copy that was re-saved, resized, recoloured,
captioned, cropped or turned keeps most points, and enough of their keys; the mirror image's keys
follow from the picture's own.  Sharing keys only nominates: `app.prints.compare` decides.

The same pixels give the same keys: nothing here is drawn by chance or runs in parallel.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.prints import waves
from app.prints.waves import Floats

cv2.setNumThreads(1)

RECIPE = 1
"""Changes whenever the same picture would give other keys."""

MIN_VOTES = 2
"""Pictures that share fewer keys than this are not compared."""

LONGER_SIDE_PX = 192
"""SIFT doubles the picture once more; 256 px cost twice the time and found no more."""

POINTS = 60
"""Points kept, hence at most so many keys stored for a photo."""

DOUBTFUL_BITS = 3
"""So many of a key's least certain bits are tried both ways: 8 probes for each point."""

MIN_SPAN = 12
"""A picture whose greys lie closer than this (of 255) shows nothing: a wall, a covered lens."""

CONTRASTS = (0.02, 0.007)
"""SIFT's contrast thresholds, tried in this order; below the last, points are noise."""

FLAT_LINE = 24
"""A line at the edge whose greys span no more is part of a frame."""

Pixels = NDArray[np.uint8]
Grey = Pixels
_WEIGHTS = 1 << np.arange(waves.BITS, dtype=np.int64)
_FLIPS = np.array(list(product((0, 1), repeat=DOUBTFUL_BITS)), np.int64)
_NOTHING: Floats = np.zeros((0, 128), np.float32)


@dataclass(frozen=True)
class Features:
    """What one picture gives to the index (`keys`) and asks of it (`probes`): sorted, distinct."""

    keys: list[int]
    probes: list[int]


def of(image: Image.Image) -> Features:
    """The keys and probes of a picture of any mode and size, upright.

    Works on 192 px, so the 320 px thumbnail serves as well as the 1600 px view, and is cheaper to
    reduce.  A picture with nothing to hold on to gives none.
    """
    found = _descriptions(image)
    return Features(_keys(found), _probes(found))


def keys_of(image: Image.Image) -> list[int]:
    """What is stored for a picture: at most 60 keys, each 0 <= key < 2**36."""
    return _keys(_descriptions(image))


def probes_of(image: Image.Image) -> list[int]:
    """What is looked up for a picture: at most 960 keys an edited or mirrored copy has."""
    return _probes(_descriptions(image))


def reduced(image: Image.Image, longer_side_px: int) -> Pixels:
    """A grey or RGB picture, its longer side brought to `longer_side_px` (also upwards)."""
    factor = longer_side_px / max(image.size)
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))


def described(grey: Grey, enough: int) -> tuple[list[cv2.KeyPoint], Floats]:
    """At most about 2 x `enough` points of a picture, and their RootSIFT descriptions (n x 128).

    Faint points are looked for only where strong ones are too few: that keeps a copy with less
    contrast alike, and textured pictures cheap.
    """
    if np.ptp(grey) < MIN_SPAN:
        return [], _NOTHING
    for contrast in CONTRASTS:
        sift = cv2.SIFT.create(nfeatures=2 * enough, contrastThreshold=contrast, edgeThreshold=12)
        points, found = sift.detectAndCompute(grey, np.empty(0, np.uint8))
        if len(points) >= enough:
            break
    if not points:
        return [], _NOTHING
    return list(points), np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-6))


def _descriptions(image: Image.Image) -> Floats:
    """Of the points most likely to survive: strong ones, and large ones before small ones."""
    grey = _without_frame(reduced(image.convert("L"), LONGER_SIDE_PX))
    points, found = described(grey, POINTS)
    strength = np.array([point.response * point.size for point in points])
    return found[np.argsort(-strength, kind="stable")[:POINTS]]


def _without_frame(grey: Grey) -> Grey:
    """The picture without lines of one colour at its edges, at most a tenth of the longer side.

    The edge of a black frame gives strong points that say nothing of the picture.
    """
    for _ in range(4):
        lines = grey[: max(grey.shape) // 10]
        busy = np.ptp(lines, axis=1) > FLAT_LINE
        grey = np.rot90(grey[int(busy.argmax()) if busy.any() else 0 :])
    return np.ascontiguousarray(grey)


def _keys(found: Floats) -> list[int]:
    return sorted({int(key) for key in (waves.decided(found) > 0) @ _WEIGHTS})


def _probes(found: Floats) -> list[int]:
    """The keys of the picture and of its mirror image, doubtful bits tried both ways."""
    probes: set[int] = set()
    for side in (found, waves.mirrored(found)):
        decided = waves.decided(side)
        plain = (decided > 0) @ _WEIGHTS
        doubtful = np.argsort(np.abs(decided), axis=1, kind="stable")[:, :DOUBTFUL_BITS]
        flips = _WEIGHTS[doubtful] @ _FLIPS.T
        probes.update((plain[:, None] ^ flips).ravel().tolist())
    return sorted(probes)
