"""Learning activities: one by one, and how many for each of the five sides."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import ActivityItem, Content
from app.packets.report.numbering import runs
from app.packets.report.printed import NONE, WHOLE, printable, table_date, thai_int, thai_text
from app.packets.report.tabular import Table, column, rows_of, table


def by_side(content: Content, activities: Sequence[ActivityItem]) -> Table:
    """Activities and people for each P; one that serves two sides counts in both."""
    known = [word.key for word in content.words if word.list == "five_p"]
    used = {side for each in activities for side in each.sides}
    columns = [
        column("ด้าน (๕P)", "1fr"),
        column("กิจกรรม (ครั้ง)", "3cm", "right"),
        column("ผู้เข้าร่วม (คน)", "3cm", "right"),
        column("เยาวชน (คน)", "2.6cm", "right"),
    ]
    rows = [
        [printable(content.label("five_p", side), 60),
         *_sums([each for each in activities if side in each.sides])]
        for side in (*known, *sorted(used - set(known)))
    ]  # fmt: skip
    unsided = [each for each in activities if not each.sides]
    if unsided:
        rows.append(["ไม่ระบุด้าน", *_sums(unsided)])
    total = ["กิจกรรมทั้งหมด (นับครั้งเดียว)", *_sums(activities)]
    return table("กิจกรรมการเรียนรู้แยกตามด้าน (๕P)", columns, rows_of(rows), total)


def _sums(activities: Sequence[ActivityItem]) -> list[str]:
    return [
        thai_int(len(activities)),
        thai_int(sum(each.n_total for each in activities)),
        thai_int(sum(each.n_youth for each in activities)),
    ]


COLUMNS = [
    column("ที่", "0.9cm", "center"),
    column("วันที่", "2.15cm"),
    column("ประเภท/ด้าน (๕P)", "2.7cm"),
    column("กิจกรรม ผู้นำ ภาคี", "1.5fr"),
    column("ชาย", "1.05cm", "right"),
    column("หญิง", "1.05cm", "right"),
    column("รวม", "1.15cm", "right"),
    column("เยาวชน", "1.35cm", "right"),
    column("ผลที่ได้", "1.4fr"),
    column("ปัญหา", "1fr"),
    column("ภาพที่", "1.8cm"),
]


def activity_table(
    content: Content,
    activities: Sequence[ActivityItem],
    photos: dict[str, list[int]],
    caption: str,
) -> Table:
    """Every activity by day.  `photos`: numbers of an activity's photos by its id."""
    rows = [
        _cells(content, number, each, photos.get(each.id, []))
        for number, each in enumerate(activities, start=1)
    ]
    total = [""] * len(COLUMNS)
    total[3] = "รวม"
    total[4] = thai_int(sum(each.n_male for each in activities))
    total[5] = thai_int(sum(each.n_female for each in activities))
    total[6] = thai_int(sum(each.n_total for each in activities))
    total[7] = thai_int(sum(each.n_youth for each in activities))
    return table(caption, COLUMNS, rows_of(rows), total)


def _cells(content: Content, number: int, each: ActivityItem, photos: list[int]) -> list[str]:
    until = f" – {table_date(each.ended_on)}" if each.ended_on else ""
    sides = ", ".join(printable(content.label("five_p", side), 60) for side in each.sides)
    kind = printable(content.label("activity_kinds", each.kind), 60)
    return [
        thai_int(number),
        f"{table_date(each.held_on)}{until}",
        f"{kind} / {sides}" if sides else kind,
        _what(content, each),
        thai_int(each.n_male),
        thai_int(each.n_female),
        thai_int(each.n_total),
        thai_int(each.n_youth),
        thai_text(each.result, WHOLE) or NONE,
        thai_text(each.problems, WHOLE) or NONE,
        runs(photos) or NONE,
    ]


def _what(content: Content, each: ActivityItem) -> str:
    parts = [thai_text(each.title, WHOLE)]
    if each.lead:
        parts.append(f"ผู้นำกิจกรรม: {thai_text(each.lead, 200)}")
    if each.partners:
        names = ", ".join(printable(content.label("sectors", key), 60) for key in each.partners)
        parts.append(f"ภาคี: {names}")
    return " ".join(parts)
