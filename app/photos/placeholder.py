"""What shows while a picture is on its way over a slow line: its BlurHash, 28 letters.

After the public description of the algorithm (blurha.sh, version 1).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

ACROSS, DOWN = 4, 3  # waves; a portrait has them the other way round
SIDE_PX = 32  # more pixels change no letter that an eye would notice

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
Floats = NDArray[np.float64]
_LEVELS = np.arange(256) / 255
_LIGHT = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)  # sRGB


def blurhash(pixels: NDArray[np.uint8]) -> str:
    """The hash of a picture (height x width x RGB, any size)."""
    small = _small(pixels)
    waves = (ACROSS, DOWN) if small.shape[1] >= small.shape[0] else (DOWN, ACROSS)
    factors = _factors(_LIGHT[small], *waves)
    steady, moving = factors[0], factors[1:]
    largest = float(np.abs(moving).max())
    step = int(max(0, min(82, largest * 166 - 0.5)))
    scale = (step + 1) / 166
    return (
        _written(waves[0] - 1 + (waves[1] - 1) * 9, 1)
        + _written(step, 1)
        + _written(_packed_rgb(steady), 4)
        + "".join(_written(_packed_wave(wave / scale), 2) for wave in moving)
    )


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    factor = min(1.0, SIDE_PX / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _factors(light: Floats, across: int, down: int) -> Floats:
    """How strong each wave is, row by row: (across x down) x RGB."""
    height, width = light.shape[:2]
    rows = np.cos(np.pi * np.outer(np.arange(down), np.arange(height)) / height)
    columns = np.cos(np.pi * np.outer(np.arange(across), np.arange(width)) / width)
    sums = columns @ (rows @ light.reshape(height, -1)).reshape(down, width, 3)
    factors = (sums * 2 / (height * width)).reshape(-1, 3)
    factors[0] /= 2
    return factors


def _packed_rgb(light: Floats) -> int:
    value = np.clip(light, 0, 1)
    curved = np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
    red, green, blue = (int(channel * 255 + 0.5) for channel in curved)
    return (red << 16) + (green << 8) + blue


def _packed_wave(wave: Floats) -> int:
    rooted = np.sign(wave) * np.sqrt(np.abs(wave))
    red, green, blue = (int(max(0, min(18, np.floor(c * 9 + 9.5)))) for c in rooted)
    return (red * 19 + green) * 19 + blue


def _written(number: int, letters: int) -> str:
    return "".join(_DIGITS[number // 83**place % 83] for place in reversed(range(letters)))
