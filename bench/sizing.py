"""What a host can carry and what a year takes: the sizing table of docs/operations.md.

    python -m bench.sizing              measure what no other bench does (two minutes)
    python -m bench.sizing --write      write the table from the figures that benches have left

Processor time, not the clock's, so that a busy machine tells nearly the same: photos as a worker
processes and examines them, bytes a photo and a visit take once all is made of them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.figures import FOLDER, Figure, keep
from tools.setup.places import ROOT, VAR

DOCUMENT = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- sizing: python -m bench.sizing --write -->", "<!-- sizing: end -->"
PHOTOS, VISITS = 16, 4_000
CPU, FILES, ROWS = (
    "processor time of a photo of 12 megapixels",
    "files of a photo of 12 megapixels",
    "database for a visit as phones send it, with its signature and its place in the log",
)
# A year of all 76 provinces; a round is a quarter, and half of it comes on its last day.
YEAR = {"visits": 5_000_000, "photos": 3_500_000}
LAST_DAY_S = 8 * 3600
BUSY = 0.7  # a core that does more has no room for a bad minute


def main() -> None:
    """Measure, or write the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--write", action="store_true")
    if asked.parse_args().write:
        write(DOCUMENT)
    else:
        keep("sizing", [*_photos(), _rows()])


def _photos() -> Iterator[Figure]:
    from bench.photos_made import pictures
    from bench.photos_queue import Site, Speeds, _database

    folder = VAR / "bench" / "sizing"
    paths = pictures(VAR / "bench" / "pictures", "plain", PHOTOS)
    with ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        site = Site(folder, stack.enter_context(_database(folder, "postgresql")), stack)
        site.receive(paths)
        speeds = Speeds()
        for _ in range(3):
            speeds.add(len(paths), *site.queued(examine=True))
        kept = sum(p.stat().st_size for p in site.settings.files_dir.rglob("*") if p.is_file())
    yield Figure(CPU, speeds.median_cpu_ms / 1000, "s", "low")
    yield Figure(FILES, kept / len(paths) / 1e6, "MB", "low")


