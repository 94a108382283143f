"""Tables: typed, Thai, frozen headings, and no cell that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.packets.packet_lists import make_content, make_followup, make_visit
from tests.packets.reading import read_entry

Build = Callable[..., Path]


def _workbook(packet: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(read_entry(packet, "data/tables.xlsx")))


def _csv(packet: Path, name: str) -> list[list[str]]:
    data = read_entry(packet, f"data/{name}")
    assert data.startswith(b"\xef\xbb\xbf")  # Excel takes it for Thai only with this mark
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_numbers_are_numbers_days_are_days_and_headings_stay(build: Build) -> None:
    packet = build(make_content(visits=(make_visit(1),), followups=(make_followup(1),)))
    book = _workbook(packet)
    assert book.sheetnames == [
        "สรุป", "ศูนย์เรียนรู้", "สมุดผู้มาใช้บริการ", "การติดตาม", "ภาพถ่าย", "รายการที่ไม่ครบถ้วน",
    ]  # fmt: skip
    sheet = book["สมุดผู้มาใช้บริการ"]
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, sheet[2], strict=True))
    assert row["วันที่"].value == datetime(2024, 2, 2)  # noqa: DTZ001 - a day in a spreadsheet
    assert row["วันที่"].number_format == "[$-107041E]d mmm yyyy"
    assert row["รวม"].value == 27
    assert row["รหัสศูนย์"].value == "5601-001"
    assert sheet.freeze_panes == "A2"
    assert book.properties.created == datetime(2024, 4, 2, 2, 30)  # noqa: DTZ001


FORMULAS = ["=1+1", '=HYPERLINK("http://evil")', "+66812345678", "-2+3", "@SUM(A1)", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_stays_text(build: Build, text: str) -> None:
    packet = build(make_content(visits=(make_visit(1, group_name=text, suggestion=text),)))
    cells = [c for row in _workbook(packet)["สมุดผู้มาใช้บริการ"].iter_rows() for c in row]
    assert {c.data_type for c in cells if c.value == text} == {"s"}
    assert not any(c.data_type == "f" for c in cells)
    assert f"'{text}" in _csv(packet, "visits.csv")[1]


def test_controls_and_endless_text_cannot_break_a_sheet(build: Build) -> None:
    packet = build(
        make_content(visits=(make_visit(1, suggestion="ก\x00\x0b\ufffe" + "ข" * 50_000),))
    )
    values = [c.value for c in _workbook(packet)["สมุดผู้มาใช้บริการ"][2]]
    assert any(isinstance(v, str) and v.startswith("กขข") and len(v) == 32_000 for v in values)


def test_every_sheet_is_a_csv_too(build: Build) -> None:
    packet = build(make_content(visits=(make_visit(1),), followups=(make_followup(1),)))
    assert _csv(packet, "visits.csv")[1][1] == date(2024, 2, 2).isoformat()
    assert _csv(packet, "followups.csv")[1][7:9] == ["6", "4"]
    assert len(_csv(packet, "centres.csv")) == 2
    assert len(_csv(packet, "photos.csv")) == 1
    assert ["ติดตามแล้ว", "6", "คน"] in _csv(packet, "summary.csv")
