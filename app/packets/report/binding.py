"""The report bound: cover and contents, chapters, the parts' pages and what closes it, as one PDF.

Every PDF is taken apart and written on, object by object, with its numbers moved: neither the
report nor any library's picture of it is ever in memory.  One tag tree, one tree of bookmarks,
one output intent; page numbers run on, and the photos take the place of their placeholders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from app.packets.frozen.content import Content
from app.packets.parts import CheckedFile, PartMade
from app.packets.report import phrases
from app.packets.report.back import back_chapters
from app.packets.report.bound_photos import Photos
from app.packets.report.bound_sheets import Binder
from app.packets.report.front import front_chapters
from app.packets.report.metadata import About
from app.packets.report.opening import write_opening
from app.packets.report.outlines import Mark, contents_lines, marks_of
from app.packets.report.page_numbers import number_font
from app.packets.report.part_pages import set_chapters
from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import Sheets
from app.packets.report.setting import FONT_FOLDER


def page_count(pdf: Path) -> int:
    """How many pages a PDF of `setting` has.

    Raises:
        NotOurPdf: it is something else.
    """
    return len(Sheets(pdf).pages()) if pdf.stat().st_size else 0


def write_report(
    content: Content,
    made: Sequence[PartMade],
    part_pdfs: Sequence[Path],
    path_of: Callable[[CheckedFile], Path],
    target: IO[bytes],
    folder: Path,
    fonts: Path = FONT_FOLDER,
) -> int:
    """Bind the whole report into `target`, from front to back; returns how many pages it has.

    `path_of` says where a photo's rendition lies; one that is gone or no JPEG leaves its grey
    frame.  Works in `folder`.  Same list, same parts, same photos: same bytes.

    Raises:
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
        NotOurPdf: a part's pages are no PDF of `setting`.
    """
    front = set_chapters(
        content, front_chapters(content, made), folder, "front.pdf", pictures={}, fonts=fonts
    )
    back = set_chapters(
        content, back_chapters(content, made), folder, "back.pdf", pictures={}, fonts=fonts
    )
    body = [path for path in (front, *part_pdfs, back) if path.stat().st_size]
    marks = _all_marks(body)
    opening = write_opening(content, contents_lines(marks), folder, fonts)
    before = page_count(opening)
    for mark in marks:
        mark.page += before
    file = PdfFile(target)
    numbers = number_font(file, folder, fonts)
    binder = Binder(file, Photos(made, path_of), numbers, content.options.digits)
    binder.link_to(contents_lines(marks))
    for path in (opening, *body):
        binder.take(Sheets(path))
    about = About(phrases.title(content), phrases.office_name(content.scope), content.requested.at)
    binder.close(marks, about, content.list_sha256)
    return len(binder.pages)


def _all_marks(paths: Sequence[Path]) -> list[Mark]:
    """Every heading of these PDFs, pages counted from 0 through all of them."""
    found: list[Mark] = []
    before = 0
    for path in paths:
        sheets = Sheets(path)
        for mark in marks_of(sheets):
            mark.page += before
            found.append(mark)
        before += len(sheets.pages())
    return found
