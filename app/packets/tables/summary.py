"""Tables about the packet itself: its sums, the quarter's board, gaps, and what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from app.packets.frozen.content import Content
from app.packets.frozen.figures import totals
from app.packets.frozen.late import late_items
from app.packets.frozen.telling import KIND_WORDS
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.printed import date_and_time, long_date
from app.packets.tables.columns import Row, Sheet, day, number, text
from app.packets.tables.marks import CHANGES, district_names, gap_words

_OVERVIEW = (text("รายการ", 60), number("จำนวน", 14), text("หน่วย/รายละเอียด", 70))
_BOARD = (
    text("อำเภอ"), text("หน่วยงาน", 36), text("รหัสหน่วยงาน"), text("รายงาน", 36), day("ครบกำหนด"),
    text("สถานะ", 20), day("วันที่ส่ง"), day("วันที่ตรวจ"), text("ส่งล่าช้า", 10), number("ฉบับที่", 8),
    text("เหตุผล", 40), text("รหัสรอบรายงาน", 24),
)  # fmt: skip
_GAPS = (
    text("รหัสศูนย์"), text("ไฟล์ในชุดหลักฐาน", 60), text("เหตุ", 60),
    text("รหัสภาพหรือเอกสาร", 38), text("SHA-256 ของต้นฉบับ", 66), text("อำเภอ"),
)  # fmt: skip
_LATE = (
    text("ประเภท", 24), day("วันที่ของรายการ"), day("ครบกำหนด"), day("วันที่ระบบได้รับ"),
    number("ล่าช้า (วัน)"), text("อำเภอ"), text("รหัสศูนย์"), text("รายการ", 60),
    text("รหัสรายการ", 38),
)  # fmt: skip
_CHANGES = (
    text("การเปลี่ยนแปลง", 12), text("ประเภท", 24), day("วันที่"), text("อำเภอ"), text("รหัสศูนย์"),
    text("รายการ", 60), text("รหัสรายการ", 38),
)  # fmt: skip


def overview_sheet(content: Content, made: Sequence[PartMade]) -> Sheet:
    """What this packet is and what it comes to."""
    return Sheet("overview", "ภาพรวม", _OVERVIEW, partial(_overview_rows, content, made))


def closing_sheets(content: Content, made: Sequence[PartMade]) -> list[Sheet]:
    """The quarter's board, gaps, what came late, and what the edition before did not have."""
    return [
        Sheet("board", "การส่งรายงาน", _BOARD, partial(_board_rows, content)),
        Sheet("gaps", "รายการที่ไม่ครบถ้วน", _GAPS, partial(_gap_rows, content, made)),
        Sheet("late", "รายการล่าช้า", _LATE, partial(_late_rows, content)),
        Sheet("changes", "เปลี่ยนแปลงจากฉบับก่อน", _CHANGES, partial(_change_rows, content)),
    ]


def _overview_rows(content: Content, made: Sequence[PartMade]) -> Iterator[Row]:
    yield phrases.title(content), None, phrases.office_name(content.scope)
    period = f"{long_date(content.first_day)} ถึง {long_date(content.last_day)}"
    yield "ช่วงเวลา", None, period
    yield "ผู้ขอจัดทำ", None, f"{content.requested.by} {date_and_time(content.requested.at)}"
    yield from _sums(content)
    for title, items, unit in _counted(content):
        yield title, len(items), unit
    yield "ไฟล์ที่ไม่ครบถ้วน", sum(len(part.gaps) for part in made), "ไฟล์"
    for seal in content.seals:
        district = district_names(content).get(seal.district_code, seal.district_code)
        yield (
            f"ปิดไตรมาสแล้ว อำเภอ{district}",
            None,
            f"{seal.sealed_by} {date_and_time(seal.sealed_at)}",
        )
    yield "ชื่อชุดหลักฐาน", None, content.identifier


def _sums(content: Content) -> Iterator[Row]:
    sums = totals(content)
    yield "ศูนย์เรียนรู้", len(content.centres), "แห่ง"
    yield "ผู้มาใช้บริการ", sums.visits, "ครั้ง"
    yield "ผู้มาใช้บริการ", sums.people, "คน"
    yield "ชาย", sums.male, "คน"
    yield "หญิง", sums.female, "คน"
    yield "ไม่ระบุ/อื่น ๆ", sums.other, "คน"
    yield "เด็กและเยาวชน (นับรวมอยู่ข้างต้นแล้ว)", sums.children, "คน"
    yield "การติดตาม", sums.followups, "ครั้ง"
    yield "มาใช้บริการและติดตามแล้ว", sums.visits_followed, "ครั้ง"
    yield "ผู้มาใช้บริการในครั้งที่ติดตาม", sums.visitors, "คน"
    yield "ติดตามแล้ว", sums.followed, "คน"
    yield "นำไปใช้", sums.used, "คน"
    yield "ภาพถ่าย", sums.photos, "ภาพ"


def _counted(content: Content) -> list[tuple[str, Sequence[object], str]]:
    return [
        ("กิจกรรมการเรียนรู้", content.activities, "ครั้ง"),
        ("การประเมินศูนย์", content.assessments, "แห่ง"),
        ("แผนพัฒนา", content.plan_rows, "รายการ"),
        ("ผลการดำเนินงาน", content.result_rows, "รายการ"),
        ("การประชาสัมพันธ์", content.posts, "โพสต์"),
        ("คำสั่งเครือข่าย", content.network_orders, "ฉบับ"),
        ("เอกสาร", content.documents, "ฉบับ"),
    ]


def _board_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for c in content.cells:
        yield (
            names.get(c.district_code, c.district_code), c.unit_name, c.unit_code, c.title,
            c.due_on, phrases.STATES.get(c.state, c.state), c.submitted_on, c.decided_on,
            "ล่าช้า" if c.late else None, c.edition or None, c.reason, c.occurrence,
        )  # fmt: skip


def _gap_rows(content: Content, made: Sequence[PartMade]) -> Iterator[Row]:
    names = district_names(content)
    districts = {centre.code: centre.district_code for centre in content.centres}
    photos = {photo.id: photo for photo in content.photos}
    documents = {document.id: document for document in content.documents}
    for gap in (gap for part in made for gap in part.gaps):
        photo, document = photos.get(gap.of), documents.get(gap.of)
        centre = photo.centre_code if photo else document.centre_code if document else None
        code = document.district_code if document else districts.get(centre or "", "")
        digest = photo.original_sha256 if photo else document.file_sha256 if document else None
        yield (
            centre, f"data/{gap.name}", gap_words(gap.reason), gap.of, digest,
            names.get(code, code),
        )  # fmt: skip


def _late_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for late in late_items(content):
        yield (
            KIND_WORDS.get(late.kind, late.kind), late.day, late.due_on, late.received_on,
            late.days, names.get(late.district_code, late.district_code), late.centre_code,
            late.words, late.id,
        )  # fmt: skip


def _change_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for c in content.changes:
        yield (
            CHANGES.get(c.what, c.what), KIND_WORDS.get(c.kind, c.kind), c.day,
            names.get(c.district_code, c.district_code), c.centre_code, c.words, c.id,
        )  # fmt: skip
