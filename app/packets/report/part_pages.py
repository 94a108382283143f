"""The pages of one part: its centres' sheets, books and photos, set while its files are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.packets.frozen.content import Content
from app.packets.parts import CheckedFile, Part, PartMade
from app.packets.report.centre_pages import slice_chapters
from app.packets.report.chapters import Chapter
from app.packets.report.cover import document
from app.packets.report.setting import FONT_FOLDER, set_document


def write_part_pages(
    content: Content, part: Part, made: PartMade, folder: Path, fonts: Path = FONT_FOLDER
) -> Path:
    """Set the pages of `part` in `folder`; returns the PDF (`binding.page_count` counts it).

    A part without anything to show is an empty file: Typst would make it a blank page.

    Raises:
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
    """
    chapters = [
        chapter for slice_ in part.slices for chapter in slice_chapters(content, slice_, made)
    ]
    return set_chapters(
        content, chapters, folder, f"{part.number}.pdf", pictures=shown_by(made), fonts=fonts
    )


def set_chapters(
    content: Content,
    chapters: Sequence[Chapter],
    folder: Path,
    name: str,
    *,
    pictures: Mapping[str, CheckedFile],
    fonts: Path,
) -> Path:
    """Set chapters as pages of the report, to be bound; no chapters make an empty file.

    Raises:
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
    """
    if not chapters:
        (folder / name).write_bytes(b"")
        return folder / name
    return set_document(
        document(content, chapters),
        folder,
        name,
        pictures=pictures,
        fonts=fonts,
        timestamp=int(content.requested.at.timestamp()),
        numbered=False,
    )


def shown_by(made: PartMade) -> dict[str, CheckedFile]:
    """The renditions that a part's pages can show, by name below data/."""
    return {file.name: file for file in made.files if file.kind == "view"}
