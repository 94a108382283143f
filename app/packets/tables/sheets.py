"""What the packet's tables hold: one sheet, and one CSV, for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.packets.frozen.content import Content, FollowupItem, PhotoItem, VisitItem
from app.packets.frozen.figures import by_centre, totals
from app.packets.report import phrases
from app.packets.survey import Survey
from app.shared.clock import in_bangkok
from app.shared.tables import Column, Row


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its file name, its title (31 characters at most), its columns and rows."""

    stem: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]


def sheets(content: Content, survey: Survey) -> list[Sheet]:
    """Every table of the packet, in the order of the workbook."""
    return [
        Sheet("summary", "สรุป", _SUMMARY, partial(_summary_rows, content, survey)),
        Sheet("centres", "ศูนย์เรียนรู้", _CENTRES, partial(_centre_rows, content)),
        Sheet("visits", "สมุดผู้มาใช้บริการ", _VISITS, partial(_visit_rows, content)),
        Sheet("followups", "การติดตาม", _FOLLOWUPS, partial(_followup_rows, content)),
        Sheet("photos", "ภาพถ่าย", _PHOTOS, partial(_photo_rows, survey)),
        Sheet("gaps", "รายการที่ไม่ครบถ้วน", _GAPS, partial(_gap_rows, survey)),
    ]


_SUMMARY = (Column("รายการ", 44), Column("จำนวน", 14), Column("หน่วย", 12))
_CENTRES = (
    Column("รหัสศูนย์"), Column("ชื่อศูนย์", 36), Column("ผู้ดูแล", 22), Column("ประเภท"),
    Column("สถานะ"), Column("หมู่ที่", 8), Column("หมู่บ้าน", 18), Column("ตำบล"), Column("อำเภอ"),
    Column("ขนาด (ไร่)", 10), Column("ละติจูด", 12), Column("ลองจิจูด", 12),
    Column("มาใช้บริการ (ครั้ง)", 10), Column("มาใช้บริการ (คน)", 10), Column("ชาย", 8),
    Column("หญิง", 8), Column("อื่น ๆ", 8), Column("เด็กและเยาวชน", 10),
    Column("ติดตามแล้ว (คน)", 10), Column("นำไปใช้ (คน)", 10), Column("ภาพถ่าย", 8),
)  # fmt: skip
_VISITS = (
    Column("รหัสศูนย์"), Column("วันที่"), Column("เวลาเข้า", 9), Column("เวลาออก", 9),
    Column("ประเภท", 24), Column("หน่วยงาน/กลุ่ม", 36), Column("กลุ่มผู้มาใช้บริการ", 20),
    Column("มาจาก", 28), Column("ชาย", 8), Column("หญิง", 8), Column("อื่น ๆ", 8),
    Column("รวม", 8), Column("เด็กและเยาวชน", 10), Column("เรื่องที่เรียนรู้", 40),
    Column("ความพึงพอใจ (1-5)", 10), Column("ข้อเสนอแนะ", 40), Column("วันที่ระบบได้รับ"),
    Column("รหัสรายการ", 38), Column("รุ่น", 6), Column("SHA-256", 66),
)  # fmt: skip
_FOLLOWUPS = (
    Column("รหัสศูนย์"), Column("วันที่ติดตาม"), Column("มาเรียนรู้เมื่อ"), Column("ระยะ (เดือน)", 9),
    Column("หน่วยงาน/กลุ่ม", 36), Column("วิธีติดตาม"), Column("ผลการนำไปใช้"),
    Column("ติดตาม (คน)", 9), Column("นำไปใช้ (คน)", 9), Column("เรื่องที่นำไปใช้", 36),
    Column("ผลที่เกิดขึ้น", 36), Column("พื้นที่ (ไร่)", 9), Column("ลดรายจ่าย (บาท/เดือน)", 12),
    Column("เพิ่มรายได้ (บาท/เดือน)", 12), Column("ถ่ายทอดต่อ (คน)", 9), Column("เหตุผล", 30),
    Column("ขั้นต่อไป", 30), Column("วันที่ระบบได้รับ"), Column("รหัสรายการ", 38),
    Column("รหัสรายการสมุดผู้มาใช้บริการ", 38), Column("รุ่น", 6), Column("SHA-256", 66),
)  # fmt: skip
_PHOTOS = (
    Column("รหัสศูนย์"), Column("ไฟล์ในชุดหลักฐาน", 60), Column("ภาพของ", 20),
    Column("รหัสรายการ", 38), Column("คำบรรยาย", 36), Column("วันที่"), Column("เวลา", 9),
    Column("ที่มาของเวลา", 24), Column("ที่มาของภาพ", 22), Column("ละติจูด", 12),
    Column("ลองจิจูด", 12), Column("ความคลาดเคลื่อน (ม.)", 10), Column("ที่มาของพิกัด", 24),
    Column("ห่างจากศูนย์ (ม.)", 10), Column("ตำแหน่ง", 14), Column("SHA-256 ของต้นฉบับ", 66),
    Column("ขนาดต้นฉบับ (ไบต์)", 12), Column("SHA-256 ของภาพในชุดหลักฐาน", 66),
)  # fmt: skip
_GAPS = (
    Column("รหัสศูนย์"), Column("ไฟล์ในชุดหลักฐาน", 60), Column("เหตุ", 50),
    Column("รหัสภาพ", 38), Column("SHA-256 ของต้นฉบับ", 66),
)  # fmt: skip


