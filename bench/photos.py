"""What photos cost, against others and against the bars: `make bench-photos`.

    make bench-photos                     everything; takes about half an hour
    make bench-photos QUICK=1             the same in little: about four minutes
    make bench-photos PHOTOS=/a/folder    with the JPEGs of a folder instead of made ones

Every bar is a ratio of medians from this one run: machines differ, and this one may be busy.  The
table goes to the terminal and to var/bench/photos.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.photos_contest import FOLDER, Contest, Result
from tools.setup.places import PYTHON, ROOT

if TYPE_CHECKING:
    from bench.photos_queue import Speeds

REPORT = FOLDER / "photos.md"
OUTPUTS = {
    "ours": "SHA-256, facts with place and time; view 1600, thumb 320, stamped (raqm, Thai);"
    " local fingerprints (up to 56 keys), measures of quality, placeholder, sRGB",
    "sharp": "SHA-256, EXIF; view 1600, thumb 320, stamped (SVG, Thai); one 64-bit hash",
    "pyvips": "SHA-256, EXIF; view 1600, thumb 320, stamped (Pango, Thai); one 64-bit hash",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    photos: int
    rounds: int
    others: int  # files of each other kind; none where 0
    databases: tuple[str, ...]
    queue_rounds: int
    lookup: tuple[str, ...]
    recall: tuple[str, ...]


FULL = Size(48, 5, 4, ("sqlite", "postgresql"), 5, ("10000", "100000", "1000000"), ("300",))
QUICK = Size(48, 3, 0, ("sqlite",), 3, ("10000", "100000"), ("24",))


@dataclass(frozen=True, slots=True)
class Bar:
    """A goal: the figure may be at most (or at least) so much."""

    what: str
    figure: float
    limit: float
    at_least: bool = False

    @property
    def row(self) -> str:
        """The table's row."""
        good = self.figure >= self.limit if self.at_least else self.figure <= self.limit
        sign = ">=" if self.at_least else "<="
        verdict = "pass" if good else "**miss**"
        return f"| {self.what} | {self.figure:.2f} | {sign} {self.limit} | {verdict} |"


def main() -> None:
    """Measure, and print and keep each line as it comes."""
    asked = _asked()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with REPORT.open("w", encoding="utf-8") as report:
        for line in _lines(asked, QUICK if asked.quick else FULL):
            print(line, flush=True)
            report.write(f"{line}\n")
            report.flush()


def _lines(asked: argparse.Namespace, size: Size) -> Iterator[str]:
    yield _machine(size, asked.photos)
    plain = _chosen(asked.photos, "plain", size.photos)
    if asked.part in ("all", "pipeline"):
        yield from _pipeline(Contest(FOLDER / "contest"), plain, size)
    if asked.part in ("all", "queue"):
        from bench import photos_queue  # only now: see `_made`

        for kind in size.databases:
            speeds = photos_queue.measure(FOLDER / "queue" / kind, plain, size.queue_rounds, kind)
            yield from _queue(kind, speeds)
    if asked.part in ("all", "prints"):
        yield from _other("bench.lookup", "--photos", *size.lookup)
        yield from _other("bench.recall", "--photos", *size.recall)
    yield f"\nLoad at the end: {_load()}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("QUICK")))
    parser.add_argument("--photos", type=Path, default=os.environ.get("PHOTOS"))
    parser.add_argument("--part", choices=("all", "pipeline", "queue", "prints"), default="all")
    return parser.parse_args()


def _chosen(own: Path | None, kind: str, most: int) -> list[Path]:
    if own is None:
        return _made(kind, most)
    found = [path for path in sorted(own.iterdir()) if path.suffix.lower() in (".jpg", ".jpeg")]
    if not found:
        raise SystemExit(f"no JPEG in {own}")
    return found[:most]


def _made(kind: str, most: int) -> list[Path]:
    """The made pictures of a kind.

    By a process of its own, as this one must stay small: Linux counts the size of who starts a
    process as that process's own largest.
    """
    command = [PYTHON, "-m", "bench.photos_made", FOLDER / "pictures", kind, str(most)]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [Path(line) for line in answer.stdout.splitlines()]


