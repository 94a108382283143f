"""Reports for tests: each centre a part of its own, bound as a build does it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.packets.checking import check_files
from app.packets.frozen.content import Content
from app.packets.parts import Part, PartMade, plan_parts
from app.packets.report.binding import page_count, write_report
from app.packets.report.part_pages import write_part_pages
from tests.packets.packet_lists import FolderSources

_FOLDERS = itertools.count()


def parts_of(content: Content) -> list[Part]:
    """One part for each slice of the plan, so that even a small list has several."""
    slices = [slice_ for part in plan_parts(content) for slice_ in part.slices]
    return [Part(number, (slice_,), ()) for number, slice_ in enumerate(slices)]


def make_parts(
    content: Content, sources: FolderSources, folder: Path, fonts: Path
) -> tuple[list[PartMade], list[Path]]:
    """Check and set every part; what was found, and the pages."""
    made, pages = [], []
    for part in parts_of(content):
        found = PartMade(part.number, *check_files(content, part, sources), pages=0)
        pages.append(write_part_pages(content, part, found, folder, fonts))
        made.append(replace(found, pages=page_count(pages[-1])))
    return made, pages


def bind(
    content: Content,
    sources: FolderSources,
    folder: Path,
    fonts: Path,
    parts: tuple[Sequence[PartMade], Sequence[Path]] | None = None,
) -> Path:
    """The whole report of a list."""
    own = folder / f"report-{next(_FOLDERS)}"
    own.mkdir()
    made, pages = parts or make_parts(content, sources, own, fonts)
    target = own / "report.pdf"
    with target.open("wb") as file:
        write_report(content, made, pages, lambda photo: sources.path(photo.key), file, own, fonts)
    return target
