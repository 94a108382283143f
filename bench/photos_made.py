"""Pictures to measure with: as a phone's camera leaves them, the same on every machine.

Octaves of noise make clouds, soil and leaves, a few shapes make edges, and fine noise stands for
the sensor: a plain drawing would compress, decode and compare unlike any photo.  They are made once
into a folder under var/ and never committed.
"""

from __future__ import annotations

import io
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

from tests.photos import makers

MP_12, MP_48 = (4000, 3000), (8000, 6000)
TURNS = (1, 6, 3, 8)
QUALITY = 91  # gives 3 to 5 MB at 12 megapixels, as phones do
SENSOR_NOISE = 4.5  # standard deviation, of 255
_TILE_PX = 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how many, and how they are written."""

    name: str
    number: int
    size: tuple[int, int]
    suffix: str = "jpg"
    progressive: bool = False


KINDS = (
    Kind("plain", 48, MP_12),
    Kind("large", 4, MP_48),
    Kind("progressive", 4, MP_12, progressive=True),
    Kind("heic", 4, MP_12, suffix="heic"),
)


def pictures(folder: Path, name: str, most: int) -> list[Path]:
    """The first `most` files of the kind `name`, made now where they are missing."""
    kind = next(kind for kind in KINDS if kind.name == name)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(min(most, kind.number)):
        path = folder / f"{kind.name}-{number:02}.{kind.suffix}"
        if not path.exists():
            partial = path.with_suffix(".partial")
            partial.write_bytes(_file(kind, number))
            partial.replace(path)
        paths.append(path)
    return paths


def scene(size: tuple[int, int], seed: int) -> Image.Image:
    """A landscape nobody has seen: sky, ground, plants, a few things with edges."""
    rng = np.random.default_rng(seed)
    picture = _coloured(_octaves(size, rng), rng)
    _things(ImageDraw.Draw(picture), size, rng)
    return _with_sensor_noise(picture, rng)


def _octaves(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """Noise in which each finer scale is weaker, as in nature (about 1/f)."""
    mixed = Image.new("L", size, 128)
    for cells, weight in ((4, 0.55), (16, 0.42), (64, 0.32), (256, 0.24), (1000, 0.16)):
        grid = rng.integers(0, 256, (max(2, cells * size[1] // size[0]), cells), dtype=np.uint8)
        layer = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)
        mixed = Image.blend(mixed, layer, weight)
    return mixed


def _coloured(light: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Sky above, ground below, in colours of this picture."""
    horizon = int(light.height * rng.uniform(0.2, 0.55))
    sky, ground = rng.integers((90, 130, 170), (190, 220, 256)), rng.integers(40, 150, 3)
    picture = Image.new("RGB", light.size)
    for top, bottom, colour in ((0, horizon, sky), (horizon, light.height, ground)):
        part = light.crop((0, top, light.width, bottom))
        bands = [part.point([min(255, v * int(c) // 110) for v in range(256)]) for c in colour]
        picture.paste(Image.merge("RGB", bands), (0, top))
    return picture


def _things(draw: ImageDraw.ImageDraw, size: tuple[int, int], rng: np.random.Generator) -> None:
    """Houses, poles, leaves and people's shirts: what has edges."""
    width, height = size
    for _ in range(60):
        x, y = rng.uniform(0, width), rng.uniform(height * 0.3, height)
        side = rng.uniform(width / 200, width / 12)
        colour = tuple(int(v) for v in rng.integers(10, 245, 3))
        box = (x, y, x + side, y + side * rng.uniform(0.4, 2.5))
        match rng.integers(0, 3):
            case 0:
                draw.rectangle(box, fill=colour)
            case 1:
                draw.ellipse(box, fill=colour)
            case _:
                draw.line(box, fill=colour, width=max(2, int(side / 20)))


def _with_sensor_noise(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Grain over every pixel, from a tile laid at chance places: a whole field is slow to draw."""
    tile = rng.normal(0, SENSOR_NOISE, (_TILE_PX * 2, _TILE_PX * 2, 3)).round().astype(np.int16)
    pixels = np.array(picture)
    for top in range(0, picture.height, _TILE_PX):
        for left in range(0, picture.width, _TILE_PX):
            part = pixels[top : top + _TILE_PX, left : left + _TILE_PX]
            dy, dx = rng.integers(0, _TILE_PX, 2)
            grain = tile[dy : dy + part.shape[0], dx : dx + part.shape[1]]
            part[:] = np.clip(part + grain, 0, 255)
    return Image.fromarray(pixels)


def _file(kind: Kind, number: int) -> bytes:
    picture = scene(kind.size, seed=hash_of(kind.name) + number)
    turn = TURNS[number % len(TURNS)]
    stored = makers.stored_as(picture, turn)
    block = _exif(turn, picture, number)
    target = io.BytesIO()
    if kind.suffix == "heic":
        pillow_heif.from_pillow(stored).save(target, quality=50, exif=b"Exif\0\0" + block)
        return target.getvalue()
    stored.save(
        target, "JPEG", quality=QUALITY, progressive=kind.progressive, exif=b"Exif\0\0" + block
    )
    return target.getvalue()


def hash_of(word: str) -> int:
    """A number for a word, the same in every process."""
    return int.from_bytes(word.encode()[:4].ljust(4, b"\0"), "big")


def _exif(turn: int, picture: Image.Image, number: int) -> bytes:
    """What a phone writes: maker, turn, time with zone, position, and a thumbnail of its own."""
    ink = makers.INK
    main = [
        *(ink.text(makers.MAKE, "Bench"), ink.text(makers.MODEL, "Made 12")),
        *(ink.short(makers.ORIENTATION, turn), ink.text(makers.CHANGED, "2024:02:13 09:30:00")),
    ]
    taken = [
        *(ink.text(makers.TAKEN, f"2024:02:13 09:{number % 60:02}:00"),),
        *(ink.text(makers.DIGITIZED, "2024:02:13 09:30:00"), ink.text(makers.ZONE_TAKEN, "+07:00")),
    ]
    lat = ((19, 1), (9, 1), (590000 + number * 100, 10000))
    gps = ink.place(lat, "N", makers.PHAYAO_LON, "E")
    return _with_thumbnail(makers.exif(main, taken, gps), picture)


def _with_thumbnail(block: bytes, picture: Image.Image) -> bytes:
    """Hang a second folder with a small JPEG after the first one (little-endian TIFF)."""
    small = io.BytesIO()
    picture.resize((320, 240), Image.Resampling.BOX).save(small, "JPEG", quality=80)
    block += b"\0" * (len(block) % 2)
    entries = int.from_bytes(block[8:10], "little")
    link = 10 + 12 * entries
    start = len(block)
    jpeg_at = start + 2 + 12 * 3 + 4
    folder = struct.pack("<H", 3)
    folder += struct.pack("<HHIHH", 0x0103, makers.SHORT, 1, 6, 0)
    folder += struct.pack("<HHII", 0x0201, makers.LONG, 1, jpeg_at)
    folder += struct.pack("<HHII", 0x0202, makers.LONG, 1, len(small.getvalue()))
    folder += b"\0\0\0\0"
    return block[:link] + struct.pack("<I", start) + block[link + 4 :] + folder + small.getvalue()


def main() -> None:
    """Make what is asked for, and print where it lies."""
    folder, name, most = sys.argv[1:]
    for path in pictures(Path(folder), name, int(most)):
        print(path)


if __name__ == "__main__":
    main()
