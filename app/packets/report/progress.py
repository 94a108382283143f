"""The progress form: sums by kind, by sector, by centre and by month (after attachment 8)."""

from __future__ import annotations

from itertools import groupby

from app.packets.frozen.content import CentreItem, Content
from app.packets.frozen.figures import Figures, by_centre, in_month, months, people_by, totals
from app.packets.report import phrases
from app.packets.report.printed import percent, printable, thai_int, thai_text, to_thai_digits
from app.packets.report.tabular import Table, column, rows_of, table
from app.shared.clock import BUDDHIST_OFFSET
from app.shared.thai import MONTHS


def by_kind(content: Content) -> Table:
    """Visits and people for each kind of visit."""
    return _counted(content, "จำแนกตามประเภทการใช้บริการ", "ประเภท", "kind", "visit_kinds")


def by_sector(content: Content) -> Table:
    """Visits and people for each sector the visitors came from."""
    return _counted(content, "จำแนกตามกลุ่มผู้มาใช้บริการ", "กลุ่ม", "sector", "visitor_sectors")


def _counted(content: Content, caption: str, label: str, key: str, words: str) -> Table:
    people = sum(v.n_total for v in content.visits)
    rows = [
        [printable(content.label(words, value)) or "ไม่ระบุ", thai_int(times), thai_int(count),
         percent(count, people)]
        for value, times, count in people_by(content.visits, key)
    ]  # fmt: skip
    total = ["รวม", thai_int(len(content.visits)), thai_int(people), percent(people, people)]
    columns = [
        column(label, "1fr"),
        column("ครั้ง", "2cm", "right"),
        column("คน", "2.4cm", "right"),
        column("ร้อยละของคน", "2.8cm", "right"),
    ]
    return table(caption, columns, rows_of(rows), total)


SUM_COLUMNS = [
    column("มาใช้บริการ (ครั้ง)", "1.95cm", "right"),
    column("มาใช้บริการ (คน)", "1.95cm", "right"),
    column("ชาย", "1.35cm", "right"),
    column("หญิง", "1.35cm", "right"),
    column("อื่น ๆ", "1.1cm", "right"),
    column("ติดตามแล้ว (คน)", "1.7cm", "right"),
    column("นำไปใช้ (คน)", "1.6cm", "right"),
    column("ร้อยละ", "1.3cm", "right"),
    column("ภาพถ่าย", "1.45cm", "right"),
]


def _sum_cells(sums: Figures) -> list[str]:
    counts = (
        sums.visits, sums.people, sums.male, sums.female, sums.other, sums.followed, sums.used,
    )  # fmt: skip
    cells = [thai_int(number) for number in counts]
    return [*cells, percent(sums.used, sums.followed), thai_int(sums.photos)]


def per_centre(content: Content) -> Table:
    """One line a centre: what was done there in the quarter."""
    sums = by_centre(content)
    columns = [
        column("ที่", "0.9cm", "center"),
        column("ศูนย์เรียนรู้ฯ", "1fr"),
        column("ที่ตั้ง", "3.7cm"),
        column("ประเภท", "2.3cm"),
        *SUM_COLUMNS,
    ]
    groups, number = [], 0
    for district, centres in groupby(content.centres, key=lambda c: c.district_name):
        rows = []
        for centre in centres:
            number += 1
            rows.append(
                [thai_int(number), *_centre_cells(content, centre), *_sum_cells(sums[centre.code])]
            )
        groups.append({"heading": _district(content, district), "rows": rows})
    total = ["", "รวม", "", "", *_sum_cells(totals(content))]
    return table("ผลการดำเนินงานรายศูนย์", columns, groups, total)


def _district(content: Content, name: str) -> str:
    return f"อำเภอ{name}" if content.scope.kind == "province" else ""


def _centre_cells(content: Content, centre: CentreItem) -> list[str]:
    status = phrases.STATUSES.get(centre.status, printable(centre.status))
    closed = "" if centre.status == "active" else f" ({status})"
    return [
        f"{thai_text(centre.name, 80)} ({printable(centre.code)})",
        thai_text(phrases.place(centre), 80),
        to_thai_digits(printable(content.label("plot_classes", centre.plot_class), 60)) + closed,
    ]


def monthly(content: Content) -> Table:
    """One line a month of the quarter."""
    rows = [
        [f"{MONTHS[month.month - 1]} {to_thai_digits(str(month.year + BUDDHIST_OFFSET))}",
         *_sum_cells(in_month(content, month))]
        for month in months(content)
    ]  # fmt: skip
    total = ["รวม", *_sum_cells(totals(content))]
    return table(
        "ผลการดำเนินงานรายเดือน", [column("เดือน", "1fr"), *SUM_COLUMNS], rows_of(rows), total
    )
