"""What packets cost, against plain tools and against the bars: `make bench-packets`.

    make bench-packets                 100, 1,000 and 5,000 photos
    make bench-packets QUICK=1         100 and 1,000, three rounds

Every bar is a ratio of medians from this one run: machines differ, and this one may be busy.
The table goes to the terminal and to var/bench/packets.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.packets_runs import Bar, Runs, load, model, run
from tools.setup.places import PYTHON, ROOT, VAR

FOLDER = VAR / "bench" / "packets"
STORE = FOLDER / "store"
REPORT = VAR / "bench" / "packets.md"
PROVINCE = ROOT / "bench" / "packets_province.py"
MB = 1024 * 1024
# The same bytes copied, and the copies hashed; coreutils' sha256sum is no yardstick, for it lacks
# the processor's SHA instructions.
COPY = 'cp -r "$1" "$2" && find "$2" -type f -print0 | xargs -0 openssl dgst -sha256 > /dev/null'


@dataclass(slots=True)
class Packing:
    """One size: who packs what, and what it must be measured against."""

    photos: int
    octets: int = 0
    runs: dict[str, Runs] = field(default_factory=dict)

    def without_start(self, what: str, unit: str) -> float:
        """Seconds ("cpu_s", "wall_s") of a run, without what starting Python takes."""
        start = "start" if what == "all" else "none"
        return self.runs[what].median(unit) - self.runs[start].median(unit)

    def ratio(self, what: str, unit: str) -> float:
        """Against copying and hashing the same bytes."""
        return self.without_start(what, unit) / self.runs["cp + openssl"].median(unit)


def main() -> None:
    """Measure, and print and keep each line as it comes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("QUICK")))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--photos", type=int, nargs="+")
    parser.add_argument("--part", choices=("all", "packing", "report"), default="all")
    asked = parser.parse_args()
    sizes = asked.photos or ([100, 1000] if asked.quick else [100, 1000, 5000])
    rounds = asked.rounds or (3 if asked.quick else 5)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with REPORT.open("w", encoding="utf-8") as report:
        for line in _lines(sizes, rounds, asked.part):
            print(line, flush=True)
            report.write(f"{line}\n")
            report.flush()


def _lines(sizes: Sequence[int], rounds: int, part: str) -> Iterator[str]:
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield f"# Packets\n\n{day}; {model()}, {os.cpu_count()} cores; load at the start {load()};"
    yield f"{rounds} rounds in turns, medians; without start-up, but for memory."
    made = (PYTHON, "-m", "bench.packets_made", FOLDER, *map(str, sizes))
    subprocess.run(made, cwd=ROOT, check=True)
    bars: list[Bar] = []
    if part != "report":
        yield from _packing([pack(size, rounds) for size in sizes], bars)
    if part != "packing":
        yield from _reports(sizes, rounds, bars)
    if part == "all" and PROVINCE.exists():
        yield from _province()
    yield "\n## Bars\n\n| bar | figure | limit | |\n|---|---|---|---|"
    for bar in bars:
        yield bar.row
    yield f"\nLoad at the end: {load()}"


