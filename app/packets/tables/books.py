"""Tables of the centres and of what was recorded at them: books, photos and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from app.packets.frozen.content import Content, FollowupItem, PhotoItem, VisitItem
from app.packets.frozen.figures import by_centre
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.tables.columns import Cell, Row, Sheet, day, number, text
from app.packets.tables.marks import issued_to
from app.shared.clock import in_bangkok

_CENTRES = (
    text("รหัสศูนย์"), text("ชื่อศูนย์", 36), text("ผู้ดูแล", 22), text("ประเภท"), text("สถานะ"),
    number("หมู่ที่", 8), text("หมู่บ้าน", 18), text("ตำบล"), text("อำเภอ"), number("ขนาด (ไร่)"),
    number("ละติจูด", 12), number("ลองจิจูด", 12), number("มาใช้บริการ (ครั้ง)"),
    number("มาใช้บริการ (คน)"), number("ชาย", 8), number("หญิง", 8), number("อื่น ๆ", 8),
    number("เด็กและเยาวชน"), number("ผู้มาใช้บริการในครั้งที่ติดตาม (คน)"), number("ติดตามแล้ว (คน)"),
    number("นำไปใช้ (คน)"), number("ภาพถ่าย", 8),
)  # fmt: skip
_VISITS = (
    text("รหัสศูนย์"), day("วันที่"), text("เวลาเข้า", 9), text("เวลาออก", 9), text("ประเภท", 24),
    text("หน่วยงาน/กลุ่ม", 36), text("กลุ่มผู้มาใช้บริการ", 20), text("มาจาก", 28), number("ชาย", 8),
    number("หญิง", 8), number("อื่น ๆ", 8), number("รวม", 8), number("เด็กและเยาวชน"),
    text("เรื่องที่เรียนรู้", 40), number("ความพึงพอใจ (1-5)"), text("ข้อเสนอแนะ", 40),
    day("วันที่ระบบได้รับ"), text("รหัสรายการ", 38), number("รุ่น", 6), text("SHA-256", 66),
)  # fmt: skip
_PERSONS = (text("ผู้ติดต่อ", 28), text("โทรศัพท์", 16), text("ข้อมูลส่วนบุคคล จัดทำให้", 60))
_FOLLOWUPS = (
    text("รหัสศูนย์"), day("วันที่ติดตาม"), day("มาเรียนรู้เมื่อ"), number("ระยะ (เดือน)", 9),
    text("หน่วยงาน/กลุ่ม", 36), text("วิธีติดตาม"), text("ผลการนำไปใช้"),
    number("ผู้มาใช้บริการ (คน)", 9), number("ติดตาม (คน)", 9), number("นำไปใช้ (คน)", 9),
    text("เรื่องที่นำไปใช้", 36), text("ผลที่เกิดขึ้น", 36), number("พื้นที่ (ไร่)", 9),
    number("ลดรายจ่าย (บาท/เดือน)", 12), number("เพิ่มรายได้ (บาท/เดือน)", 12),
    number("ถ่ายทอดต่อ (คน)", 9), text("เหตุผล", 30), text("ขั้นต่อไป", 30), day("วันที่ระบบได้รับ"),
    text("รหัสรายการ", 38), text("รหัสรายการสมุดผู้มาใช้บริการ", 38), number("รุ่น", 6),
    text("SHA-256", 66),
)  # fmt: skip
_PHOTOS = (
    text("รหัสศูนย์"), text("ไฟล์ในชุดหลักฐาน", 60), text("ภาพของ", 20), text("รหัสรายการ", 38),
    text("คำบรรยาย", 36), day("วันที่"), text("เวลา", 9), text("ที่มาของเวลา", 24),
    text("ที่มาของภาพ", 22), number("ละติจูด", 12), number("ลองจิจูด", 12), text("สถานที่", 28),
    number("ความคลาดเคลื่อน (ม.)"), text("ที่มาของพิกัด", 24), number("ห่างจากศูนย์ (ม.)"),
    text("ตำแหน่ง", 14), number("ข้อสังเกต", 9), text("ข้อสังเกตที่พบ", 40), text("รหัสภาพ", 38),
    text("รหัสบนภาพ", 16), text("SHA-256 ของต้นฉบับ", 66), number("ขนาดต้นฉบับ (ไบต์)", 12),
    text("SHA-256 ของภาพในชุดหลักฐาน", 66),
)  # fmt: skip
_FINDINGS = (
    text("รหัสศูนย์"), text("ไฟล์ในชุดหลักฐาน", 60), text("ข้อสังเกต", 60), text("คำชี้แจง", 50),
    text("ผู้ชี้แจง", 24), text("ผลการพิจารณา", 18), text("เหตุผลของผู้พิจารณา", 40),
    text("ผู้พิจารณา", 24), text("รหัสข้อสังเกต", 24), text("รหัสภาพ", 38),
)  # fmt: skip


def book_sheets(content: Content, made: Sequence[PartMade]) -> list[Sheet]:
    """Centres, visits, follow-ups, photos and findings."""
    names = view_names(made)
    persons = _PERSONS if content.options.unmasked else ()
    return [
        Sheet("centres", "ศูนย์เรียนรู้", _CENTRES, partial(_centre_rows, content)),
        Sheet("visits", "สมุดผู้มาใช้บริการ", _VISITS + persons, partial(_visit_rows, content)),
        Sheet("followups", "การติดตาม", _FOLLOWUPS, partial(_followup_rows, content)),
        Sheet("photos", "ภาพถ่าย", _PHOTOS, partial(_photo_rows, content, names)),
        Sheet("findings", "ข้อสังเกตของภาพ", _FINDINGS, partial(_finding_rows, content, names)),
    ]


def view_names(made: Sequence[PartMade]) -> dict[str, str]:
    """The file below data/ of each photo that the packet can show, by the photo's id."""
    return {file.of: file.name for part in made for file in part.files if file.kind == "view"}