def _summary_rows(content: Content, survey: Survey) -> Iterator[Row]:
    sums = totals(content)
    yield phrases.title(content), None, None
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
    yield "ภาพถ่ายที่ไม่ครบถ้วน", len(survey.gaps), "ภาพ"
    yield f"รหัสตรวจสอบรายการ (SHA-256) {content.list_sha256}", None, None


def _centre_rows(content: Content) -> Iterator[Row]:
    sums = by_centre(content)
    for c in content.centres:
        s = sums[c.code]
        yield (
            c.code, c.name, c.steward_name, content.label("plot_classes", c.plot_class),
            phrases.STATUSES.get(c.status, c.status), c.moo, c.village, c.subdistrict_name,
            c.district_name, c.size_rai, c.lat, c.lon, s.visits, s.people, s.male, s.female,
            s.other, s.children, s.followed, s.used, s.photos,
        )  # fmt: skip


def _visit_rows(content: Content) -> Iterator[Row]:
    for visit in content.visits:
        yield _visit_row(content, visit)


def _visit_row(content: Content, v: VisitItem) -> Row:
    topics = ", ".join(content.label("topics", topic) for topic in v.topics)
    return (
        v.centre_code, v.visit_date, v.time_in, v.time_out, content.label("visit_kinds", v.kind),
        v.group_name, content.label("visitor_sectors", v.sector), v.origin, v.n_male, v.n_female,
        v.n_other, v.n_total, v.n_child, topics, v.satisfaction, v.suggestion, v.received_on,
        v.id, v.version, v.content_sha256,
    )  # fmt: skip


def _followup_rows(content: Content) -> Iterator[Row]:
    for check in content.followups:
        yield _followup_row(content, check)


def _followup_row(content: Content, f: FollowupItem) -> Row:
    topics = ", ".join(content.label("topics", topic) for topic in f.topics)
    outcomes = ", ".join(content.label("outcomes", outcome) for outcome in f.outcomes)
    return (
        f.centre_code, f.followed_on, f.visit_date, f.step_months, f.group_name,
        content.label("followup_methods", f.method), content.label("followup_uses", f.used),
        f.n_followed, f.n_used, topics, outcomes, f.plot_rai, f.baht_saved_month,
        f.baht_earned_month, f.passed_on_to, f.reason, f.next_step, f.received_on, f.id,
        f.visit_id, f.version, f.content_sha256,
    )  # fmt: skip


def _photo_rows(survey: Survey) -> Iterator[Row]:
    for shot in survey.shots:
        name = f"data/{shot.name}" if shot.source else None
        yield _photo_row(shot.photo, name)


def _photo_row(p: PhotoItem, name: str | None) -> Row:
    return (
        p.centre_code, name, phrases.SUBJECTS.get(p.subject_kind, p.subject_kind), p.subject_id,
        p.caption, p.day, _clock(p.taken_at), phrases.TIME_SOURCES.get(p.time_source),
        phrases.PHOTO_SOURCES.get(p.source), p.lat, p.lon, p.accuracy_m,
        phrases.POSITION_SOURCES.get(p.position_source), p.distance_m,
        phrases.BANDS.get(p.band), p.original_sha256, p.original_bytes, p.view_sha256,
    )  # fmt: skip


def _clock(instant: datetime | None) -> str | None:
    return f"{in_bangkok(instant):%H:%M}" if instant else None


def _gap_rows(survey: Survey) -> Iterator[Row]:
    for gap in survey.gaps:
        photo = gap.photo
        name = f"data/{gap.name}"
        yield photo.centre_code, name, phrases.GAPS[gap.reason], photo.id, photo.original_sha256
