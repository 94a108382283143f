"""Grades before and after: what a quarter made of its centres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.packets.frozen.content import AssessmentItem, CentreItem, Content
from app.packets.report import phrases
from app.packets.report.printed import NONE, printable, thai_int, thai_text, to_thai_digits
from app.packets.report.tabular import Table, column, rows_of, table


def grade_keys(content: Content) -> list[str]:
    """The grades, best first, then any that the programme no longer knows."""
    known = [word.key for word in content.words if word.list == "grades"]
    used = {a.grade for a in content.assessments}
    used |= {a.earlier_grade for a in content.assessments if a.earlier_grade}
    return [*known, *sorted(used - set(known))]


def assessed(content: Content) -> dict[str, AssessmentItem]:
    """The newest assessment of each centre, by its code."""
    return {each.centre_code: each for each in content.assessments if each.centre_code}


def grade_counts(content: Content, centres: Sequence[CentreItem]) -> Table:
    """How many centres had each grade before, and how many have it now."""
    found = assessed(content)
    mine = [found.get(centre.code) for centre in centres]
    before = Counter(each.earlier_grade if each else None for each in mine)
    after = Counter(each.grade if each else None for each in mine)
    columns = [
        column("ระดับ", "1fr"),
        column("ก่อน (แห่ง)", "3.2cm", "right"),
        column("หลัง (แห่ง)", "3.2cm", "right"),
        column("เพิ่ม/ลด", "2.6cm", "right"),
    ]
    rows = [
        [printable(content.label("grades", key), 80) if key else phrases.NOT_GRADED,
         thai_int(before[key]), thai_int(after[key]), signed(after[key] - before[key])]
        for key in (*grade_keys(content), None)
    ]  # fmt: skip
    total = ["รวม", thai_int(len(mine)), thai_int(len(mine)), ""]
    return table("จำนวนศูนย์เรียนรู้ฯ ตามระดับ ก่อนและหลัง", columns, rows_of(rows), total)


def signed(number: int) -> str:
    """+๒, -๑, ๐."""
    return f"+{thai_int(number)}" if number > 0 else thai_int(number)


def grade_changes(content: Content, centres: Sequence[CentreItem]) -> Table:
    """One line a centre: its grade before and after."""
    found, order = assessed(content), grade_keys(content)
    columns = [
        column("ที่", "0.9cm", "center"),
        column("ศูนย์เรียนรู้ฯ", "1fr"),
        column("ก่อน", "2.4cm", "center"),
        column("หลัง", "2.4cm", "center"),
        column("ร้อยละของคะแนน", "2.4cm", "right"),
        column("การเปลี่ยนแปลง", "2.8cm", "center"),
    ]
    rows = []
    for number, centre in enumerate(centres, start=1):
        each = found.get(centre.code)
        rows.append(
            [
                thai_int(number),
                f"{thai_text(centre.name, 120)} ({printable(centre.code)})",
                printable(each.earlier_grade, 12) if each and each.earlier_grade else NONE,
                printable(each.grade, 12) if each else NONE,
                thai_percent(each.percent) if each else NONE,
                change(each, order),
            ]
        )
    return table("ระดับรายศูนย์ ก่อนและหลัง", columns, rows_of(rows))


def thai_percent(value: float) -> str:
    """๘๒.๕."""
    return to_thai_digits(f"{value:.1f}")


def change(each: AssessmentItem | None, order: Sequence[str]) -> str:
    """Whether a centre rose, fell or stayed."""
    if each is None:
        return phrases.NOT_GRADED
    if each.earlier_grade is None:
        return "ประเมินครั้งแรก"
    rank = {key: place for place, key in enumerate(order)}
    step = rank[each.earlier_grade] - rank[each.grade]
    return "เลื่อนขึ้น" if step > 0 else "ลดลง" if step < 0 else "คงเดิม"
