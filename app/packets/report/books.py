"""The two books of a centre, line by line: who came to learn, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import Content, FollowupItem, VisitItem
from app.packets.frozen.figures import figures
from app.packets.report.printed import (
    NONE,
    WHOLE,
    clock_time,
    percent,
    printable,
    table_date,
    thai_int,
    thai_number,
    thai_text,
    to_thai_digits,
)
from app.packets.report.tabular import Table, column, rows_of, table

VISITOR_BOOK = "สมุดบันทึกข้อมูลผู้มาใช้บริการเรียนรู้ ศึกษาดูงาน หรือทำกิจกรรม"
FOLLOWUPS = "การติดตามประเมินผลผู้เข้ามาเรียนรู้ที่นำองค์ความรู้ไปใช้ประโยชน์"
MASKED = "ปกปิด"
WHO = "ผู้แทน โทรศัพท์"
VISIT_COLUMNS = [
    column("ที่", "0.95cm", "center"),
    column("วันที่", "2.15cm"),
    column("เวลา (น.)", "1.45cm", "center"),
    column("ประเภท", "2.1cm"),
    column("หน่วยงาน/กลุ่ม จาก", "1.5fr"),
    column(WHO, "1.7cm"),
    column("เรื่องที่เรียนรู้", "1.2fr"),
    column("ชาย", "1.05cm", "right"),
    column("หญิง", "1.05cm", "right"),
    column("อื่น ๆ", "1.05cm", "right"),
    column("รวม", "1.2cm", "right"),
    column("เด็ก/ เยาวชน", "1.3cm", "right"),
    column("พอใจ (๑–๕)", "1.2cm", "center"),
    column("ข้อเสนอแนะ", "1.1fr"),
]


def visitor_book(
    content: Content, visits: Sequence[VisitItem], start: int, total: Sequence[VisitItem] | None
) -> Table:
    """Visits by day, numbered from `start` + 1; the sum of `total` where the book ends."""
    rows = [_visit_cells(content, number, visit) for number, visit in enumerate(visits, start + 1)]
    caption = f"{VISITOR_BOOK} (ต่อ)" if start else ""
    return table(caption, _visit_columns(content), rows_of(rows), _visit_total(total))


def _visit_columns(content: Content) -> list[dict[str, str]]:
    """Wider for names and numbers where they are shown."""
    width = "2.5cm" if content.options.unmasked else "1.7cm"
    return [each if each["label"] != WHO else column(WHO, width) for each in VISIT_COLUMNS]


def _visit_total(visits: Sequence[VisitItem] | None) -> list[str] | None:
    if visits is None:
        return None
    sums = figures(visits, (), ())
    counts = (sums.male, sums.female, sums.other, sums.people, sums.children)
    return ["", "รวม", "", "", f"{thai_int(sums.visits)} ครั้ง", "", "",
            *(thai_int(each) for each in counts), "", ""]  # fmt: skip


def _visit_cells(content: Content, number: int, visit: VisitItem) -> list[str]:
    times = [clock_time(t) for t in (visit.time_in, visit.time_out) if t]
    who = visit.group_name or content.label("visitor_sectors", visit.sector) or NONE
    came_from = f" จาก{visit.origin}" if visit.origin else ""
    topics = content.labels("topics", visit.topics)
    return [
        thai_int(number),
        table_date(visit.visit_date),
        "–".join(times) or NONE,
        printable(content.label("visit_kinds", visit.kind), 60),
        thai_text(f"{who}{came_from}", WHOLE),
        contact(content, visit),
        to_thai_digits(printable(topics, WHOLE)) or NONE,
        thai_int(visit.n_male),
        thai_int(visit.n_female),
        thai_int(visit.n_other),
        thai_int(visit.n_total),
        thai_int(visit.n_child),
        thai_int(visit.satisfaction),
        thai_text(visit.suggestion, WHOLE) or NONE,
    ]


def contact(content: Content, visit: VisitItem) -> str:
    """Who spoke for the group: masked unless the list was asked for unmasked."""
    if not content.options.unmasked:
        return MASKED if visit.has_contact else NONE
    name, phone = printable(visit.leader_name, 140), printable(visit.phone, 40)
    return " ".join(filter(None, (name, f"โทร. {to_thai_digits(phone)}" if phone else ""))) or NONE


FOLLOWUP_COLUMNS = [
    column("ที่", "0.95cm", "center"),
    column("วันที่ติดตาม", "2.15cm"),
    column("มาเรียนรู้เมื่อ", "2.15cm"),
    column("ระยะ (เดือน)", "1.2cm", "center"),
    column("วิธี", "1.75cm"),
    column("กลุ่ม/หน่วยงาน", "1.3fr"),
    column("ผลการนำไปใช้", "1.8cm"),
    column("ผู้มา (คน)", "1.2cm", "right"),
    column("ติดตามแล้ว (คน)", "1.35cm", "right"),
    column("นำไปใช้ (คน)", "1.2cm", "right"),
    column("ร้อยละ", "1.15cm", "right"),
    column("ผลที่เกิดขึ้น", "1.6fr"),
    column("ลดรายจ่าย (บาท/เดือน)", "1.55cm", "right"),
    column("เพิ่มรายได้ (บาท/เดือน)", "1.55cm", "right"),
]


def followup_table(
    content: Content,
    checks: Sequence[FollowupItem],
    start: int,
    total: Sequence[FollowupItem] | None,
) -> Table:
    """Follow-ups by day with their denominators; in the sum each person counts once."""
    rows = [
        _followup_cells(content, number, check) for number, check in enumerate(checks, start + 1)
    ]
    caption = f"{FOLLOWUPS} (ต่อ)" if start else ""
    return table(caption, FOLLOWUP_COLUMNS, rows_of(rows), _followup_total(total))


def _followup_total(checks: Sequence[FollowupItem] | None) -> list[str] | None:
    if checks is None:
        return None
    sums = figures((), checks, ())
    return ["", "รวม", "", "", "", "นับแต่ละคนครั้งเดียว", "", thai_int(sums.visitors),
            thai_int(sums.followed), thai_int(sums.used), percent(sums.used, sums.followed),
            "", "", ""]  # fmt: skip


def _followup_cells(content: Content, number: int, check: FollowupItem) -> list[str]:
    return [
        thai_int(number),
        table_date(check.followed_on),
        table_date(check.visit_date),
        thai_int(check.step_months),
        printable(content.label("followup_methods", check.method), 40),
        thai_text(check.group_name, WHOLE) or NONE,
        printable(content.label("followup_uses", check.used), 40),
        thai_int(check.visit_people),
        thai_int(check.n_followed),
        thai_int(check.n_used),
        percent(check.n_used, check.n_followed),
        _result(content, check) or NONE,
        thai_number(check.baht_saved_month),
        thai_number(check.baht_earned_month),
    ]


def _result(content: Content, check: FollowupItem) -> str:
    words = [content.label("topics", topic) for topic in check.topics]
    words += [content.label("outcomes", outcome) for outcome in check.outcomes]
    parts = [to_thai_digits(printable(", ".join(words), WHOLE))]
    if check.plot_rai:
        parts.append(f"พื้นที่ {thai_number(check.plot_rai)} ไร่")
    if check.passed_on_to:
        parts.append(f"ถ่ายทอดต่อ {thai_int(check.passed_on_to)} คน")
    if check.reason:
        parts.append(f"เหตุผล: {thai_text(check.reason, WHOLE)}")
    if check.next_step:
        parts.append(f"ขั้นต่อไป: {thai_text(check.next_step, WHOLE)}")
    return " ".join(part for part in parts if part)
