"""An XLSX written row by row: typed cells, headings that stay, and nothing that runs.

Written by hand for three reasons, each measured.  It takes a quarter of XlsxWriter's time, and
a province has 20 000 visits; memory stays the same however many rows there are; and its ZIP is
stored, for compressors differ between machines and the same list must give the same bytes.
Strings stand in their cells ("inline"), formatted as text, so that a spreadsheet that edits a
cell still takes "=1+1" for words.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO
from xml.sax.saxutils import escape

from app.packets.tables import workbook_parts as parts
from app.packets.tables.columns import Column, Row

MOST_ROWS = 1_048_576  # of one sheet in Excel, its headings included
MARK_PRINTED = 100  # Excel calls a file broken whose printed heading has more than 255
_EPOCH = date(1899, 12, 30).toordinal()  # a spreadsheet's day 0
_MARKUP = re.compile("[&<>]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A
_AT_ONCE = 1 << 16  # characters collected before they are written


class Workbook:
    """One XLSX file of `sheets` sheets; use as a context manager and fill one after the other.

    `digits`: "thai" shows days with Thai digits.  `mark` stands above the headings of every
    sheet and on every printed page ("" for none).  `created` goes into the properties.
    """

    def __init__(
        self,
        target: Path,
        *,
        sheets: int,
        title: str,
        created: datetime,
        digits: str,
        mark: str = "",
    ) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self._title, self._created = title, created
        self._digits, self.mark = digits, mark
        self._sheets: list[tuple[str, int, int]] = []  # title, columns, rows
        # First, for mail gates and file managers know an XLSX by how it begins.
        self._zip.writestr(_entry("[Content_Types].xml"), parts.content_types(sheets))
        self._zip.writestr(_entry("_rels/.rels"), parts.LINKS)

    def __enter__(self) -> Workbook:
        """Return the workbook itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what holds the sheets together, unless writing them failed."""
        with self._zip:
            if error is None:
                self._finish()

    def sheet(self, title: str, columns: Sequence[Column], more: str) -> SheetWriter:
        """Begin a sheet; `more` is the last row of one that could not hold them all."""
        return SheetWriter(self, title, columns, more)

    def open_part(self, name: str) -> IO[bytes]:
        """Open one file of the XLSX for writing."""
        return self._zip.open(_entry(name), "w", force_zip64=True)

    def ended(self, title: str, columns: int, rows: int) -> None:
        """Note a finished sheet: `rows` with its headings."""
        self._sheets.append((title, columns, rows))

    @property
    def number(self) -> int:
        """Of the sheet that is written now, from 1."""
        return len(self._sheets) + 1

    def _finish(self) -> None:
        stamp = self._created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        files = {
            "xl/workbook.xml": parts.workbook(self._sheets, 2 if self.mark else 1),
            "xl/_rels/workbook.xml.rels": parts.workbook_links(len(self._sheets)),
            "xl/styles.xml": parts.styles(self._digits),
            "docProps/core.xml": parts.properties(escape(self._title), stamp),
            "docProps/app.xml": parts.APPLICATION,
        }
        for name, text in files.items():
            self._zip.writestr(_entry(name), text)


class SheetWriter:
    """The sheet being written; use as a context manager and `add` its rows."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column], more: str) -> None:
        self._book, self._title, self._columns, self._more = book, title, columns, more
        self._letters = [parts.letters(at) for at in range(len(columns))]
        self._line = 0
        self._waiting: list[str] = []
        self._waits = 0
        self._full = False

    def __enter__(self) -> SheetWriter:
        """Write what stands before the first row."""
        self._file = self._book.open_part(f"xl/worksheets/sheet{self._book.number}.xml")
        mark = self._book.mark
        self._put(parts.sheet_head([c.width for c in self._columns], 2 if mark else 1))
        if mark:
            self._row([self._text(self._letters[0], mark, parts.MARK)])
        heads = zip(self._letters, self._columns, strict=True)
        self._row([self._text(letter, column.title, parts.HEADING) for letter, column in heads])
        return self

    def add(self, cells: Row) -> None:
        """Write one row of cleaned cells; beyond what a sheet holds, only say so, once."""
        if self._line >= MOST_ROWS - 1:
            if not self._full:
                self._row([self._text(self._letters[0], self._more, parts.MARK)])
            self._full = True
            return
        made = []
        for letter, cell in zip(self._letters, cells, strict=True):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                made.append(self._text(letter, cell, parts.TEXT))
            elif isinstance(cell, date):
                day = cell.toordinal() - _EPOCH
                made.append(f'<c r="{letter}{self._line + 1}" s="{parts.DAY}"><v>{day}</v></c>')
            else:
                made.append(f'<c r="{letter}{self._line + 1}"><v>{cell!r}</v></c>')
        self._row(made)

    def _text(self, letter: str, text: str, style: int) -> str:
        if _MARKUP.search(text):
            text = escape(text)
        if "_x" in text:
            text = _LOOKS_ESCAPED.sub("_x005F_", text)
        return (
            f'<c r="{letter}{self._line + 1}" s="{style}" t="inlineStr"><is>'
            f'<t xml:space="preserve">{text}</t></is></c>'
        )

    def _row(self, cells: list[str]) -> None:
        self._line += 1
        self._put(f'<row r="{self._line}">{"".join(cells)}</row>')

    def _put(self, text: str) -> None:
        self._waiting.append(text)
        self._waits += len(text)
        if self._waits > _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._file.write("".join(self._waiting).encode())
        self._waiting.clear()
        self._waits = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what stands after the last row."""
        first = 2 if self._book.mark else 1
        filtered = f"A{first}:{self._letters[-1]}{self._line}"
        self._put(parts.sheet_foot(filtered, escape(self._book.mark[:MARK_PRINTED])))
        self._flush()
        self._file.close()
        self._book.ended(self._title, len(self._columns), self._line)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # its date is 1980-01-01
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    return info
