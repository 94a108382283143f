"""Damaged pictures by the thousand, the same ones for the same seed; and a process that reads them.

Run as a program it stands behind the photos' fence, as a work-horse does, and opens what it is
told to; what is printed says how far it came, so a death names the picture that caused it:

    python -m tests.photos.mutations SEED FIRST LAST [FOLDER]
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.photos import makers

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_LARGEST_SEED = 400_000  # bytes of a sample; larger ones only make it slow


def seeds() -> dict[str, bytes]:
    """Small true pictures of every kind and coding that we take, with EXIF and XMP in them."""
    block = makers.exif(
        [makers.INK.text(makers.MAKE, "Camera"), makers.INK.short(makers.ORIENTATION, 6)],
        makers.MORNING,
        makers.PHAYAO,
    )
    scene = makers.scene((200, 120))
    frames = {"save_all": True, "append_images": [scene.rotate(180)]}
    xmp = makers.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + makers.XMP)
    jpeg = makers.jpeg(block, picture=scene)
    return {
        "jpeg": jpeg,
        "jpeg with xmp": jpeg[:2] + xmp + jpeg[2:],
        "progressive": makers.jpeg(block, picture=scene, progressive=True),
        "grey": makers.jpeg(block, picture=scene.convert("L")),
        "cmyk": makers.jpeg(block, picture=scene.convert("CMYK")),
        "two blocks": makers.jpeg(block, makers.exif(gps=makers.PHAYAO), picture=scene),
        "mpo": makers.container("MPO", block, scene, **frames),
        "png": makers.container("PNG", block, scene),
        "apng": makers.container("PNG", block, scene, **frames),
        "palette": makers.container("PNG", block, scene.convert("P")),
        "deep": makers.container("PNG", b"", scene.convert("I;16")),
        "png profile": makers.png_with(b"zTXt", makers.raw_profile(block)),
        "webp": makers.container("WEBP", block, scene),
        "webp lossless": makers.container("WEBP", block, scene, lossless=True),
        "webp frames": makers.container("WEBP", block, scene, **frames),
        "avif": makers.container("AVIF", block, scene),
        "avif frames": makers.container("AVIF", b"", scene, **frames),
        "heic": makers.heic(block, scene),
    }


def samples(folder: Path) -> dict[str, bytes]:
    """True pictures out of a folder, for whoever has some."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    small = (path for path in files if 0 < path.stat().st_size < _LARGEST_SEED)
    return {str(path): path.read_bytes() for path in small}


def mutant(pool: dict[str, bytes], seed: int, number: int) -> tuple[str, bytes]:
    """Name and bytes of one damaged picture."""
    chance = random.Random(f"{seed} {number}")
    names = list(pool)
    name = chance.choice(names)
    data = bytearray(pool[name])
    done = []
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        change = chance.choice(_CHANGES)
        done.append(change.__name__.strip("_"))
        if data:
            change(data, chance, pool[chance.choice(names)])
    return f"{name}: {', '.join(done)}", bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    """Where to change something: mostly near the start, where headers are."""
    top = min(len(data), chance.choice((64, 400, 1_500, len(data))))
    return chance.randrange(max(top, 1))


def _flip(data: bytearray, chance: random.Random, _other: bytes) -> None:
    data[_place(data, chance)] ^= 1 << chance.randrange(8)


def _byte(data: bytearray, chance: random.Random, _other: bytes) -> None:
    value = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))
    data[_place(data, chance)] = value


def _number(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at, size = _place(data, chance), chance.choice((2, 4, 8))
    order = "little" if chance.random() < 0.5 else "big"
    value = chance.choice(_NUMBERS) & (1 << 8 * size) - 1
    data[at : at + size] = value.to_bytes(size, "little" if order == "little" else "big")


def _cut(data: bytearray, chance: random.Random, _other: bytes) -> None:
    del data[_place(data, chance) :]


def _take_out(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 2, 4, 12, 100, 1_000))]


def _twice(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at, length = _place(data, chance), chance.choice((1, 4, 12, 60, 400, 4_000))
    data[at:at] = bytes(data[at : at + length]) * chance.choice((1, 1, 2, 50))


def _splice(data: bytearray, chance: random.Random, other: bytes) -> None:
    at, start = _place(data, chance), chance.randrange(len(other))
    data[at:at] = other[start : start + chance.choice((8, 100, 1_000, len(other)))]


def _swap(data: bytearray, chance: random.Random, other: bytes) -> None:
    at, start = _place(data, chance), chance.randrange(len(other))
    part = other[start : start + chance.choice((8, 100, 1_000))]
    data[at : at + len(part)] = part


def _noise(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at = _place(data, chance)
    data[at : at + 24] = chance.randbytes(24)


_CHANGES: tuple[Callable[[bytearray, random.Random, bytes], None], ...] = (
    _flip, _byte, _byte, _number, _number, _cut, _take_out, _twice, _splice, _swap, _noise,
)  # fmt: skip


def _open_all(cases: Iterator[tuple[int, str, bytes]]) -> None:
    """Render each behind the fence, and print a line for what should not have happened."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the worker does
    from app.photos.pipeline import Unreadable, render
    from app.shared.fence import raise_fence, renew_cpu

    raise_fence("photos", parent_pid=os.getppid())
    made = 0
    for number, name, data in cases:
        print(json.dumps({"at": number}), flush=True)  # noqa: T201
        renew_cpu()
        try:
            render(data, expected_sha256=hashlib.sha256(data).hexdigest())
            made += 1
        except Unreadable:
            pass
        except Exception:  # noqa: BLE001 - whatever it is, it is the finding
            print(json.dumps({"raised": traceback.format_exc(), "name": name}), flush=True)  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"made": made, "peak_bytes": peak}), flush=True)  # noqa: T201


if __name__ == "__main__":
    seed, first, last = (int(word) for word in sys.argv[1:4])
    pool = seeds() | (samples(Path(sys.argv[4])) if len(sys.argv) > 4 else {})
    _open_all((n, *mutant(pool, seed, n)) for n in range(first, last))
