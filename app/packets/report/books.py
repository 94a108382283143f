"""The two books of a quarter, line by line: who came to learn, and what became of it."""

from __future__ import annotations

from app.packets.frozen.content import Content, FollowupItem, VisitItem
from app.packets.frozen.figures import grouped, totals
from app.packets.report.printed import (
    NONE,
    clock_time,
    printable,
    table_date,
    thai_int,
    thai_number,
    thai_text,
)
from app.packets.report.tabular import Table, centre_heading, column, table

MOST_PRINTED = 5_000  # lines of one book: 400 pages and 1 GB in Typst; more is for a spreadsheet


def visitor_book(content: Content) -> Table:
    """Every visit, centre by centre, by day."""
    visits = grouped(content.visits)
    columns = [
        column("ที่", "0.9cm", "center"),
        column("วันที่", "2.1cm"),
        column("เวลา (น.)", "2.5cm"),
        column("ประเภท", "3cm"),
        column("หน่วยงาน/กลุ่ม จาก", "1fr"),
        column("เรื่องที่เรียนรู้", "3.5cm"),
        column("ชาย", "1.1cm", "right"),
        column("หญิง", "1.1cm", "right"),
        column("อื่น ๆ", "1.1cm", "right"),
        column("รวม", "1.2cm", "right"),
        column("เด็ก/ เยาวชน", "1.3cm", "right"),
        column("พอใจ (๑–๕)", "1.3cm", "center"),
    ]
    groups = [
        {
            "heading": centre_heading(centre),
            "rows": [
                _visit_cells(content, number, visit)
                for number, visit in enumerate(visits[centre.code], start=1)
            ],
        }
        for centre in content.centres
        if visits[centre.code] and len(content.visits) <= MOST_PRINTED
    ]
    sums = totals(content)
    total = ["", "รวม", "", "", "", "", thai_int(sums.male), thai_int(sums.female),
             thai_int(sums.other), thai_int(sums.people), thai_int(sums.children), ""]  # fmt: skip
    return table("รายการผู้มาใช้บริการ", columns, groups, total)


def _visit_cells(content: Content, number: int, visit: VisitItem) -> list[str]:
    times = [clock_time(t) for t in (visit.time_in, visit.time_out) if t]
    who = visit.group_name or content.label("visitor_sectors", visit.sector) or NONE
    came_from = f" จาก{visit.origin}" if visit.origin else ""
    topics = ", ".join(content.label("topics", topic) for topic in visit.topics)
    return [
        thai_int(number),
        table_date(visit.visit_date),
        "–".join(times) or NONE,
        printable(content.label("visit_kinds", visit.kind), 60),
        thai_text(f"{who}{came_from}", 160),
        thai_text(topics, 160) or NONE,
        thai_int(visit.n_male),
        thai_int(visit.n_female),
        thai_int(visit.n_other),
        thai_int(visit.n_total),
        thai_int(visit.n_child),
        thai_int(visit.satisfaction),
    ]


def followups(content: Content) -> Table:
    """Every follow-up, centre by centre, by day."""
    checks = grouped(content.followups)
    columns = [
        column("ที่", "0.9cm", "center"),
        column("วันที่ติดตาม", "2.1cm"),
        column("มาเรียนรู้เมื่อ", "2.1cm"),
        column("วิธี", "2.2cm"),
        column("กลุ่ม/หน่วยงาน", "1fr"),
        column("ผลการนำไปใช้", "2.3cm"),
        column("ติดตาม (คน)", "1.4cm", "right"),
        column("นำไปใช้ (คน)", "1.4cm", "right"),
        column("ผลที่เกิดขึ้น", "4.6cm"),
        column("ลดรายจ่าย (บาท/เดือน)", "1.9cm", "right"),
        column("เพิ่มรายได้ (บาท/เดือน)", "1.9cm", "right"),
    ]
    groups = [
        {
            "heading": centre_heading(centre),
            "rows": [
                _followup_cells(content, number, check)
                for number, check in enumerate(checks[centre.code], start=1)
            ],
        }
        for centre in content.centres
        if checks[centre.code] and len(content.followups) <= MOST_PRINTED
    ]
    sums = totals(content)
    who = "รวม (นับแต่ละคนครั้งเดียว)"
    total = ["", "", "", "", who, "", thai_int(sums.followed), thai_int(sums.used), "", "", ""]
    return table("รายการติดตาม", columns, groups, total)


def _followup_cells(content: Content, number: int, check: FollowupItem) -> list[str]:
    return [
        thai_int(number),
        table_date(check.followed_on),
        table_date(check.visit_date),
        printable(content.label("followup_methods", check.method), 40),
        thai_text(check.group_name, 120) or NONE,
        printable(content.label("followup_uses", check.used), 40),
        thai_int(check.n_followed),
        thai_int(check.n_used),
        thai_text(_result(content, check), 200) or NONE,
        thai_number(check.baht_saved_month),
        thai_number(check.baht_earned_month),
    ]


def _result(content: Content, check: FollowupItem) -> str:
    if check.reason and not check.n_used:
        return f"เหตุผล: {check.reason}"
    words = [content.label("topics", topic) for topic in check.topics]
    words += [content.label("outcomes", outcome) for outcome in check.outcomes]
    if check.passed_on_to:
        words.append(f"ถ่ายทอดต่อ {thai_int(check.passed_on_to)} คน")
    return ", ".join(words)
