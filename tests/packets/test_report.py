"""The report: archival, Thai, and inert whatever people typed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from app.packets.frozen.content import VisitItem
from app.packets.report.printed import printable, thai_text
from app.packets.report.sections import parts
from app.packets.survey import Gap, Shot, Survey
from tests.packets.packet_lists import (
    FolderSources,
    make_content,
    make_followup,
    make_photo,
    make_visit,
)
from tests.packets.reading import pdf_text, read_entry

Build = Callable[..., Path]


@pytest.fixture
def report(build: Build, sources: FolderSources) -> bytes:
    """The report of a small quarter."""
    content = make_content(
        visits=(make_visit(1), make_visit(2)),
        followups=(make_followup(1), make_followup(2, n_followed=9, n_used=6)),
        photos=(make_photo(sources, 1),),
    )
    return read_entry(build(content), "data/report.pdf")


def test_it_is_pdf_a_tagged_thai_and_dated_by_the_list(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert meta["xmp:CreateDate"].startswith("2024-04-02")
        assert pdf.Root.Lang == "th-TH"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.check_pdf_syntax() == []


def test_every_font_is_embedded(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as pdf:
        files = [
            {"/FontFile2", "/FontFile3"} & set(font.DescendantFonts[0].FontDescriptor.keys())
            for page in pdf.pages
            for font in page.resources.get("/Font", {}).values()
        ]
    assert files
    assert all(files)


def test_its_sentences_come_back_as_thai_text(report: bytes) -> None:
    text = pdf_text(report)
    assert "รายงานผลความก้าวหน้าและชุดหลักฐาน" in text
    assert "ไตรมาส ๒ ปีงบประมาณ พ.ศ. ๒๕๖๗" in text
    assert "ติดตามแล้ว ๑๕ คน นำไปใช้ ๑๐ คน (๖๖.๗ %)" in text
    assert "เป็นชาย๒๔คนหญิง๓๐คน" in text.replace(" ", "")  # a line may end between them
    assert "- ๒ -" in text


def test_a_photo_says_when_where_how_far_and_who_says_so(report: bytes) -> None:
    text = pdf_text(report)
    assert "๑๓ กุมภาพันธ์ ๒๕๖๗ เวลา ๐๙.๓๐ น." in text
    assert "ห่างจากศูนย์ ๔๒ เมตร (± ๑๒ เมตร) ในบริเวณศูนย์" in text
    assert "พิกัดจากเครื่องขณะถ่าย เวลาจากข้อมูลในภาพ" in text


def test_every_line_of_every_table_fits_its_columns(sources: FolderSources) -> None:
    content = make_content(
        visits=(make_visit(1),),
        followups=(make_followup(1),),
        photos=(make_photo(sources, 1, state="unreadable"),),
    )
    gap = Gap(content.photos[0], "photos/x.jpg", "unreadable")
    shot = Shot(content.photos[0], "photos/x.jpg", None, None)
    tables = [
        table
        for page in parts(content, Survey((shot,), (gap,)))
        for part in page
        for table in part["tables"]
    ]
    assert len(tables) == 7
    for table in tables:
        lines = [row for group in table["groups"] for row in group["rows"]]
        lines += [table["total"]] if table["total"] else []
        assert {len(line) for line in lines} == {len(table["columns"])}, table["caption"]


def test_those_who_sign_have_their_lines(report: bytes) -> None:
    text = pdf_text(report)
    for title in ("ผู้รายงาน", "พัฒนาการอำเภอเมืองพะเยา", "นายอำเภอเมืองพะเยา"):
        assert title in text


def test_no_list_can_hold_a_visitors_name_or_telephone() -> None:
    held = set(VisitItem.__slots__)
    assert held.isdisjoint({"leader_name", "phone", "trainer"})


HOSTILE = {
    "typst code": '#read("/etc/passwd")',
    "typst markup": "*bold* _it_ $x$ `raw` <label> @ref \\u{41} // note",
    "html": "<script>alert(1)</script>&amp;",
    "formula": '=HYPERLINK("http://evil.example","x")',
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_code_in_a_group_name_is_printed_as_it_was_typed(build: Build, name: str) -> None:
    text = pdf_text(read_entry(build(make_content(visits=(make_visit(1, group_name=name),))),
                               "data/report.pdf"))  # fmt: skip
    assert name.replace(" ", "") in text.replace("\u200b", "").replace(" ", "").replace("\x02", "")
    assert "root:" not in text


UNPRINTABLE = {
    "controls": "ก\x00ข\x07ค\x1bง\ufffeจ",
    "right to left": "\u202egpj.exe\u2066",
    "emoji": "ชมรม 🐮🌾 👩‍🌾",
    "other scripts": "ວຽງຈັນ 云南 မြန်မာ עברית",
    "a tower of marks": "ก" + "\u0e48" * 10_000,
    "one long word": "ข้อมูล" * 3_000,
    "no space at all": "x" * 5_000,
    "a lone surrogate": "ก\ud800ข",
}


@pytest.mark.parametrize("name", UNPRINTABLE.values(), ids=UNPRINTABLE)
def test_no_character_costs_a_district_its_packet(build: Build, name: str) -> None:
    content = make_content(visits=(make_visit(1, group_name=printable(name)),))
    assert pdf_text(read_entry(build(content), "data/report.pdf"))


def test_the_font_has_every_character_that_may_be_printed(build: Build) -> None:
    kept = [chr(c) for c in range(0x20, 0x2300) if printable(chr(c)) == chr(c)]
    marks = [f"ก{c}" if 0xE31 <= ord(c) <= 0xE4E else c for c in kept]
    lines = ["".join(marks[i : i + 60]) for i in range(0, len(marks), 60)]
    visits = tuple(make_visit(n, group_name=line) for n, line in enumerate(lines, start=1))
    assert len(kept) > 350
    assert build(make_content(visits=visits))  # PDF/A refuses a glyph that is not there


def test_digits_of_thai_text_are_thai_and_those_of_codes_are_not() -> None:
    assert thai_text("หมู่ที่ 3 แปลง 12") == "หมู่ที่ ๓ แปลง ๑๒"
    assert thai_text("HLM 3") == "HLM 3"


def test_what_a_camera_wrote_about_a_home_does_not_travel_in_the_report(
    build: Build, sources: FolderSources
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    buffer = io.BytesIO()
    Image.new("RGB", (1600, 1200), "green").save(
        buffer, "JPEG", exif=exif, comment=b"SECRETCOMMENT"
    )
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    sources.view(digest).write_bytes(buffer.getvalue())
    photo = make_photo(sources, 1, view_sha256=digest)

    report = read_entry(build(make_content(photos=(photo,))), "data/report.pdf")

    assert b"SECRETCAM" not in report
    assert b"SECRETCOMMENT" not in report
