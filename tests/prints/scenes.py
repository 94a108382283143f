"""Made-up field photos: a plot with sky, hills, trees, furrows, a pond and people.

`plot(seed)` is one place; `moment` takes another photo of the same place: the camera a step
aside, leaves moved by the wind, people walked on.  The same numbers give the same pixels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 960, 720


def plot(seed: int, moment: int = 0, step_px: float | None = None) -> Image.Image:
    """A photo (960 x 720, RGB) of place `seed`, taken at `moment`, `step_px` aside of the first."""
    place = np.random.default_rng([seed, 11])
    now = np.random.default_rng([seed, moment, 12])
    if step_px is None:
        step_px = 0.0 if moment == 0 else float(now.uniform(25, 60))
    pixels = _sky(place, step_px)
    horizon = int(HEIGHT * place.uniform(0.28, 0.5))
    _hills(pixels, place, horizon, step_px)
    _ground(pixels, place, horizon, step_px)
    if place.random() < 0.5:
        _pond(pixels, place, horizon, step_px)
    for depth in np.sort(place.uniform(0.05, 1.0, int(place.integers(5, 14)))):
        _thing(pixels, place, now, horizon, float(depth), step_px)
    for _ in range(int(now.integers(0, 4))):
        _person(pixels, now, horizon)
    grain = now.normal(0, 4, pixels.shape[:2])[..., None]
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def wall(seed: int) -> Image.Image:
    """A picture with nothing to hold on to: a soft gradient and the sensor's grain."""
    chance = np.random.default_rng([seed, 13])
    across = np.linspace(*chance.uniform(90, 200, 2), WIDTH)[None, :, None]
    down = np.linspace(*chance.uniform(-20, 20, 2), HEIGHT)[:, None, None]
    grain = chance.normal(0, 2, (HEIGHT, WIDTH, 1))
    tint = chance.uniform(0.8, 1.1, 3)
    return Image.fromarray(np.clip((across + down + grain) * tint, 0, 255).astype(np.uint8))


def _cloudy(chance: Generator, height: int, width: int, roughness: float) -> NDArray[np.float32]:
    """Noise of many sizes, about -1 to 1: what clouds, soil and grass have in common."""
    total = np.zeros((height, width), np.float32)
    for octave in range(1, 8):
        cells = chance.normal(0, 1, (2**octave + 1, 2**octave + 1)).astype(np.float32)
        total += (
            cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC) * roughness**octave
        )
    return total / (np.abs(total).max() + 1e-6)


def _moved(layer: NDArray[np.float32], by_px: float) -> NDArray[np.float32]:
    shift = np.array([[1, 0, -by_px], [0, 1, 0]], np.float64)
    size = (layer.shape[1], layer.shape[0])
    return cv2.warpAffine(layer, shift, size, borderMode=cv2.BORDER_REFLECT)


def _sky(place: Generator, step_px: float) -> NDArray[np.float32]:
    clouds = _moved(_cloudy(place, HEIGHT, WIDTH, 0.55), step_px * 0.1)
    blue = place.uniform([120, 160, 190], [170, 200, 240])
    return (blue + 60 * np.clip(clouds, 0, 1)[..., None]).astype(np.float32)


def _hills(pixels: NDArray[np.float32], place: Generator, horizon: int, step_px: float) -> None:
    for ridge in range(int(place.integers(1, 4))):
        rough = np.cumsum(place.normal(0, 1.4, WIDTH * 2))
        line = horizon - 50 + ridge * 20 + cv2.blur(rough[None, :], (25, 1))[0]
        start = int(step_px * 0.2)
        tops = np.clip(line[start : start + WIDTH], horizon * 0.3, horizon)
        below = np.arange(HEIGHT)[:, None] >= tops[None, :]
        forest = _moved(_cloudy(place, HEIGHT, WIDTH, 0.85), step_px * 0.2)
        colour = place.uniform([40, 70, 50], [90, 120, 100])
        pixels[below] = (colour + 25 * forest[..., None])[below]