def pack(photos: int, rounds: int) -> Packing:
    """Pack `photos` and copy the same bytes, in turns."""
    packing = Packing(photos)
    listed, target = FOLDER / f"list-{photos}.json", FOLDER / "packet.zip"
    source, copy = FOLDER / "unpacked", FOLDER / "copy"
    ours = (PYTHON, "-m", "bench.packets_packing", STORE, listed, target)
    subprocess.run((*ours, "all"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(source, ignore_errors=True)
    subprocess.run((PYTHON, "-m", "zipfile", "-e", target, source), check=True)
    packing.octets = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    commands: dict[str, Sequence[object]] = {
        what: (*ours, what) for what in ("none", "start", "files", "all")
    } | {"cp + openssl": ("sh", "-c", COPY, "sh", source, copy)}
    packing.runs = in_turns(commands, rounds, lambda: _clear(target, copy))
    _clear(target, source)
    return packing


def in_turns(
    commands: dict[str, Sequence[object]], rounds: int, clear: Callable[[], None]
) -> dict[str, Runs]:
    """Run every command once a round, beginning with another each time."""
    runs = {name: Runs() for name in commands}
    names = list(commands)
    for turn in range(rounds):
        at = turn % len(names)
        for name in [*names[at:], *names[:at]]:
            clear()
            runs[name].all.append(run(commands[name]))
    clear()
    return runs


def _clear(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
    os.sync()  # what others left to be written must not be written in our time


def _packing(done: Sequence[Packing], bars: list[Bar]) -> Iterator[str]:
    yield "\n## Packing: everything but the report, against `cp -r` + `openssl dgst -sha256`\n"
    yield "| photos | | CPU s | wall s | MB/s | CPU ratio | wall ratio | peak MB |"
    yield "|---|---|---|---|---|---|---|---|"
    for size in done:
        for what, told in (("files", "files into the bag"), ("all", "all but the report")):
            cpu, wall = (size.without_start(what, unit) for unit in ("cpu_s", "wall_s"))
            yield (
                f"| {size.photos} | {told} | {cpu:.2f} | {wall:.2f} |"
                f" {size.octets / MB / wall:.0f} |"
                f" {size.ratio(what, 'cpu_s'):.2f} | {size.ratio(what, 'wall_s'):.2f} |"
                f" {size.runs[what].median('peak_mb'):.0f} |"
            )
        plain = size.runs["cp + openssl"]
        wall = plain.median("wall_s")
        yield (
            f"| {size.photos} | cp + openssl | {plain.median('cpu_s'):.2f} | {wall:.2f} |"
            f" {size.octets / MB / wall:.0f} | 1 | 1 | |"
        )
    for size in done:
        if size.photos >= 1_000:
            for unit, word in (("cpu_s", "CPU"), ("wall_s", "wall")):
                told = f"packing {size.photos} photos / cp + openssl, {word}"
                bars.append(Bar(told, size.ratio("all", unit), 1.3))
    last, first = done[-1], done[0]
    for what, told in (("files", "files into the bag"), ("all", "all but the report")):
        peak, least = (size.runs[what].median("peak_mb") for size in (last, first))
        bars.append(Bar(f"{told}, {last.photos} photos, peak MB", peak, 60))
        growth = f"{told}, {last.photos} / {first.photos} photos, peak memory"
        bars.append(Bar(growth, peak / least, 1.1))


def _reports(sizes: Sequence[int], rounds: int, bars: list[Bar]) -> Iterator[str]:
    yield "\n## Report: parts, binding, photos passed through; against img2pdf of the same JPEGs\n"
    yield (
        "| photos | pages | pages/s | CPU s | wall s | CPU ms a photo | wall ms |"
        " CPU ms passed through | img2pdf CPU ms | wall ms | peak MB |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for size in sizes:
        runs, pages = _report(size, rounds)
        row = _ReportRow(size, pages, runs)
        yield row.text
        if size >= 1_000:
            img2pdf_ms = row.per_photo("img2pdf", "start", "cpu_s")
            told = f"photos passed through / img2pdf, {size} photos, CPU"
            bars.append(Bar(told, row.passed_ms / img2pdf_ms, 1.5))
            for unit, word in (("cpu_s", "CPU"), ("wall_s", "wall")):
                told = f"the same and their captions set / img2pdf, {size} photos, {word}"
                bars.append(Bar(told, row.ratio(unit), 1.5))
        bars.append(Bar(f"report of {size} photos, peak MB", runs["all"].median("peak_mb"), 300))


@dataclass(frozen=True, slots=True)
class _ReportRow:
    photos: int
    pages: int
    runs: dict[str, Runs]

    def per_photo(self, what: str, base: str, unit: str) -> float:
        """Milliseconds a photo: what `what` takes beyond `base`."""
        more = self.runs[what].median(unit) - self.runs[base].median(unit)
        return more / self.photos * 1000

    def ratio(self, unit: str) -> float:
        """A photo on its page, against img2pdf."""
        return self.per_photo("all", "text", unit) / self.per_photo("img2pdf", "start", unit)

    @property
    def passed_ms(self) -> float:
        """Processor time a photo takes in the binding, beyond its page's words."""
        binding_s = {
            what: statistics.median(
                json.loads(run.said)["binding_s"] for run in self.runs[what].all
            )
            for what in ("all", "text")
        }
        return (binding_s["all"] - binding_s["text"]) / self.photos * 1000

    @property
    def text(self) -> str:
        """The table's row."""
        cpu, wall = (
            self.runs["all"].median(unit) - self.runs["none"].median(unit)
            for unit in ("cpu_s", "wall_s")
        )
        ours, theirs = (
            [self.per_photo(*of, unit) for unit in ("cpu_s", "wall_s")]
            for of in (("all", "text"), ("img2pdf", "start"))
        )
        return (
            f"| {self.photos} | {self.pages} | {self.pages / wall:.0f} | {cpu:.2f} | {wall:.2f} |"
            f" {ours[0]:.2f} | {ours[1]:.2f} | {self.passed_ms:.2f} |"
            f" {theirs[0]:.2f} | {theirs[1]:.2f} | {self.runs['all'].median('peak_mb'):.0f} |"
        )


def _report(photos: int, rounds: int) -> tuple[dict[str, Runs], int]:
    listed, checked = FOLDER / f"list-{photos}.json", FOLDER / f"checked-{photos}.json"
    work, target = FOLDER / "work", FOLDER / "img2pdf.pdf"
    packing = (PYTHON, "-m", "bench.packets_packing", STORE, listed, checked, "check")
    subprocess.run(packing, cwd=ROOT, check=True)
    ours = (PYTHON, "-m", "bench.packets_report", STORE, listed, checked, work)
    theirs = (PYTHON, "-m", "bench.packets_img2pdf", STORE, checked, target)
    commands: dict[str, Sequence[object]] = {
        what: (*ours, what) for what in ("none", "text", "all")
    } | {"start": (*theirs, "0"), "img2pdf": (*theirs, str(photos))}

    def clear() -> None:
        _clear(work, target)
        work.mkdir()

    runs = in_turns(commands, rounds, clear)
    shutil.rmtree(work)
    return runs, json.loads(runs["all"].all[-1].said)["pages"]


def _province() -> Iterator[str]:
    """What a whole province takes, with one worker and with two."""
    answer = subprocess.run(
        (PYTHON, "-m", "bench.packets_province"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    yield f"\n## A province through the queue\n\n{answer.stdout.rstrip()}"
    if answer.returncode:
        yield f"\n**bench.packets_province ended with {answer.returncode}**"


if __name__ == "__main__":
    main()