def _machine(size: Size, own: Path | None) -> str:
    source = "the JPEGs of an own folder" if own else "made photos of 12 MP"
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"# Photos\n\n{day}; {_model()}, {os.cpu_count()} cores; load at the start {_load()};"
        f" {size.photos} files ({source}), {size.rounds} rounds in turns, medians."
    )


def _model() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "processor unknown"


def _load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def _pipeline(contest: Contest, plain: Sequence[Path], size: Size) -> Iterator[str]:
    results = contest.measure(plain, size.rounds)
    ours, sharp = results["ours"], results["sharp"]
    yield from _programs("The whole job, whole processes", results, told=True)
    yield "\n| bar | ratio | limit | |\n|---|---|---|---|"
    for other, limit in (("sharp", 0.75), ("pyvips", 0.8)):
        rival = results[other]
        yield Bar(f"CPU per photo, ours / {other}", ours.cpu_ms / rival.cpu_ms, limit).row
        net = ours.net_cpu_ms / rival.net_cpu_ms
        yield Bar(f"the same without start-up, ours / {other}", net, limit).row
    yield Bar("peak memory, ours / sharp", ours.peak_mb / sharp.peak_mb, 0.5).row
    if not size.others:
        return
    for kind, title in (("large", "JPEGs of 48 MP"), ("progressive", "progressive JPEGs of 12 MP")):
        files = _made(kind, size.others)
        yield from _programs(title, contest.measure(files, 3))
    heic = contest.measure(_made("heic", size.others), 3, ["ours"])
    yield from _programs("HEIC of 12 MP (the others' prebuilt packages cannot read it)", heic)


def _programs(title: str, results: dict[str, Result], *, told: bool = False) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield "| | CPU ms/photo | without start-up | photos/s/core | wall ms/photo | peak MB |" + (
        " outputs |" if told else ""
    )
    yield "|---|---|---|---|---|---|" + ("---|" if told else "")
    for name, result in results.items():
        yield (
            f"| {name} | {result.cpu_ms:.0f} | {result.net_cpu_ms:.0f} |"
            f" {1000 / result.net_cpu_ms:.1f} | {result.wall_ms:.0f} | {result.peak_mb:.0f} |"
        ) + (f" {OUTPUTS[name]} |" if told else "")


def _queue(kind: str, speeds: dict[str, Speeds]) -> Iterator[str]:
    bare, queued, examined = speeds["bare"], speeds["queued"], speeds["examined"]
    yield f"\n## Through the queue, {kind}: two of each\n"
    yield "| | photos/s | CPU ms/photo | does |\n|---|---|---|---|"
    for name, found, does in (
        ("bare processes", bare, "read, render, store"),
        ("fenced workers", queued, "the same, and claim, database, commits, queue"),
        ("fenced workers, examining", examined, "the same, and reuse look-up and findings"),
    ):
        yield f"| {name} | {found.median_per_s:.1f} | {found.median_cpu_ms:.0f} | {does} |"
    yield "\n| bar | ratio | limit | |\n|---|---|---|---|"
    speed = queued.median_per_s / bare.median_per_s
    yield Bar("photos/s, workers / bare", speed, 0.8, at_least=True).row
    speed = examined.median_per_s / bare.median_per_s
    yield f"| photos/s, workers with examining / bare | {speed:.2f} | | |"
    yield f"| CPU, bare / workers | {bare.median_cpu_ms / queued.median_cpu_ms:.2f} | | |"


def _other(module: str, *words: str) -> Iterator[str]:
    """Another bench's own words, as it prints them."""
    command = [str(PYTHON), "-m", module, *words]
    answer = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False
    )
    yield f"\n## {module} {' '.join(words)}\n\n```\n{answer.stdout.rstrip()}\n```"
    if answer.returncode:
        yield f"\n**{module} ended with {answer.returncode}**"


if __name__ == "__main__":
    main()