def _rows() -> Figure:
    from sqlalchemy import text

    from app import create_app
    from app.shared.db import db
    from bench import changes
    from tests.sync.phone_client import Phone

    asked = text("SELECT pg_database_size(current_database())")
    with tempfile.TemporaryDirectory() as folder, changes._database() as url:
        app = create_app(changes._settings(Path(folder), url), send_job=lambda *_a, **_k: None)
        with app.app_context():
            db.create_all()
            changes._fill(1)
            before = int(db.session.scalar(asked) or 0)
            db.session.remove()
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol("officer", changes.PASSWORD)
        phone.pull()
        centre = phone.held["centres"][0]["id"]
        for _ in range(VISITS // 100):
            phone.post([phone.visit(centre) for _ in range(100)])
        with app.app_context():
            after = int(db.session.scalar(asked) or 0)
            db.session.remove()
            db.engine.dispose()
    return Figure(ROWS, (after - before) / VISITS / 1e3, "kB", "low")


@dataclass(frozen=True, slots=True)
class Known:
    """What benches have found, by the words of their figures; None where one has not run."""

    figures: dict[str, float]
    loads: dict[str, float]

    @classmethod
    def kept(cls, folder: Path = FOLDER) -> Known:
        """Read what `keep` left."""
        figures: dict[str, float] = {}
        loads: dict[str, float] = {}
        for path in sorted(folder.glob("*.json")):
            told = json.loads(path.read_text("utf-8"))
            loads[path.stem] = told["load"]
            figures |= {each["what"]: each["value"] for each in told["figures"]}
        return cls(figures, loads)

    def of(self, begins: str) -> float | None:
        """The figure whose words begin so."""
        found = [value for what, value in self.figures.items() if what.startswith(begins)]
        return found[0] if found else None


def rules(known: Known, cores: int) -> Iterator[tuple[str, str]]:
    """What was measured, in words for whoever sizes a host: pairs of what and how much."""

    def told(value: float | None, unit: str, times: float = 1) -> str:
        return "not measured" if value is None else f"{_plain(value * times)} {unit}"

    core = 1 / cores
    yield ("records, each in a request of its own, for each core",
           told(known.of("records, one a request, 8"), "/s", core))  # fmt: skip
    yield ("records, 100 in a request, for each core",
           told(known.of("records, 100 a request"), "/s", core))  # fmt: skip
    yield "photos of 4 MB taken in, whole", told(known.of("photos of 4 MB whole"), "MB/s")
    yield ("a web process after its largest upload",
           told(known.of("largest web process"), "MB resident"))  # fmt: skip
    yield "`make run` as a whole, idle", told(known.of("resident, "), "MB resident")
    cpu = known.of(CPU)
    yield ("photos processed and examined, for each worker with a core",
           told(None if cpu is None else 1 / cpu, "/s"))  # fmt: skip
    yield "files of 1,000 photos of 12 megapixels", told(known.of(FILES), "GB")
    yield ("database for a million visits as phones send them",
           told(known.of(ROWS), "GB"))  # fmt: skip


def needs(known: Known, provinces: int) -> Iterator[tuple[str, str]]:
    """What so many provinces need, from the rules and a year's figures."""
    share = provinces / 76
    per_s = {what: number * share / 4 / 2 / LAST_DAY_S for what, number in YEAR.items()}
    cores = os.cpu_count() or 1
    record, cpu = known.of("records, one a request, 8"), known.of(CPU)
    yield "visits, photos a year", f"{YEAR['visits'] * share:,.0f}, {YEAR['photos'] * share:,.0f}"
    yield ("on a round's last day, in each second",
           f"{_plain(per_s['visits'])} visits, {_plain(per_s['photos'])} photos")  # fmt: skip
    yield ("cores of web and database then",
           _whole(per_s["visits"] / (record / cores) if record else None))  # fmt: skip
    yield "workers of photos then, each with a core", _whole(per_s["photos"] * cpu if cpu else None)
    files, rows = known.of(FILES), known.of(ROWS)
    yield "files a year", _bytes(files and files * 1e6 * YEAR["photos"] * share)
    yield "database a year, of visits", _bytes(rows and rows * 1e3 * YEAR["visits"] * share)


def table(known: Known, cores: int) -> str:
    """The part of the document between its two marks."""
    loads = ", ".join(f"{name} {load:.1f}" for name, load in known.loads.items()
                      if name in ("line", "idle", "sizing"))  # fmt: skip
    lines = [
        f"Measured on one machine of {cores} cores that also ran the database, the queue and the"
        f" clients (load meanwhile: {loads or 'nothing measured'}).",
        "", "| measured | |", "|---|---|",
        *(f"| {what} | {much} |" for what, much in rules(known, cores)),
        "", f"From it, with a core {BUSY:.0%} busy at most:", "",
        "| | one province | 76 provinces |", "|---|---|---|",
        *(f"| {what} | {one} | {all_} |"
          for (what, one), (_, all_) in zip(needs(known, 1), needs(known, 76), strict=True)),
    ]  # fmt: skip
    return "\n".join(lines)


def write(document: Path) -> None:
    """Put the table into the document, in the place of what stood between its marks."""
    text = document.read_text("utf-8")
    made = f"{BEGIN}\n{table(Known.kept(), os.cpu_count() or 1)}\n{END}"
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.S)
    if not pattern.search(text):
        raise SystemExit(f"{document.name} has no place for the table")
    document.write_text(pattern.sub(lambda _: made, text), "utf-8")


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def _whole(cores: float | None) -> str:
    return "not measured" if cores is None else f"{max(1, math.ceil(cores / BUSY))}"


def _bytes(value: float | None) -> str:
    if value is None:
        return "not measured"
    return f"{_plain(value / 1e12)} TB" if value >= 1e12 else f"{_plain(value / 1e9)} GB"


if __name__ == "__main__":
    main()
