"""Bookmarks: read from each PDF, written as one tree, and the lines of the contents from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import Sheets, entries, reference

CONTENTS_LEVELS = 2  # what stands below a centre is a bookmark, but no line of the contents
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass(slots=True)
class Mark:
    """A heading: where it stands.  `page` counts from 0; `title` and `spot` as in the PDF."""

    title: bytes
    level: int
    page: int
    spot: bytes
    number: int = 0
    below: list[Mark] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The title as text."""
        if self.title.startswith(b"<"):
            return bytes.fromhex(self.title[1:-1].decode()).decode("utf-16")
        plain = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), self.title[1:-1])
        return plain.decode("latin-1")


def marks_of(sheets: Sheets) -> list[Mark]:
    """Every heading of a PDF in its order, pages counted from 0 within it.

    The tree of bookmarks alone would not do: a part may begin below a chapter that another part
    began.  So `setting` writes the levels into the PDF's keywords.
    """
    root = sheets.catalog.get("Outlines")
    if root is None:
        return []
    places = {number: place for place, number in enumerate(sheets.pages())}
    found = [
        _mark(sheets, item, depth, places)
        for item, depth in _walk(sheets, entries(sheets.head(reference(root))), 1)
    ]
    levels = entries(sheets.head(sheets.info)).get("Keywords", b"")[1:-1]
    if len(levels) == len(found):
        for mark, level in zip(found, levels.decode(), strict=True):
            mark.level = int(level)
    return found


def _walk(
    sheets: Sheets, above: dict[str, bytes], depth: int
) -> Iterator[tuple[dict[str, bytes], int]]:
    following = above.get("First")
    while following:
        item = entries(sheets.head(reference(following)))
        yield item, depth
        yield from _walk(sheets, item, depth + 1)
        following = item.get("Next")


def _mark(sheets: Sheets, item: dict[str, bytes], depth: int, places: dict[int, int]) -> Mark:
    spot = sheets.head(reference(item["Dest"]))
    page, _, rest = spot[1:].partition(b" 0 R")
    return Mark(item["Title"], depth, places[int(page)], rest.rstrip(b"]").strip())


def contents_lines(marks: Sequence[Mark]) -> list[Mark]:
    """The headings that the contents list."""
    return [mark for mark in marks if mark.level <= CONTENTS_LEVELS]


def write_outlines(file: PdfFile, marks: Sequence[Mark], pages: Sequence[int]) -> int:
    """Write the tree of all bookmarks; returns its root's number.  `pages`: object numbers."""
    top = Mark(b"()", 0, 0, b"", file.reserve())
    line = [top]
    for mark in marks:
        mark.number, mark.below = file.reserve(), []
        while line[-1].level >= mark.level:
            line.pop()
        line[-1].below.append(mark)
        line.append(mark)
    file.write(top.number, b"<</Type/Outlines%b>>" % _ends(top, len(top.below)))
    _write_below(file, top, pages)
    return top.number


def _write_below(file: PdfFile, above: Mark, pages: Sequence[int]) -> None:
    for place, mark in enumerate(above.below):
        before = b"/Prev %d 0 R" % above.below[place - 1].number if place else b""
        last = place + 1 == len(above.below)
        after = b"" if last else b"/Next %d 0 R" % above.below[place + 1].number
        file.write(
            mark.number,
            b"<</Title%b/Parent %d 0 R%b%b%b/Dest%b>>"
            % (mark.title, above.number, before, after, _ends(mark, -len(mark.below)),
               destination(mark, pages)),
        )  # fmt: skip
        _write_below(file, mark, pages)


def _ends(mark: Mark, count: int) -> bytes:
    if not mark.below:
        return b""
    first, last = mark.below[0].number, mark.below[-1].number
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first, last, count)


def destination(mark: Mark, pages: Sequence[int]) -> bytes:
    """Where a bookmark or a line of the contents leads."""
    return b"[%d 0 R%b]" % (pages[mark.page], mark.spot)