def _ground(pixels: NDArray[np.float32], place: Generator, horizon: int, step_px: float) -> None:
    rows = HEIGHT - horizon
    soil = _moved(_cloudy(place, rows, WIDTH, 0.9), step_px * 0.8)
    near = np.linspace(0.08, 1, rows)[:, None]
    across = (np.arange(WIDTH)[None, :] - WIDTH * place.uniform(0.2, 0.8) + step_px * near) / near
    furrows = np.sin(across * place.uniform(0.02, 0.08)) * place.uniform(0, 22)
    colour = place.uniform([80, 80, 40], [150, 140, 90])
    pixels[horizon:] = colour + (furrows + 55 * soil)[..., None]


def _pond(pixels: NDArray[np.float32], place: Generator, horizon: int, step_px: float) -> None:
    middle = (
        int(place.uniform(0.2, 0.8) * WIDTH - step_px * 0.5),
        int(horizon + (HEIGHT - horizon) * 0.4),
    )
    shape = (int(place.uniform(90, 250)), int(place.uniform(25, 70)))
    water = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(water, middle, shape, 0, 0, 360, 1, -1)
    shimmer = _cloudy(place, HEIGHT, WIDTH, 0.6)[..., None] * 14
    pixels[water == 1] = (place.uniform([80, 110, 120], [130, 150, 150]) + shimmer)[water == 1]


def _thing(
    pixels: NDArray[np.float32],
    place: Generator,
    now: Generator,
    horizon: int,
    depth: float,
    step_px: float,
) -> None:
    """A tree, a banana clump or a post; nearer ones stand lower, are larger and move more."""
    foot_y = horizon + (HEIGHT - horizon) * depth * 0.85
    foot_x = place.uniform(0, WIDTH) - step_px * (0.3 + depth)
    tall = 40 + 330 * depth * place.uniform(0.5, 1.0)
    trunk = tuple(float(x) for x in place.uniform([40, 30, 20], [110, 90, 70]))
    foot = (int(foot_x), int(foot_y))
    top = (int(foot_x + place.normal(0, tall * 0.06)), int(foot_y - tall))
    cv2.line(pixels, foot, top, trunk, max(int(tall * 0.05), 2), cv2.LINE_AA)
    if place.random() < 0.2:
        return
    green = place.uniform([30, 70, 20], [90, 140, 60])
    for _ in range(int(place.integers(60, 260))):
        at = place.normal(top, tall * 0.2) + now.normal(0, 2.0, 2)
        long, thin = place.uniform(3, tall * 0.11), place.uniform(1, tall * 0.035)
        colour = tuple(float(x) for x in green * place.uniform(0.5, 1.6))
        angle = float(place.uniform(0, 180) + now.normal(0, 12))
        box = ((float(at[0]), float(at[1])), (float(long * 2), float(thin * 2)), angle)
        cv2.ellipse(pixels, box, colour, -1, cv2.LINE_AA)


def _person(pixels: NDArray[np.float32], now: Generator, horizon: int) -> None:
    x, y = int(now.uniform(60, WIDTH - 60)), int(now.uniform(horizon + 40, HEIGHT - 60))
    tall = 50 + 200 * (y - horizon) / (HEIGHT - horizon)
    shirt = tuple(float(c) for c in now.uniform(20, 235, 3))
    cv2.ellipse(
        pixels,
        (x, int(y - tall * 0.5)),
        (int(tall * 0.16), int(tall * 0.3)),
        0,
        0,
        360,
        shirt,
        -1,
        cv2.LINE_AA,
    )
    cv2.circle(
        pixels, (x, int(y - tall * 0.9)), int(tall * 0.1), (150.0, 110.0, 85.0), -1, cv2.LINE_AA
    )
    cv2.line(
        pixels,
        (x, int(y - tall * 0.25)),
        (x, y),
        (40.0, 40.0, 60.0),
        int(tall * 0.12) + 1,
        cv2.LINE_AA,
    )
