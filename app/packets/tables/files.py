"""The packet's tables for spreadsheets: one XLSX, a CSV for each sheet.  Same list, same bytes.

Text is text: nothing in it can become a formula or a link, no control character reaches XML.
Written row by row, so memory does not grow with the quarter.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from app.packets.tables.sheets import Sheet
from app.shared.tables import Cell, Row, write_csv
from app.shared.thai import clean_text

CELL_MAX = 32_000  # Excel holds 32 767 characters and XlsxWriter drops what is longer
BUDDHIST_DATE = "[$-107041E]d mmm yyyy"  # Thai, Buddhist calendar, Arabic digits
FONT = {"font_name": "TH Sarabun New", "font_size": 14, "valign": "top"}


def write_workbook(sheets: Sequence[Sheet], target: Path, *, title: str, created: datetime) -> None:
    """Write every sheet into one XLSX.  `created` goes into its properties instead of now."""
    with xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
        look = {
            "heading": book.add_format(
                FONT | {"bold": True, "text_wrap": True, "bg_color": "#E0E0E0", "border": 1}
            ),
            "text": book.add_format(FONT),
            "day": book.add_format(FONT | {"num_format": BUDDHIST_DATE, "align": "left"}),
        }
        for sheet in sheets:
            _write_sheet(book, sheet, look)


def _write_sheet(book: Any, sheet: Sheet, look: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.title)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.title, look["heading"])
    line = 0
    for line, row in enumerate(cleaned(sheet.rows()), start=1):
        for at, cell in enumerate(row):
            _write_cell(page, line, at, cell, look)
    page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)


def _write_cell(page: Any, line: int, at: int, cell: Cell, look: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case str():
            page.write_string(line, at, cell, look["text"])
        case date():
            page.write_datetime(line, at, cell, look["day"])
        case int() | float() | Decimal():
            page.write_number(line, at, cell, look["text"])


def write_csv_files(sheets: Sequence[Sheet], folder: Path) -> list[Path]:
    """Write one CSV (UTF-8 with BOM) for each sheet; returns the files."""
    files = []
    for sheet in sheets:
        path = folder / f"{sheet.stem}.csv"
        with write_csv(sheet.columns, cleaned(sheet.rows())) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        files.append(path)
    return files


def cleaned(rows: Iterable[Row]) -> Iterable[Row]:
    """Take controls and bidi overrides out of every text, and cut what no cell can hold."""
    for row in rows:
        yield tuple(
            clean_text(cell, lines=True)[:CELL_MAX] if isinstance(cell, str) else cell
            for cell in row
        )
