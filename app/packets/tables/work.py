"""Tables of what districts and centres plan, do, assess and publish: the letter's whole cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from app.packets.frozen.content import Content
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.tables.columns import Row, Sheet, day, number, text
from app.packets.tables.marks import DOCUMENT_STATES, district_names

_RECORD = (day("วันที่ระบบได้รับ"), text("รหัสรายการ", 38), number("รุ่น", 6), text("SHA-256", 66))
_ACTIVITIES = (
    text("อำเภอ"), text("รหัสศูนย์"), day("วันที่"), day("ถึงวันที่"), text("ประเภท", 24),
    text("ด้าน (5P)", 30), text("กิจกรรม", 40), text("วิทยากร/ผู้รับผิดชอบ", 28),
    text("ภาคีเครือข่าย", 36), number("ชาย", 8), number("หญิง", 8), number("รวม", 8),
    number("เด็กและเยาวชน"), text("ผลที่ได้รับ", 40), text("ปัญหาอุปสรรค", 40),
    text("รหัสรายการแผน", 38), *_RECORD,
)  # fmt: skip
_ASSESSMENTS = (
    text("อำเภอ"), text("รหัสศูนย์"), day("วันที่ประเมิน"), number("ปีงบประมาณ"), text("ผู้ประเมิน", 28),
    number("คะแนน", 8), number("ร้อยละ", 8), text("ระดับที่คำนวณได้", 28), text("ระดับที่เสนอ", 28),
    text("ระดับที่ตัดสิน", 28), text("ผู้ตัดสิน", 24), text("เหตุผล", 40), text("ระดับที่นับ", 28),
    text("ระดับเมื่อสิ้นไตรมาสก่อน", 28), text("ระดับเป้าหมาย", 28), text("แนวทาง", 20),
    text("ปัญหา", 40), text("ความต้องการ", 40), *_RECORD,
)  # fmt: skip
_SCORES = (
    text("อำเภอ"), text("รหัสศูนย์"), day("วันที่ประเมิน"), text("ด้าน", 24), text("ตัวชี้วัด", 50),
    number("คะแนน", 8), number("คะแนนเต็ม", 8), text("หมายเหตุ", 40), number("หลักฐาน (ชิ้น)"),
    text("รหัสตัวชี้วัด", 20), text("รหัสการประเมิน", 38),
)  # fmt: skip
_PLAN = (
    text("อำเภอ"), text("รหัสศูนย์"), number("ปีงบประมาณ"), text("ด้าน (5P)", 24), text("แนวทาง"),
    text("กิจกรรม/โครงการ", 40), text("ปัญหา/ความต้องการ", 40), text("เป้าหมาย", 36), day("เริ่ม"),
    day("สิ้นสุด"), number("งบประมาณ (บาท)", 14), text("แหล่งงบประมาณ", 24), text("ผู้รับผิดชอบ", 28),
    text("ภาคีเครือข่าย", 36), text("เหตุที่ยกเลิก", 36), *_RECORD,
)  # fmt: skip
_RESULTS = (
    text("อำเภอ"), text("รหัสศูนย์"), text("กิจกรรม/โครงการ", 40), day("วันที่รายงาน"),
    number("แล้วเสร็จ (ร้อยละ)"), text("ผลการดำเนินงาน", 40), text("ผลผลิต", 36),
    number("ใช้จ่าย (บาท)", 14), text("ปัญหาอุปสรรค", 40), text("ข้อเสนอแนะ", 40),
    number("หลักฐาน (ชิ้น)"), text("รหัสหลักฐาน", 40), text("รหัสรายการแผน", 38), *_RECORD,
)  # fmt: skip
_POSTS = (
    text("อำเภอ"), text("รหัสศูนย์"), day("วันที่เผยแพร่"), text("ช่องทาง", 20), text("เรื่อง", 44),
    text("ที่อยู่ของโพสต์", 50), text("ด้าน (5P)", 24), day("วันที่อ่านยอด"), number("เข้าชม"),
    number("ถูกใจ"), number("แชร์"), text("รหัสเอกสารภาพหน้าจอ", 38), *_RECORD,
)  # fmt: skip
_NETWORK = (
    text("อำเภอ"), text("คำสั่งที่", 20), day("ลงวันที่"), number("ปีงบประมาณ"), text("การดำเนินการ", 20),
    number("ลำดับ", 8), text("ชื่อ", 30), text("หน่วยงาน", 36), text("ภาคส่วน", 20), text("หน้าที่", 24),
    text("หมายเหตุคำสั่ง", 40), *_RECORD,
)  # fmt: skip
_DOCUMENTS = (
    text("อำเภอ"), text("รหัสศูนย์"), day("ลงวันที่"), text("ประเภท", 24), text("เรื่อง", 44),
    text("หมายเหตุ", 40), text("เอกสารของ", 20), text("รหัสรายการที่แนบ", 38), text("สถานะ", 18),
    text("ไฟล์ในชุดหลักฐาน", 60), text("SHA-256 ของไฟล์", 66), number("ขนาด (ไบต์)", 12), *_RECORD,
)  # fmt: skip


def work_sheets(content: Content, made: Sequence[PartMade]) -> list[Sheet]:
    """Activities, assessments and their scores, plan, results, posts, networks, documents."""
    return [
        Sheet("activities", "กิจกรรมการเรียนรู้", _ACTIVITIES, partial(_activity_rows, content)),
        Sheet("assessments", "การประเมินศูนย์", _ASSESSMENTS, partial(_assessment_rows, content)),
        Sheet("scores", "คะแนนรายตัวชี้วัด", _SCORES, partial(_score_rows, content)),
        Sheet("plan", "แผนพัฒนา", _PLAN, partial(_plan_rows, content)),
        Sheet("results", "ผลการดำเนินงาน", _RESULTS, partial(_result_rows, content)),
        Sheet("posts", "การประชาสัมพันธ์", _POSTS, partial(_post_rows, content)),
        Sheet("networks", "เครือข่าย", _NETWORK, partial(_member_rows, content)),
        Sheet("documents", "เอกสาร", _DOCUMENTS, partial(_document_rows, content, made)),
    ]


def _activity_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for a in content.activities:
        yield (
            names.get(a.district_code, a.district_code), a.centre_code, a.held_on, a.ended_on,
            content.label("activity_kinds", a.kind), content.labels("five_p", a.sides), a.title,
            a.lead, content.labels("sectors", a.partners), a.n_male, a.n_female, a.n_total,
            a.n_youth, a.result, a.problems, a.plan_item_id, a.received_on, a.id, a.version,
            a.content_sha256,
        )  # fmt: skip


def _assessment_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    grade = partial(content.label, "grades")
    for a in content.assessments:
        yield (
            names.get(a.district_code, a.district_code), a.centre_code, a.assessed_on,
            a.fiscal_year, a.assessor, a.points, a.percent, grade(a.computed_grade),
            grade(a.proposed_grade), grade(a.decided_grade), a.decided_by, a.decision_reason,
            grade(a.grade), grade(a.earlier_grade), grade(a.target_grade),
            content.labels("strategies", a.strategies), a.problems, a.needs, a.received_on, a.id,
            a.version, a.content_sha256,
        )  # fmt: skip


def _score_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for a in content.assessments:
        for s in a.scores:
            yield (
                names.get(a.district_code, a.district_code), a.centre_code, a.assessed_on,
                content.label("five_p", s.side), s.label, s.points, s.most, s.note, s.evidence,
                s.criterion, a.id,
            )  # fmt: skip


def _plan_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for p in content.plan_rows:
        yield (
            names.get(p.district_code, p.district_code), p.centre_code, p.fiscal_year,
            content.label("five_p", p.side), content.label("strategies", p.strategy), p.title,
            p.problem, p.target, p.starts_on, p.ends_on, p.budget_baht,
            content.label("budget_sources", p.budget_source), p.responsible,
            content.labels("sectors", p.partners), p.dropped_reason, p.received_on, p.id,
            p.version, p.content_sha256,
        )  # fmt: skip


def _result_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    titles = {row.id: row.title for row in content.plan_rows}
    for r in content.result_rows:
        yield (
            names.get(r.district_code, r.district_code), r.centre_code, titles.get(r.item_id),
            r.reported_on, r.done_percent, r.result, r.output, r.spent_baht, r.obstacles,
            r.suggestions, len(r.evidence), " ".join(r.evidence), r.item_id, r.received_on, r.id,
            r.version, r.content_sha256,
        )  # fmt: skip


def _post_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for p in content.posts:
        yield (
            names.get(p.district_code, p.district_code), p.centre_code, p.posted_on,
            content.label("channels", p.channel), p.title, p.url, content.label("five_p", p.side),
            p.read_on, p.views, p.likes, p.shares, p.screenshot_id, p.received_on, p.id,
            p.version, p.content_sha256,
        )  # fmt: skip


def _member_rows(content: Content) -> Iterator[Row]:
    names = district_names(content)
    for o in content.network_orders:
        for place, member in enumerate(o.members, start=1):
            yield (
                names.get(o.district_code, o.district_code), o.order_no, o.dated_on,
                o.fiscal_year, content.label("order_acts", o.act), place, member.name,
                member.organisation, content.label("sectors", member.sector), member.role, o.note,
                o.received_on, o.id, o.version, o.content_sha256,
            )  # fmt: skip


def _document_rows(content: Content, made: Sequence[PartMade]) -> Iterator[Row]:
    districts = district_names(content)
    files = {f.of: f.name for part in made for f in part.files if f.kind == "document"}
    for d in content.documents:
        name = files.get(d.id)
        yield (
            districts.get(d.district_code, d.district_code), d.centre_code, d.dated_on,
            content.label("document_kinds", d.kind), d.title, d.note,
            phrases.SUBJECTS.get(d.subject_kind or "", d.subject_kind), d.subject_id,
            DOCUMENT_STATES.get(d.state, d.state), f"data/{name}" if name else None,
            d.file_sha256, d.file_bytes, d.received_on, d.id, d.version, d.content_sha256,
        )  # fmt: skip
