"""Attachment 6, แบบรายงานแผน: one line for each thing a district plans to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.packets.frozen.content import AssessmentItem, CentreItem, Content, PlanRow
from app.packets.report import phrases
from app.packets.report.blocks import tables, text
from app.packets.report.chapters import Block
from app.packets.report.printed import (
    NONE,
    WHOLE,
    printable,
    table_date,
    thai_int,
    thai_text,
    to_thai_digits,
)
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import District, centres_by_code

WHOLE_DISTRICT = "ทั้งอำเภอ"

COLUMNS = [
    column("ลำดับ", "0.95cm", "center"),
    column("ศูนย์/แปลง", "2.45fr"),
    column("ที่ตั้ง", "1.95fr"),
    column("ประเภท", "1.6cm", "center"),
    column("ระดับปัจจุบัน", "1.25cm", "center"),
    column("ปัญหา/ ความต้องการ", "1.9fr"),
    column("กลยุทธ์", "1.25cm", "center"),
    column("ด้าน (๕P)", "2.25cm"),
    column("กิจกรรม", "2.4fr"),
    column("เป้าหมาย/ ตัวชี้วัด", "2fr"),
    column("ระยะเวลา", "1.55cm"),
    column("งบประมาณ (บาท) แหล่ง", "1.75cm"),
    column("ผู้รับผิดชอบ", "1.95fr"),
    column("ภาคี", "1.6cm"),
]


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What the cells of a plan's line need beside the line itself."""

    content: Content
    centres: dict[str, CentreItem]
    grades: dict[str, AssessmentItem]

    @classmethod
    def of(cls, content: Content) -> PlanWords:
        """Read once for a form."""
        grades = {each.centre_code: each for each in content.assessments if each.centre_code}
        return cls(content, centres_by_code(content), grades)

    def grade(self, code: str | None) -> str:
        """The grade that counts, as a letter; a dash for a centre that was not assessed."""
        found = self.grades.get(code or "")
        return printable(found.grade, 12) if found else NONE

    def where(self, row: PlanRow) -> tuple[str, str, str]:
        """Centre, place and class of a line; a line may be for the whole district."""
        centre = self.centres.get(row.centre_code or "")
        if centre is None:
            return (thai_text(row.centre_code, 40) or WHOLE_DISTRICT), NONE, NONE
        kind = printable(self.content.label("plot_classes", centre.plot_class), 60)
        name = f"{thai_text(centre.name, 120)} ({printable(centre.code)})"
        return name, thai_text(phrases.place(centre), 120), to_thai_digits(kind)

    def heading(self, row: PlanRow) -> str:
        """All of it in one line, above the lines of a centre."""
        centre, place, kind = self.where(row)
        if row.centre_code not in self.centres:
            return centre
        return f"{centre} {place} ประเภท {kind} ระดับปัจจุบัน {self.grade(row.centre_code)}"


def by_centre(rows: list[PlanRow]) -> list[tuple[str | None, list[PlanRow]]]:
    """The lines of each centre together, in the order of the list; the district's own last."""
    found: dict[str | None, list[PlanRow]] = {}
    for row in rows:
        found.setdefault(row.centre_code, []).append(row)
    return sorted(found.items(), key=lambda each: each[0] is None)


def plan_rows(content: Content, district: District) -> list[PlanRow]:
    """The lines of a district's plan, centre by centre: both forms number them alike."""
    rows = [row for row in content.plan_rows if row.district_code == district.code]
    return [row for _centre, found in by_centre(rows) for row in found]


def plan_form(content: Content, district: District) -> list[Block]:
    """The form's body: the table with its sum, and where the money comes from."""
    rows = plan_rows(content, district)
    if not rows:
        return [text("ไม่มีรายการในแผนพัฒนาศักยภาพศูนย์เรียนรู้ฯ ของอำเภอนี้")]
    return [*tables(plan_table(content, rows)), text(*plan_notes(content, rows))]


def plan_table(content: Content, rows: list[PlanRow]) -> Table:
    """Every line of the plan, with all columns of the form."""
    words = PlanWords.of(content)
    lines = [_cells(words, number, row) for number, row in enumerate(rows, start=1)]
    total = [""] * len(COLUMNS)
    total[1], total[8] = "รวม", f"{thai_int(len(standing(rows)))} กิจกรรม"
    total[11] = thai_int(sum(row.budget_baht for row in standing(rows)))
    return table("", COLUMNS, rows_of(lines), total)


def standing(rows: list[PlanRow]) -> list[PlanRow]:
    """The lines that were not given up: those that sums are made of."""
    return [row for row in rows if row.dropped_reason is None]


def _cells(words: PlanWords, number: int, row: PlanRow) -> list[str]:
    content = words.content
    centre, place, kind = words.where(row)
    return [
        thai_int(number),
        centre,
        place,
        kind,
        words.grade(row.centre_code),
        thai_text(row.problem, WHOLE) or NONE,
        printable(content.label("strategies", row.strategy), 60),
        printable(content.label("five_p", row.side), 60),
        activity(row),
        thai_text(row.target, WHOLE),
        f"{table_date(row.starts_on)} – {table_date(row.ends_on)}",
        money(content, row),
        thai_text(row.responsible, WHOLE),
        ", ".join(printable(content.label("sectors", key), 60) for key in row.partners) or NONE,
    ]


def activity(row: PlanRow) -> str:
    """What is to be done, and why it was given up if it was."""
    if row.dropped_reason is None:
        return thai_text(row.title, WHOLE)
    return f"{thai_text(row.title, WHOLE)} (ยกเลิก: {thai_text(row.dropped_reason, WHOLE)})"


def money(content: Content, row: PlanRow) -> str:
    """The budget of a line and who gives it."""
    source = printable(content.label("budget_sources", row.budget_source), 60)
    return f"{thai_int(row.budget_baht)} {source}" if row.budget_baht else source


def plan_notes(content: Content, rows: list[PlanRow]) -> list[str]:
    """What the sum holds: by strategy, by source; and what was given up."""
    kept = standing(rows)
    notes = [f"แยกตามกลยุทธ์: {_counted(content, 'strategies', [row.strategy for row in kept])}"]
    sources: Counter[str] = Counter()
    for row in kept:
        sources[row.budget_source] += row.budget_baht
    parts = [
        f"{printable(content.label('budget_sources', key), 60)} {thai_int(baht)} บาท"
        for key, baht in sources.items()
        if baht
    ]
    if parts:
        notes.append(f"แยกตามแหล่งงบประมาณ: {', '.join(parts)}")
    if dropped := len(rows) - len(kept):
        notes.append(f"กิจกรรมที่ยกเลิก {thai_int(dropped)} กิจกรรม แสดงไว้ในตารางแต่ไม่นับรวม")
    return notes


def _counted(content: Content, words: str, keys: list[str]) -> str:
    return ", ".join(
        f"{printable(content.label(words, key), 60)} {thai_int(times)} กิจกรรม"
        for key, times in Counter(keys).items()
    )
