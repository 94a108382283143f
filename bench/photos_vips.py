"""The same photos through pyvips: `python bench/photos_vips.py <pictures> <out> <most>`.

As its documentation advises: `thumbnail` scales while decoding and turns upright; the pixels are
kept once, and everything else is made from them.  Knows nothing of the product.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
from html import escape
from pathlib import Path

import pyvips

QUALITY = 80
HASH_SIDE = 32
KEPT = 8
PAD_PX = 16
FACTS = (
    *("exif-ifd2-DateTimeOriginal", "exif-ifd2-OffsetTimeOriginal", "exif-ifd0-Orientation"),
    *("exif-ifd3-GPSLatitude", "exif-ifd3-GPSLatitudeRef"),
    *("exif-ifd3-GPSLongitude", "exif-ifd3-GPSLongitudeRef"),
)
COSINES = [
    [math.cos((2 * n + 1) * (k + 1) * math.pi / (2 * HASH_SIDE)) for n in range(HASH_SIDE)]
    for k in range(KEPT)
]


def main() -> None:
    """Make all outputs of all pictures, and write the facts beside them."""
    folder, out, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    pyvips.cache_set_max(0)
    wording = os.environ.get("BENCH_WORDING", "").split("\n")
    told = [_one(path, out, wording) for path in sorted(folder.iterdir())[:most]]
    (out / "facts.json").write_text(json.dumps(told))


def _one(path: Path, out: Path, wording: list[str]) -> dict[str, object]:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    source = pyvips.Image.new_from_buffer(data, "")
    fields = set(source.get_fields())
    facts = {name: source.get(name) for name in FACTS if name in fields}
    view = pyvips.Image.thumbnail_buffer(data, 1600, height=1600, size="down").copy_memory()
    thumb = view.thumbnail_image(320, height=320).copy_memory()
    made = {"view": view, "thumb": thumb, "stamped": _stamped(view, [*wording, digest[:10]])}
    for name, picture in made.items():
        encoded = picture.jpegsave_buffer(Q=QUALITY, keep="none")
        (out / f"{path.stem}-{name}.jpg").write_bytes(encoded)
    return {"digest": digest, "hash": _fingerprint(thumb), **facts}


def _stamped(view: pyvips.Image, lines: list[str]) -> pyvips.Image:
    """The view with a white band below it, and black words on that."""
    text = pyvips.Image.text(
        escape("\n".join(lines)),
        font="Sarabun 24",
        fontfile=os.environ["BENCH_FONT"],
        width=view.width - 2 * PAD_PX,
        dpi=96,
    )
    band = text.invert().embed(
        *(PAD_PX, PAD_PX, view.width, text.height + 2 * PAD_PX), background=255, extend="background"
    )
    return view.join(band.bandjoin([band, band]).copy(interpretation="srgb"), "vertical")


def _fingerprint(thumb: pyvips.Image) -> str:
    """64 bits of the low frequencies of 32 x 32 greys."""
    side = float(HASH_SIDE)
    small = thumb.resize(side / thumb.width, vscale=side / thumb.height).colourspace("b-w")
    grey = bytes(small.write_to_memory())
    rows = [
        [
            sum(COSINES[k][y] * grey[y * HASH_SIDE + x] for y in range(HASH_SIDE))
            for x in range(HASH_SIDE)
        ]
        for k in range(KEPT)
    ]
    found = [sum(map(float.__mul__, COSINES[j], row)) for row in rows for j in range(KEPT)]
    middle = sorted(found)[len(found) // 2]
    return "".join("1" if value > middle else "0" for value in found)


if __name__ == "__main__":
    main()
