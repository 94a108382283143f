"""Photographs of the demo: drawn, not taken, yet with the marks of a real camera.

Nobody is shown in them and no place is real.  A picture is a pure function of its order:
the same `Picture` and `Shot` give the same bytes on the same Pillow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.demo.pictures.exif import Shot, exif_bytes
from app.demo.pictures.land_scenes import compost, garden, mound, pavilion, sign
from app.demo.pictures.paint import BICUBIC, BILINEAR, Canvas, grade
from app.demo.pictures.setting import Setting
from app.demo.pictures.water_scenes import canal, paddy, pond
from app.demo.pictures.weather import LIGHTS, SEASONS

SCENES: dict[str, Callable[[Canvas, Setting], None]] = {
    "pond": pond, "paddy": paddy, "mound": mound, "canal": canal,
    "pavilion": pavilion, "compost": compost, "garden": garden, "sign": sign,
}  # fmt: skip
SMOOTHING = 1.25  # painted this much larger and reduced: edges without steps

# How the stored pixels must turn for each EXIF orientation that phones write.
_STORED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Picture:
    """An order for one picture.  `width` and `height` are pixels as a viewer sees them."""

    scene: str
    seed: int
    light: str = "noon"
    season: str = "rain"
    crowd: str = "village"
    people: int = 0
    lines: tuple[str, ...] = ()
    width: int = 2048
    height: int = 1536


def paint(order: Picture, font: Path | None = None) -> Image.Image:
    """Return the picture upright.  `font`: a Thai TrueType file for the board's words."""
    light, season = LIGHTS[order.light], SEASONS[order.season]
    canvas = Canvas(round(order.width * SMOOTHING), round(order.height * SMOOTHING), order.seed)
    setting = Setting(light, season, order.crowd, order.people, order.lines, font)
    SCENES[order.scene](canvas, setting)
    image = canvas.image.resize((order.width, order.height), BILINEAR)
    return grade(image, light.tone, light.contrast, canvas.rng)


def photograph(order: Picture, shot: Shot, font: Path | None = None) -> bytes:
    """Return a JPEG as a phone stores it: turned pixels, and EXIF that says how to turn back."""
    image = paint(order, font)
    if turn := _STORED.get(shot.orientation):
        image = image.transpose(turn)
    return encode(image, shot, quality=85)


def encode(image: Image.Image, shot: Shot, quality: int) -> bytes:
    """Return `image` as JPEG with the EXIF of `shot`."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif_bytes(shot))
    return out.getvalue()


def resaved(jpeg: bytes, quality: int = 70) -> bytes:
    """Return the same picture as a chat application hands it on: smaller, without EXIF."""
    with Image.open(BytesIO(jpeg)) as image:
        small = image.convert("RGB").resize((image.width * 5 // 8, image.height * 5 // 8), BICUBIC)
    out = BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()
