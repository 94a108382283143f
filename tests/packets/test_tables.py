"""Tables: typed, Thai, frozen headings, and no cell that runs."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from app.packets.checking import check_files
from app.packets.frozen.content import Content, Options
from app.packets.parts import PartMade, plan_parts
from app.packets.tables import workbook
from app.packets.tables.files import every_sheet, write_tables
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_full_content,
    make_visit,
)


def parts_of(content: Content, sources: FolderSources) -> list[PartMade]:
    """What the parts of a packet find, without their pages."""
    return [
        PartMade(part.number, *check_files(content, part, sources), pages=0)
        for part in plan_parts(content)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the tables go."""
    place = tmp_path / "tables"
    place.mkdir()
    return place


def _book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "tables.xlsx")


def _csv(folder: Path, name: str) -> list[list[str]]:
    data = (folder / name).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # Excel takes it for Thai only with this mark
    return list(csv.reader(data.decode("utf-8-sig").splitlines()))


def test_every_kind_of_record_has_its_sheet_and_its_csv(
    sources: FolderSources, folder: Path
) -> None:
    content = make_full_content(sources)
    made = parts_of(content, sources)
    files = write_tables(content, made, folder)
    book = _book(folder)
    assert book.sheetnames == [
        "ภาพรวม", "ศูนย์เรียนรู้", "สมุดผู้มาใช้บริการ", "การติดตาม", "ภาพถ่าย", "ข้อสังเกตของภาพ",
        "กิจกรรมการเรียนรู้", "การประเมินศูนย์", "คะแนนรายตัวชี้วัด", "แผนพัฒนา", "ผลการดำเนินงาน",
        "การประชาสัมพันธ์", "เครือข่าย", "เอกสาร", "การส่งรายงาน", "รายการที่ไม่ครบถ้วน",
        "รายการล่าช้า", "เปลี่ยนแปลงจากฉบับก่อน",
    ]  # fmt: skip
    assert [file.name for file in files[1:]] == [
        f"{s.stem}.csv" for s in every_sheet(content, made)
    ]
    for sheet, file in zip(book.worksheets, files[1:], strict=True):
        rows = _csv(folder, file.name)
        assert len(rows) == sheet.max_row
        assert len(rows[0]) == sheet.max_column
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet["A1"].font.name, sheet["A1"].font.size) == ("TH Sarabun New", 16)
    for full in ("visits", "photos", "findings", "activities", "scores", "plan", "documents"):
        assert len(_csv(folder, f"{full}.csv")) > 1, full


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("thai", "[$-D07041E]d mmmm yyyy"), ("arabic", "[$-107041E]d mmmm yyyy")],
)
def test_numbers_are_numbers_and_days_are_days_of_the_thai_calendar(
    folder: Path, digits: str, shown: str
) -> None:
    content = make_content(visits=(make_visit(1),), options=Options(digits=digits))
    write_tables(content, [], folder)
    sheet = _book(folder)["สมุดผู้มาใช้บริการ"]
    row = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert row["วันที่"].value == datetime(2024, 2, 2)  # noqa: DTZ001 - a day in a spreadsheet
    assert row["วันที่"].number_format == shown
    assert row["รวม"].value == 27
    assert row["รหัสศูนย์"].value == "5601-001"
    assert row["รหัสศูนย์"].number_format == "@"  # edited, it stays text
    rows = _csv(folder, "visits.csv")
    at = rows[0].index("วันที่ (ค.ศ.-เดือน-วัน)")
    assert rows[1][at] == date(2024, 2, 2).isoformat()


