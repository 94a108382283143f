"""Tables for people's spreadsheets: CSV that Excel reads as Thai, and XLSX without formulas.

Text is text.  In CSV a cell that Excel would run as a formula gets a leading apostrophe; in
XLSX every string is written as a string.  Both are written to a temporary file row by row, so
memory stays flat however many rows there are and no query waits for a slow download.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | Decimal | date | None
Row = Sequence[Cell]

# What Excel, LibreOffice and Sheets take as the start of a formula, in half and full width.
_FORMULA_STARTS = tuple("=+-@\t\r\n|＝＋－＠")
_LONGEST_CELL = 32_767  # characters, Excel's limit; XlsxWriter drops a longer cell silently
_MOST_ROWS = 1_048_576  # Excel's limit for one sheet, the heading included
_BUDDHIST_DATE = "[$-107041E]d mmm yyyy"  # Arabic digits, Buddhist calendar, Thai
_SPOOL_BYTES = 1_000_000  # small tables never touch the disk


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and its width in characters for the XLSX."""

    title: str
    width: int = 14


def guard_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else text


def write_csv(columns: Sequence[Column], rows: Iterable[Row]) -> IO[bytes]:
    """Write a table as CSV (UTF-8 with BOM, CRLF); the open file stands at its beginning."""
    file = _new_file()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guard_formula(column.title) for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guard_formula(cell)
        case date():
            return cell.isoformat()
    return str(cell)  # a number: its minus sign is not a formula


def write_xlsx(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> IO[bytes]:
    """Write a table as a workbook; the open file stands at its beginning.

    `name` titles the sheet (31 characters at most).  Rows beyond what one sheet holds go to
    further sheets with the same heading.
    """
    file = _new_file()
    import xlsxwriter

    book = xlsxwriter.Workbook(file, _workbook_options())
    look = _Look(book)
    sheet, line = _new_sheet(book, name, columns, look), 1
    for row in rows:
        if line == _MOST_ROWS:
            part = f"{name[:25]} {len(book.worksheets()) + 1}"
            sheet, line = _new_sheet(book, part, columns, look), 1
        for at, cell in enumerate(row):
            _write_cell(sheet, line, at, cell, look)
        line += 1
    book.close()
    file.seek(0)
    return file


def _workbook_options() -> dict[str, object]:
    return {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }


class _Look:
    """The three cell formats; TH Sarabun New is what offices have and documents ask for."""

    def __init__(self, book: Workbook) -> None:
        font = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}
        self.heading: Format = book.add_format(font | {"bold": True, "text_wrap": True})
        self.body: Format = book.add_format(font)
        self.day: Format = book.add_format(font | {"num_format": _BUDDHIST_DATE})


def _new_sheet(book: Workbook, name: str, columns: Sequence[Column], look: _Look) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.title, look.heading)
    return sheet


def _write_cell(sheet: Worksheet, line: int, at: int, cell: Cell, look: _Look) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(line, at, cell[:_LONGEST_CELL], look.body)
        case date():
            sheet.write_datetime(line, at, cell, look.day)
        case int() | float() | Decimal():
            sheet.write_number(line, at, cell, look.body)


class _TableFile(tempfile.SpooledTemporaryFile[bytes]):
    """A temporary file that a download cut short leaves to the garbage collector, silently."""

    def __del__(self) -> None:
        self.close()


def _new_file() -> IO[bytes]:
    return _TableFile(max_size=_SPOOL_BYTES)
