"""The library: every programme this installation knows, and which of them is in force.

In force is, of a fiscal year, what was published last; before anything was published, the file
that the installation starts with and those shipped of the same mission for other years.  A
process holds one library and replaces it as a whole, so a request that began with one still sees
a whole one.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from app.rounds.reading import ProgrammeRefused, read_programme, read_text
from app.rounds.schema import Programme
from app.shared.clock import Quarter

log = logging.getLogger(__name__)

_STEM = re.compile(r"[a-z0-9_]{1,36}")
FOLDER = Path(__file__).resolve().parent.parent / "programme"


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version as the database holds it."""

    key: str
    fiscal_year: int
    version: int
    published_at: datetime
    text: str

    @property
    def name(self) -> str:
        """As `Programme.name`."""
        return f"{self.key}_{self.fiscal_year}.{self.version}"


@dataclass(frozen=True)
class Library:
    """All that is known: `start` is the configured one, `editions` are oldest first."""

    start: Programme
    shipped: tuple[Programme, ...] = ()
    editions: tuple[Edition, ...] = ()
    texts: tuple[str, ...] = ()  # of `start`, then of each shipped

    @cached_property
    def by_year(self) -> dict[int, Programme]:
        """What is in force, per fiscal year."""
        found = {one.fiscal_year: one for one in (*self.shipped, self.start)}
        for edition in self.editions:
            if programme := read_edition(edition):
                found[edition.fiscal_year] = programme
        return found

    @property
    def in_force(self) -> tuple[Programme, ...]:
        """One per fiscal year, newest first."""
        return tuple(self.by_year[year] for year in sorted(self.by_year, reverse=True))

    def at(self, today: date) -> Programme:
        """What the running year asks; else the newest year that has begun; else the start."""
        running = Quarter.of_day(today).fiscal_year
        begun = [one for one in self.in_force if one.fiscal_year <= running]
        return begun[0] if begun else self.by_year[self.start.fiscal_year]

    def named(self, name: str) -> Programme | None:
        """This very version, whether or not it is still in force."""
        for one in self.in_force:
            if one.name == name:
                return one
        for edition in reversed(self.editions):
            if edition.name == name:
                return read_edition(edition)
        known = (self.start, *self.shipped, *_in_folder(name.rpartition(".")[0]))
        return next((one for one in known if one.name == name), None)

    def of_key(self, key: str) -> tuple[Programme, ...]:
        """Versions of one programme and year (`khok_nong_na_2567`), the one in force first."""
        names = [f"{e.key}_{e.fiscal_year}.{e.version}" for e in reversed(self.editions)]
        names += [one.name for one in (self.start, *self.shipped, *_in_folder(key))]
        wanted = [name for name in dict.fromkeys(names) if name.rpartition(".")[0] == key]
        return tuple(found for name in wanted if (found := self.named(name)))


@lru_cache(maxsize=64)
def read_edition(edition: Edition) -> Programme | None:
    """The edition's programme; None, and a line in the log, where this release cannot read it."""
    try:
        return read_text(edition.text, edition.name)
    except ProgrammeRefused as error:
        log.error("the published programme %s is passed over:\n%s", edition.name, error)
        return None


@lru_cache(maxsize=8)
def shipped_library(name: str) -> Library:
    """The library before anything is published.

    `name` is a programme's in `app/programme`, or the path of a YAML file, which then stands alone.

    Raises ProgrammeRefused.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name:
        return _library(Path(name))
    start = FOLDER / f"{name}.yaml"
    mission = name.rpartition("_")[0]
    others = (path for path in sorted(FOLDER.glob("*.yaml")) if path != start)
    return _library(start, *(path for path in others if path.stem.rpartition("_")[0] == mission))


@lru_cache(maxsize=64)
def _in_folder(stem: str) -> tuple[Programme, ...]:
    """A shipped programme that is of another mission than the installation's, for old records."""
    path = FOLDER / f"{stem}.yaml"
    if not _STEM.fullmatch(stem) or not path.exists():  # a phone may send any name
        return ()
    return (read_programme(path),)


def _library(*paths: Path) -> Library:
    start, *shipped = [read_programme(path) for path in paths]
    texts = tuple(path.read_text("utf-8") for path in paths)
    return Library(start, tuple(shipped), texts=texts)