FORMULAS = [
    "=1+1", '=HYPERLINK("http://evil")', "+66812345678", "-2+3", "@SUM(A1)", "＝1+1", "|cmd",
    "\t=1+1", " =1+1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_stays_text(folder: Path, text: str) -> None:
    visit = make_visit(1, group_name=text, suggestion=text)
    write_tables(make_content(visits=(visit,)), [], folder)
    cells = [c for row in _book(folder)["สมุดผู้มาใช้บริการ"].iter_rows() for c in row]
    assert {c.data_type for c in cells if c.value == text.strip()} == {"s"}
    assert not any(c.data_type == "f" or c.hyperlink for c in cells)
    assert f"'{text.strip()}" in _csv(folder, "visits.csv")[1]


def test_markup_controls_and_endless_text_cannot_break_a_sheet(folder: Path) -> None:
    texts = (
        "ก\x00\x0b\ufffe" + "ข" * 50_000, "a</t></is></c><c>&amp;\"'<![CDATA[",
        "_x0041_ และ _x000D_", "ล\u202eกลับ", "สอง\nบรรทัด", "😀\ud83d",
    )  # fmt: skip
    visits = tuple(make_visit(at, suggestion=text) for at, text in enumerate(texts, start=1))
    write_tables(make_content(visits=visits), [], folder)
    sheet = _book(folder)["สมุดผู้มาใช้บริการ"]
    at = [cell.value for cell in sheet[1]].index("ข้อเสนอแนะ")
    endless, *found = [unescape(row[at].value) for row in sheet.iter_rows(min_row=2)]  # as Excel
    assert endless == "ก" + "ข" * 31_999
    assert found == [texts[1], texts[2], "ลกลับ", "สอง\nบรรทัด", "😀"]


def test_who_asked_for_personal_data_stands_on_every_sheet_and_in_every_row_of_it(
    folder: Path,
) -> None:
    visit = make_visit(1, has_contact=True, leader_name="นางมะลิ", phone="0812345678")
    content = make_content(visits=(visit,), options=Options(unmasked=True))
    content = replace(content, requested=replace(content.requested, reason="สอบข้อเท็จจริง & แจ้ง"))
    write_tables(content, [], folder)
    for sheet in _book(folder).worksheets:
        assert "นางสาวพัชรี ทดสอบ" in sheet["A1"].value
        assert sheet.freeze_panes == "A3"
        assert "นางสาวพัชรี ทดสอบ" in sheet.oddHeader.center.text
    rows = _csv(folder, "visits.csv")
    assert rows[1][-3:-1] == ["นางมะลิ", "0812345678"]
    assert "สอบข้อเท็จจริง & แจ้ง" in rows[1][-1]


def test_a_masked_packet_has_no_column_for_names_and_numbers(folder: Path) -> None:
    write_tables(make_content(visits=(make_visit(1, has_contact=True),)), [], folder)
    assert not {"ผู้ติดต่อ", "โทรศัพท์"} & set(_csv(folder, "visits.csv")[0])


def test_what_one_sheet_cannot_hold_goes_on_in_the_csv(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    visits = tuple(make_visit(number) for number in range(9))
    write_tables(make_content(visits=visits), [], folder)
    sheet = _book(folder)["สมุดผู้มาใช้บริการ"]
    assert sheet.max_row == 5
    assert "visits.csv" in sheet["A5"].value
    assert len(_csv(folder, "visits.csv")) == 10


def test_a_gap_is_listed_by_file_place_and_reason(sources: FolderSources, folder: Path) -> None:
    content = make_full_content(sources)
    sources.view(content.photos[0].view_sha256 or "").write_bytes(b"changed")
    write_tables(content, parts_of(content, sources), folder)
    centre, file, why, of, digest, district = _csv(folder, "gaps.csv")[1]
    assert (district, centre, of) == ("เมืองพะเยา", "5601-001", content.photos[0].id)
    assert file.startswith("data/photos/5601/5601-001/")
    assert "รหัสตรวจสอบ" in why
    assert digest == content.photos[0].original_sha256


def test_the_same_list_gives_the_same_bytes_on_any_machine(folder: Path) -> None:
    content = make_content(
        visits=tuple(map(make_visit, range(20))), centres=tuple(map(make_centre, range(3)))
    )
    digests = []
    for _ in range(2):
        files = write_tables(content, [], folder)
        digests.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    assert digests[0] == digests[1]
    entries = zipfile.ZipFile(folder / "tables.xlsx").infolist()
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}  # compressors differ
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
