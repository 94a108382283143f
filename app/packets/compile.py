"""From the frozen list to the file: survey, report, tables, bag - and the same bytes each time.

Knows no database and no clock.  Progress is told in steps (`survey`, `report`, `tables`,
`archive`), each with how many of how many.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.packets.bag import verify
from app.packets.bag.writer import Entry, write_bag
from app.packets.frozen.content import Content, canonical, to_json
from app.packets.report import phrases
from app.packets.report.volumes import FONT_FOLDER, volumes, write_reports
from app.packets.survey import Gap, Sources, Survey, survey
from app.packets.tables.files import write_csv_files, write_workbook
from app.packets.tables.places import geojson, kml
from app.packets.tables.sheets import sheets
from app.shared.clock import bangkok_day

STEPS = ("survey", "report", "tables", "archive")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a finished packet holds: files in its payload, and photos that have a gap."""

    files: int
    gaps: tuple[Gap, ...]


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def write_packet(
    content: Content,
    sources: Sources,
    target: IO[bytes],
    *,
    fonts: Path = FONT_FOLDER,
    progress: Progress = silent,
) -> Compiled:
    """Write the packet of `content` into `target` (seekable, empty).

    Same list and same photo files: same bytes.  Works in a temporary folder of its own and
    holds one photo, and one volume of the report, in memory at a time.

    Raises:
        PhotoChanged: a photo's file changed between the survey and the archive; start again.
        OSError: a file cannot be read or written.
        TypesettingFailed: template or fonts are broken.
    """
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        folder = Path(name)
        root, made = folder / "report", folder / "made"
        root.mkdir()
        made.mkdir()
        found = survey(content, sources, root, lambda done, of: progress("survey", done, of))
        payload = _reports(content, found, root, fonts, progress)
        progress("tables", 0, 1)
        payload += _tables(content, found, made)
        progress("tables", 1, 1)
        payload += _photos(found)
        write_bag(
            target,
            content.identifier,
            payload,
            [Entry("verify.py", Path(verify.__file__))],
            _bag_info(content),
            tick=lambda done: progress("archive", done, len(payload)),
        )
    return Compiled(len(payload), found.gaps)


def _reports(
    content: Content, found: Survey, root: Path, fonts: Path, progress: Progress
) -> list[Entry]:
    total = len(volumes(found.shots))
    entries = []
    progress("report", 0, total)
    for path in write_reports(content, found, root, fonts):
        entries.append(Entry(path.name, path))
        progress("report", len(entries), total)
    return entries


def _tables(content: Content, found: Survey, made: Path) -> list[Entry]:
    every = sheets(content, found)
    book = made / "tables.xlsx"
    title, created = phrases.title(content), content.requested.at
    write_workbook(every, book, title=title, created=created)
    files = [book, *write_csv_files(every, made)]
    return [
        *(Entry(path.name, path) for path in files),
        Entry("content.json", canonical(to_json(content))),
        Entry("places.geojson", geojson(content)),
        Entry("places.kml", kml(content)),
    ]


def _photos(found: Survey) -> list[Entry]:
    return [
        Entry(shot.name, shot.source, shot.photo.view_sha256)
        for shot in found.shots
        if shot.source is not None
    ]


def _bag_info(content: Content) -> dict[str, str]:
    return {
        "Bag-Software-Agent": "Lakthan",
        "Bagging-Date": bangkok_day(content.requested.at).isoformat(),
        "External-Description": phrases.title(content),
        "External-Identifier": content.identifier,
        "Lakthan-List-SHA256": content.list_sha256,
        "Source-Organization": phrases.office_name(content.scope),
    }
