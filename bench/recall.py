"""Does a changed photo find its original again, and does nothing else?

    python -m bench.recall [FOLDER] [--photos N]

Every photo under FOLDER (without one: made-up scenes, tests/prints/scenes.py) is put into an
index in memory by its keys.  Each is then changed in the ways people change pictures, saved as a
thumbnail as the product does, looked up, and compared with the candidates.  Printed: recall at
both stages, distinct pairs taken for one picture (look at them: a folder may hold true copies),
cost, and how many rows a look-up would read among a million photos.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from app.prints import compare, features

T = TypeVar("T")
MILLION = 1_000_000
Edit = Callable[[Image.Image], Image.Image]


def saved(image: Image.Image, quality: int) -> Image.Image:
    """What is left of a picture after a JPEG of that quality."""
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def within(image: Image.Image, longer_side_px: int) -> Image.Image:
    """A copy that fits a square of that side."""
    copy = image.copy()
    copy.thumbnail((longer_side_px, longer_side_px), Image.Resampling.LANCZOS)
    return copy


def thumbnail(image: Image.Image) -> Image.Image:
    """The 320 px rendition: what the product has at hand when it asks."""
    return saved(within(image, 320), 80)


def cropped(left: float, top: float, right: float, bottom: float) -> Edit:
    """Cut these shares of width and height off."""

    def edit(image: Image.Image) -> Image.Image:
        w, h = image.size
        return image.crop(
            (int(w * left), int(h * top), int(w * (1 - right)), int(h * (1 - bottom)))
        )

    return edit


def captioned(below: bool, paper: str) -> Edit:
    """A band of 8 % of the height with writing on it, under or over the picture."""

    def edit(image: Image.Image) -> Image.Image:
        w, h = image.size
        band = int(h * 0.08)
        page = Image.new("RGB", (w, h + band), paper)
        page.paste(image, (0, 0 if below else band))
        pen = ImageDraw.Draw(page)
        ink = "white" if paper == "black" else "black"
        words = f"ศูนย์เรียนรู้ {w}x{h} 12 พ.ย. 2569 14:05 N 18.7 E 100.7"
        pen.text(
            (w * 0.02, (h if below else 0) + band * 0.15), words, fill=ink, font_size=band * 0.5
        )
        return page

    return edit


def tinted(image: Image.Image) -> Image.Image:
    """Warmer, as a filter does."""
    red, green, blue = image.convert("RGB").split()
    return Image.merge(
        "RGB", (red.point(lambda v: min(v * 1.15, 255)), green, blue.point(lambda v: v * 0.8))
    )


def framed(image: Image.Image) -> Image.Image:
    """A black frame of 3 % around."""
    return ImageOps.expand(image, border=int(max(image.size) * 0.03), fill="black")


def overlaid(image: Image.Image) -> Image.Image:
    """What camera apps print over the lowest sixth: it covers the picture."""
    copy = image.copy()
    w, h = copy.size
    pen = ImageDraw.Draw(copy)
    pen.rectangle((0, h * 0.84, w, h), fill=(20, 20, 20))
    pen.text(
        (w * 0.03, h * 0.86), "18.7711 N 100.7733 E  2026-11-12", fill="white", font_size=h * 0.06
    )
    return copy


# The name, the bar of the issue (None: no bar of its own), the change.
EDITS: list[tuple[str, float | None, Edit]] = [
    ("re-saved q40", 0.99, lambda i: saved(i, 40)),
    ("half size", 0.99, lambda i: saved(within(i, max(i.size) // 2), 85)),
    ("chat copy 480 q50", 0.99, lambda i: saved(within(i, 480), 50)),
    ("brighter 25 %", 0.99, lambda i: ImageEnhance.Brightness(i).enhance(1.25)),
    ("darker 25 %", 0.99, lambda i: ImageEnhance.Brightness(i).enhance(0.75)),
    ("contrast +30 %", 0.99, lambda i: ImageEnhance.Contrast(i).enhance(1.3)),
    ("contrast -30 %", 0.99, lambda i: ImageEnhance.Contrast(i).enhance(0.7)),
    ("grey", 0.99, lambda i: i.convert("L").convert("RGB")),
    ("tint", 0.99, tinted),
    ("caption below", 0.99, captioned(True, "white")),
    ("caption above", 0.99, captioned(False, "black")),
    ("mirror", 0.99, ImageOps.mirror),
    ("quarter turn", 0.99, lambda i: i.transpose(Image.Transpose.ROTATE_90)),
    ("three quarters", 0.99, lambda i: i.transpose(Image.Transpose.ROTATE_270)),
    ("half turn", 0.99, lambda i: i.transpose(Image.Transpose.ROTATE_180)),
    ("mirrored quarter", 0.99, lambda i: i.transpose(Image.Transpose.TRANSPOSE)),
    ("crop 5 %", 0.95, cropped(0.05, 0.05, 0.05, 0.05)),
    ("turned 3 degrees", 0.95, lambda i: i.rotate(3, Image.Resampling.BICUBIC)),
    ("frame 3 %", 0.95, framed),
    ("crop 10 %", 0.85, cropped(0.1, 0.1, 0.1, 0.1)),
    ("off-centre 20 %", 0.85, cropped(0.2, 0.0, 0.0, 0.2)),
    ("off-centre 20/10", None, cropped(0.0, 0.2, 0.1, 0.0)),
    ("lowest sixth covered", None, overlaid),
    (
        "crop 5 %, mirror, 480 q50",
        None,
        lambda i: ImageOps.mirror(saved(within(cropped(0.05, 0.05, 0.05, 0.05)(i), 480), 50)),
    ),
]


def photos(folder: Path | None, count: int) -> Iterator[tuple[str, Image.Image]]:
    """Each photo with its name, upright and at most 1600 px, as the 1600 px view is."""
    if folder is None:
        from tests.prints import scenes

        yield from ((f"scene {seed}", scenes.plot(seed)) for seed in range(count))
        return
    files = sorted(
        p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}
    )
    for file in files[:count]:
        with Image.open(file) as image:
            yield file.name, within(ImageOps.exif_transpose(image).convert("RGB"), 1600)


@dataclass
class Corpus:
    """What is known of the photos: names, thumbnails, keys, and the index over the keys."""

    names: list[str] = field(default_factory=list)
    thumbnails: list[Image.Image] = field(default_factory=list)
    index: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys: int = 0

    def add(self, name: str, image: Image.Image, keys: list[int]) -> None:
        """Store a photo as the product does: thumbnail and keys."""
        for key in keys:
            self.index[key].append(len(self.names))
        self.names.append(name)
        self.thumbnails.append(thumbnail(image))
        self.keys += len(keys)

    def votes(self, probes: Iterable[int]) -> Counter[int]:
        """How many keys each photo shares with what is asked."""
        return Counter(no for probe in probes for no in self.index.get(probe, ()))


@dataclass
class Tally:
    """What happened to the edited copies, and what else was met on the way."""

    asked: Counter[str] = field(default_factory=Counter)
    nominated: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    probes: list[int] = field(default_factory=list)
    stray_rows: int = 0
    wrong: set[tuple[str, str]] = field(default_factory=set)
    judged: set[tuple[int, int]] = field(default_factory=set)


class Clock:
    """CPU milliseconds of the calls made through it."""

    def __init__(self) -> None:
        self.spent_ms: list[float] = []

    def __call__(self, call: Callable[..., T], *args: object) -> T:
        """Make the call, and count it."""
        start = time.process_time()
        result = call(*args)
        self.spent_ms.append((time.process_time() - start) * 1000)
        return result

    def median(self) -> float:
        """Half of the calls took no longer."""
        return statistics.median(self.spent_ms) if self.spent_ms else 0.0


def ask(corpus: Corpus, no: int, image: Image.Image, edit: str, tally: Tally, clock: Clock) -> None:
    """Look one edited copy up, and compare it with whom the index names."""
    copy = thumbnail(image)
    probes = features.probes_of(copy)
    votes = corpus.votes(probes)
    tally.asked[edit] += 1
    tally.probes.append(len(probes))
    tally.stray_rows += votes.total() - votes[no]
    if votes[no] >= features.MIN_VOTES:
        tally.nominated[edit] += 1
        if clock(compare.likeness, corpus.thumbnails[no], copy):
            tally.found[edit] += 1
    for other, count in votes.items():
        pair = (min(no, other), max(no, other))
        if other == no or count < features.MIN_VOTES:
            continue
        tally.judged.add(pair)
        if compare.likeness(corpus.thumbnails[other], copy):
            tally.wrong.add((corpus.names[pair[0]], corpus.names[pair[1]]))


def compared_blindly(corpus: Corpus, every: int) -> list[tuple[str, str]]:
    """Pairs taken for one picture although the index need not have named them."""
    pairs = list(combinations(range(len(corpus.names)), 2))[::every]
    return [
        (corpus.names[a], corpus.names[b])
        for a, b in pairs
        if compare.likeness(corpus.thumbnails[a], corpus.thumbnails[b])
    ]


def report(corpus: Corpus, tally: Tally, of: Clock, judge: Clock) -> None:
    """The table."""
    photos = len(corpus.names)
    print(f"{'edit':<28}{'copies':>7}{'nominated':>11}{'found':>8}{'bar':>6}")
    for name, bar, _ in EDITS:
        asked = max(tally.asked[name], 1)
        found = tally.found[name] / asked
        mark = "" if bar is None else f"{bar:.0%}" + (" MISSED" if found < bar else "")
        print(f"{name:<28}{asked:>7}{tally.nominated[name] / asked:>11.1%}{found:>8.1%}  {mark}")
    pairs = photos * (photos - 1) // 2
    strays = tally.stray_rows / max(len(tally.probes) * (photos - 1), 1)
    print(f"photos {photos}, distinct pairs {pairs}; nominated wrongly {len(tally.judged)}")
    print(f"distinct pairs taken for one picture: {len(tally.wrong)}")
    for pair in sorted(tally.wrong):
        print("   ", *pair)
    print(f"keys per photo {corpus.keys / photos:.1f}, probes {statistics.mean(tally.probes):.0f}")
    print(f"rows of other photos a look-up reads among {MILLION:,}: {strays * MILLION:.0f}")
    print(f"CPU ms, median: features.of {of.median():.1f}, compare.likeness {judge.median():.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--photos", type=int, default=300, help="at most so many (300)")
    parser.add_argument(
        "--blind",
        type=int,
        default=0,
        metavar="N",
        help="also compare every Nth pair, named or not",
    )
    wanted = parser.parse_args()
    print("photos of", wanted.folder or "made-up scenes: real photos are the better measure")
    corpus, tally, of, judge = Corpus(), Tally(), Clock(), Clock()
    for name, image in photos(wanted.folder, wanted.photos):
        corpus.add(name, image, of(features.of, image).keys)
    for no, (_, image) in enumerate(photos(wanted.folder, wanted.photos)):
        for edit, _, change in EDITS:
            ask(corpus, no, change(image), edit, tally, judge)
    report(corpus, tally, of, judge)
    if wanted.blind:
        print("blindly compared and taken for one:", compared_blindly(corpus, wanted.blind))


if __name__ == "__main__":
    main()
