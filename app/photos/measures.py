"""How good a picture is, in numbers.  What number is too low, the programme says.

Everything is measured on the 320 px thumbnail's grey pixels, so that a 2 and a 48 megapixel
photo of the same scene measure alike.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

DARK_BELOW, BLOWN_FROM = 26, 250  # of 255: no detail is seen below, none is left above
_FLAT_RANGE = 3  # grey levels within a block: drawn, not photographed (a sensor's noise is more)
_BLOCK_PX = 8
_EMPTY = 1e-6

# Sizes of phones' screens, shorter side first: a screenshot has exactly one of them.
SCREENS = frozenset(
    {
        (480, 800), (480, 854), (540, 960), (640, 1136), (720, 1280), (720, 1440), (720, 1480),
        (720, 1520), (720, 1544), (720, 1560), (720, 1600), (720, 1604), (720, 1612), (720, 1640),
        (720, 1650), (750, 1334), (828, 1792), (1080, 1920), (1080, 2160), (1080, 2220),
        (1080, 2240), (1080, 2246), (1080, 2280), (1080, 2310), (1080, 2316), (1080, 2340),
        (1080, 2376), (1080, 2388), (1080, 2400), (1080, 2404), (1080, 2408), (1080, 2412),
        (1080, 2436), (1080, 2448), (1080, 2460), (1080, 2520), (1125, 2436), (1170, 2532),
        (1179, 2556), (1206, 2622), (1220, 2712), (1242, 2208), (1242, 2688), (1260, 2800),
        (1284, 2778), (1290, 2796), (1320, 2868), (1344, 2992), (1440, 2560), (1440, 2960),
        (1440, 3040), (1440, 3088), (1440, 3120), (1440, 3200),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measures:
    """One picture's numbers; shares are 0 to 1.

    sharpness: how strongly neighbours differ (variance of the Laplacian) against how strongly
        the picture differs at all (variance of its grey), at its sharpest tenth.  0: no edge.
    brightness, contrast: mean and standard deviation of grey, 0 to 255.
    dark_share, blown_share: pixels without detail, in the shadows and in the lights.
    flat_share: blocks of one colour, as letters and bars on a screen leave between them.
    screen_sized: the original has exactly the pixels of a phone's screen.
    """

    sharpness: float
    brightness: float
    contrast: float
    dark_share: float
    blown_share: float
    flat_share: float
    screen_sized: bool

    def as_json(self) -> dict[str, float | bool]:
        """For the database: rounded, so that the same picture always says the same."""
        return {name: value if isinstance(value, bool) else round(value, 4)
                for name, value in asdict(self).items()}  # fmt: skip


def measure(thumb: NDArray[np.uint8], original: tuple[int, int]) -> Measures:
    """Measure a thumbnail (height x width x RGB) of an original of so many pixels."""
    grey = np.asarray(cv2.cvtColor(thumb, cv2.COLOR_RGB2GRAY), np.uint8)
    return Measures(
        sharpness=_sharpness(grey),
        brightness=float(grey.mean()),
        contrast=float(grey.std()),
        dark_share=float((grey < DARK_BELOW).mean()),
        blown_share=float((grey >= BLOWN_FROM).mean()),
        flat_share=_flat_share(grey),
        screen_sized=(min(original), max(original)) in SCREENS,
    )


def _sharpness(grey: NDArray[np.uint8]) -> float:
    edges = cv2.Laplacian(grey, cv2.CV_32F)
    strength = np.square(_blocks(np.asarray(edges, np.float32))).mean(axis=(1, 3))
    return float(np.quantile(strength, 0.9) / max(float(grey.var()), _EMPTY)) if grey.any() else 0.0


def _flat_share(grey: NDArray[np.uint8]) -> float:
    blocks = _blocks(grey)
    spread = blocks.max(axis=(1, 3)).astype(int) - blocks.min(axis=(1, 3))
    return float((spread <= _FLAT_RANGE).mean())


def _blocks(grey: NDArray[Any]) -> NDArray[Any]:
    """Whole blocks as rows x height x columns x width; a picture below one block is one."""
    height, width = grey.shape
    side = min(_BLOCK_PX, height, width)
    rows, columns = height // side, width // side
    return grey[: rows * side, : columns * side].reshape(rows, side, columns, side)
