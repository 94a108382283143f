"""The packet's tables: one XLSX, and a CSV for each of its sheets.  Same list, same bytes.

Text is text: nothing in it can become a formula or a link, no control character reaches XML.
Each row is made once and goes into both, so memory does not grow with the quarter.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.packets.frozen.content import Content
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.tables.books import book_sheets
from app.packets.tables.columns import Row, Sheet
from app.packets.tables.marks import issued_to
from app.packets.tables.plain import cell_text
from app.packets.tables.summary import closing_sheets, overview_sheet
from app.packets.tables.work import work_sheets
from app.packets.tables.workbook import Workbook
from app.shared.tables import guard_formula


def write_tables(content: Content, made: Sequence[PartMade], folder: Path) -> list[Path]:
    """Write tables.xlsx and its sheets as CSV into `folder`; returns the files, XLSX first."""
    book_file = folder / "tables.xlsx"
    sheets = every_sheet(content, made)
    book = Workbook(
        book_file,
        sheets=len(sheets),
        title=phrases.title(content),
        created=content.requested.at,
        digits=content.options.digits,
        mark=cell_text(issued_to(content)),
    )
    with book:
        files = [_write_sheet(book, sheet, folder) for sheet in sheets]
    return [book_file, *files]


def every_sheet(content: Content, made: Sequence[PartMade]) -> list[Sheet]:
    """All tables of the packet, in the order of the workbook."""
    return [
        overview_sheet(content, made),
        *book_sheets(content, made),
        *work_sheets(content, made),
        *closing_sheets(content, made),
    ]


def _write_sheet(book: Workbook, sheet: Sheet, folder: Path) -> Path:
    """Write one sheet and its CSV (UTF-8 with BOM, so that Excel takes it for Thai)."""
    path = folder / f"{sheet.stem}.csv"
    more = f"แผ่นงานนี้เต็มแล้ว รายการทั้งหมดอยู่ในไฟล์ {path.name}"
    with (
        path.open("w", encoding="utf-8-sig", newline="") as target,
        book.sheet(sheet.title, sheet.columns, more) as page,
    ):
        lines = csv.writer(target)
        lines.writerow([column.csv_title for column in sheet.columns])
        for row in cleaned(sheet.rows()):
            page.add(row)
            # The csv module writes a day as 2024-02-13, a number as it is and None as nothing.
            lines.writerow([guard_formula(c) if isinstance(c, str) else c for c in row])
    return path


def cleaned(rows: Iterable[Row]) -> Iterable[Row]:
    """Take controls and bidi overrides out of every text, and cut what no cell can hold."""
    for row in rows:
        yield [cell_text(cell) if isinstance(cell, str) else cell for cell in row]
