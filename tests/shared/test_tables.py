"""Tables open in people's spreadsheets as text, and never run."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from app.shared.tables import Column, guard_formula, write_csv, write_xlsx

COLUMNS = [Column("ชื่อ"), Column("n")]
ATTACKS = ["=1+1", "+66812345678", "-2", "@SUM(A1)", "\tx", "\r=x", "＝1", " =1", "|calc"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_starts_as_a_formula(attack: str):
    with write_csv(COLUMNS, [(attack, 1)]) as file:
        cell = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))[1][0]
    assert cell == f"'{attack}"
    with write_xlsx("ตาราง", COLUMNS, [(attack, 1)]) as file:
        cell = openpyxl.load_workbook(file).active["A2"]
        assert cell.data_type == "s"


def test_ordinary_text_is_left_alone():
    for text in ("โรงเรียน = ดี", "081-234-5678", "", "ก=ข"):
        assert guard_formula(text) == text


def test_csv_says_it_is_utf_8_so_that_excel_reads_thai():
    with write_csv(COLUMNS, [('น้ำ, "ปี่"\nญู', None)]) as file:
        written = file.read()
    assert written.startswith("\ufeffชื่อ".encode())
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))[1] == [
        'น้ำ, "ปี่"\nญู', "",
    ]  # fmt: skip


def test_numbers_and_dates_stay_numbers_and_dates():
    rows = [(date(2024, 2, 13), 42), ("0812345678", Decimal("2.50")), ("560101", -1)]
    with write_xlsx("ตาราง", COLUMNS, rows) as file:
        sheet = openpyxl.load_workbook(file).active
        assert sheet["A2"].is_date
        assert [sheet[f"B{n}"].value for n in (2, 3, 4)] == [42, 2.5, -1]
        assert sheet["A3"].value == "0812345678"
    with write_csv(COLUMNS, rows) as file:
        assert file.read().decode("utf-8-sig").splitlines()[1:] == [
            "2024-02-13,42", "0812345678,2.50", "560101,-1",
        ]  # fmt: skip


def test_a_cell_longer_than_excel_allows_is_cut_and_not_dropped():
    with write_xlsx("ตาราง", COLUMNS, [("ก" * 40_000, 1)]) as file:
        assert openpyxl.load_workbook(file).active["A2"].value == "ก" * 32_767
