"""How a point's description becomes a key: the signs of its 36 steadiest frequencies.

A SIFT description is a 4 x 4 grid of histograms over 8 directions.  A cosine down the grid, one
across it and a sine or cosine around the directions are close to its principal components, so a
few of them say most of what the point looks like, and nothing has to be trained or stored.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Waves down, waves across, which wave around (0: none; 1, 2: cosine and sine of one turn;
# 3, 4: of two; 5, 6: of three; 7: of four), the middle value, and how far the value moves when a
# picture is edited.  Of all 128 these flip least often (2 to 7 times in 100) and say the least
# the others say (correlation below 0.35).  Measured on 175,000 pairs of points: 50 made-up
# scenes and 116 tiles of 18 photos, each with the edits of bench/recall.py.  A change here is a
# new RECIPE.
_TABLE = (
    (0, 3, 1, 0.002, 0.014),
    (0, 0, 3, 0.147, 0.018),
    (0, 0, 1, 0.078, 0.021),
    (0, 0, 0, 0.738, 0.013),
    (1, 0, 2, -0.015, 0.021),
    (0, 2, 1, -0.076, 0.021),
    (0, 0, 2, 0.000, 0.020),
    (0, 2, 0, -0.115, 0.013),
    (2, 0, 0, -0.076, 0.012),
    (0, 1, 0, 0.011, 0.020),
    (0, 1, 3, 0.006, 0.017),
    (1, 1, 2, 0.030, 0.017),
    (2, 0, 2, 0.000, 0.018),
    (1, 0, 4, -0.003, 0.015),
    (0, 1, 2, 0.000, 0.016),
    (2, 1, 1, -0.001, 0.011),
    (0, 0, 4, 0.000, 0.019),
    (1, 0, 0, 0.000, 0.020),
    (0, 1, 5, -0.005, 0.011),
    (2, 0, 3, -0.035, 0.012),
    (0, 0, 5, 0.027, 0.011),
    (0, 1, 4, 0.000, 0.015),
    (1, 0, 3, 0.000, 0.015),
    (1, 1, 4, 0.002, 0.014),
    (1, 1, 1, 0.000, 0.017),
    (1, 3, 4, 0.001, 0.007),
    (2, 1, 2, 0.000, 0.016),
    (1, 2, 1, 0.000, 0.015),
    (2, 0, 1, -0.006, 0.010),
    (1, 2, 4, 0.003, 0.011),
    (1, 1, 0, 0.000, 0.013),
    (2, 2, 2, 0.000, 0.012),
    (1, 0, 6, -0.002, 0.010),
    (2, 2, 1, 0.011, 0.011),
    (3, 0, 4, 0.002, 0.009),
    (0, 2, 4, 0.000, 0.012),
)

BITS = len(_TABLE)


def _wave(down: int, across: int, around: int) -> Floats:
    """One wave over the 128 numbers of a description, of length 1."""
    grid, turn = np.arange(4) + 0.5, np.arange(8) * np.pi / 4
    whole = (around + 1) // 2
    circle = np.sin(turn * whole) if around and around % 2 == 0 else np.cos(turn * whole)
    wave = np.einsum(
        "i,j,k->ijk", np.cos(np.pi * grid * down / 4), np.cos(np.pi * grid * across / 4), circle
    ).ravel()
    return np.asarray(wave / np.linalg.norm(wave), np.float32)


_WAVES = np.array([_wave(*row[:3]) for row in _TABLE])
_MIDDLES = np.array([row[3] for row in _TABLE], np.float32)
_UNSTEADY = np.array([row[4] for row in _TABLE], np.float32)
_MIRROR = np.arange(128).reshape(4, 4, 8)[::-1, :, -np.arange(8) % 8].ravel()


def mirrored(descriptions: Floats) -> Floats:
    """What the same points (n x 128) look like in the mirror image of their picture."""
    return descriptions[:, _MIRROR]


def decided(descriptions: Floats) -> Floats:
    """For each point and bit (n x 36): its sign is the bit, its size how surely it is decided."""
    return (descriptions @ _WAVES.T - _MIDDLES) / _UNSTEADY