def _centre_rows(content: Content) -> Iterator[Row]:
    sums = by_centre(content)
    for c in content.centres:
        s = sums[c.code]
        yield (
            c.code, c.name, c.steward_name, content.label("plot_classes", c.plot_class),
            phrases.STATUSES.get(c.status, c.status), c.moo, c.village, c.subdistrict_name,
            c.district_name, c.size_rai, c.lat, c.lon, s.visits, s.people, s.male, s.female,
            s.other, s.children, s.visitors, s.followed, s.used, s.photos,
        )  # fmt: skip


def _visit_rows(content: Content) -> Iterator[Row]:
    issued = issued_to(content)
    for visit in content.visits:
        row = _visit_row(content, visit)
        yield (*row, visit.leader_name, visit.phone, issued) if issued else row


def _visit_row(content: Content, v: VisitItem) -> tuple[Cell, ...]:
    return (
        v.centre_code, v.visit_date, v.time_in, v.time_out, content.label("visit_kinds", v.kind),
        v.group_name, content.label("visitor_sectors", v.sector), v.origin, v.n_male, v.n_female,
        v.n_other, v.n_total, v.n_child, content.labels("topics", v.topics), v.satisfaction,
        v.suggestion, v.received_on, v.id, v.version, v.content_sha256,
    )  # fmt: skip


def _followup_rows(content: Content) -> Iterator[Row]:
    for check in content.followups:
        yield _followup_row(content, check)


def _followup_row(content: Content, f: FollowupItem) -> Row:
    return (
        f.centre_code, f.followed_on, f.visit_date, f.step_months, f.group_name,
        content.label("followup_methods", f.method), content.label("followup_uses", f.used),
        f.visit_people, f.n_followed, f.n_used, content.labels("topics", f.topics),
        content.labels("outcomes", f.outcomes), f.plot_rai, f.baht_saved_month,
        f.baht_earned_month, f.passed_on_to, f.reason, f.next_step, f.received_on, f.id,
        f.visit_id, f.version, f.content_sha256,
    )  # fmt: skip


def _photo_rows(content: Content, names: Mapping[str, str]) -> Iterator[Row]:
    for photo in content.photos:
        if photo.state != "awaited":  # what was never received stands among the gaps
            yield _photo_row(photo, names.get(photo.id))


def _photo_row(p: PhotoItem, name: str | None) -> Row:
    return (
        p.centre_code, f"data/{name}" if name else None,
        phrases.SUBJECTS.get(p.subject_kind, p.subject_kind), p.subject_id, p.caption, p.day,
        _clock(p.taken_at), phrases.TIME_SOURCES.get(p.time_source),
        phrases.PHOTO_SOURCES.get(p.source), p.lat, p.lon, p.place, p.accuracy_m,
        phrases.POSITION_SOURCES.get(p.position_source), p.distance_m,
        phrases.BANDS.get(p.band), len(p.findings), "; ".join(f.text for f in p.findings), p.id,
        p.code, p.original_sha256, p.original_bytes, p.view_sha256,
    )  # fmt: skip


def _clock(instant: datetime | None) -> str | None:
    return f"{in_bangkok(instant):%H:%M}" if instant else None


def _finding_rows(content: Content, names: Mapping[str, str]) -> Iterator[Row]:
    for photo in content.photos:
        name = names.get(photo.id)
        for finding in photo.findings:
            decision = phrases.DECISIONS.get(finding.decision or "", finding.decision)
            yield (
                photo.centre_code, f"data/{name}" if name else None, finding.text, finding.answer,
                finding.answered_by, decision,
                finding.decision_note, finding.decided_by, finding.code, photo.id,
            )  # fmt: skip
