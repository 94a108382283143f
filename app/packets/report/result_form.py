"""Attachment 7, แบบรายงานผล: the plan's lines again, with what came of each."""

from __future__ import annotations

from app.packets.frozen.content import Content, PlanRow, ResultRow
from app.packets.report.blocks import tables, text
from app.packets.report.chapters import Block
from app.packets.report.numbering import document_numbers, evidence_words, photo_numbers
from app.packets.report.plan_form import PlanWords, activity, by_centre, plan_rows, standing
from app.packets.report.printed import NONE, WHOLE, printable, thai_int, thai_number, thai_text
from app.packets.report.tabular import Table, column, table
from app.packets.report.territory import District

COLUMNS = [
    column("ลำดับ", "0.95cm", "center"),
    column("กลยุทธ์", "1.25cm", "center"),
    column("ด้าน (๕P)", "2.25cm"),
    column("กิจกรรม", "1.8fr"),
    column("เป้าหมาย/ ตัวชี้วัด", "1.3fr"),
    column("งบตามแผน (บาท)", "1.75cm", "right"),
    column("ผลการดำเนินงาน", "1.75fr"),
    column("ผลผลิต/ ผลลัพธ์", "1.35fr"),
    column("ร้อยละ", "1.2cm", "right"),
    column("งบที่ใช้ (บาท)", "1.75cm", "right"),
    column("ปัญหาอุปสรรค", "1.3fr"),
    column("ข้อเสนอแนะ", "1.25fr"),
    column("หลักฐาน", "1.3fr"),
]
NO_REPORT = "ยังไม่รายงานผล"


def result_form(content: Content, district: District) -> list[Block]:
    """The form's body: the plan's lines with their results, and what the sums are made of."""
    rows = plan_rows(content, district)
    if not rows:
        return [text("ไม่มีรายการในแผนพัฒนาศักยภาพศูนย์เรียนรู้ฯ ของอำเภอนี้ จึงไม่มีผลให้รายงาน")]
    results = {each.item_id: each for each in content.result_rows}
    return [*tables(result_table(content, rows, results)), text(*_notes(rows, results))]


def result_table(content: Content, rows: list[PlanRow], results: dict[str, ResultRow]) -> Table:
    """Every line of the plan with its newest result."""
    words = PlanWords.of(content)
    photos, documents = photo_numbers(content), document_numbers(content)
    groups, number = [], 0
    for _centre, found in by_centre(rows):
        lines = []
        for row in found:
            number += 1
            got = results.get(row.id)
            shown = evidence_words(got.evidence, photos, documents) if got else ""
            lines.append([*_plan_cells(content, number, row), *_result_cells(got), shown or NONE])
        groups.append({"heading": words.heading(found[0]), "rows": lines})
    kept = standing(rows)
    told = [results[row.id] for row in kept if row.id in results]
    total = [""] * len(COLUMNS)
    total[3] = "รวม"
    total[5] = thai_int(sum(row.budget_baht for row in kept))
    total[8] = thai_number(_average(told))
    total[9] = thai_int(sum(each.spent_baht for each in told))
    return table("", COLUMNS, groups, total)


def _average(results: list[ResultRow]) -> float | None:
    return round(sum(each.done_percent for each in results) / len(results), 1) if results else None


def _plan_cells(content: Content, number: int, row: PlanRow) -> list[str]:
    return [
        thai_int(number),
        printable(content.label("strategies", row.strategy), 60),
        printable(content.label("five_p", row.side), 60),
        activity(row),
        thai_text(row.target, WHOLE),
        thai_int(row.budget_baht),
    ]


def _result_cells(found: ResultRow | None) -> list[str]:
    if found is None:
        return [NO_REPORT, NONE, NONE, NONE, NONE, NONE]
    return [
        thai_text(found.result, WHOLE),
        thai_text(found.output, WHOLE) or NONE,
        thai_int(found.done_percent),
        thai_int(found.spent_baht),
        thai_text(found.obstacles, WHOLE) or NONE,
        thai_text(found.suggestions, WHOLE) or NONE,
    ]


def _notes(rows: list[PlanRow], results: dict[str, ResultRow]) -> list[str]:
    kept = standing(rows)
    told = [results[row.id] for row in kept if row.id in results]
    notes = [
        f"รายงานผลแล้ว {thai_int(len(told))} กิจกรรม จาก {thai_int(len(kept))} กิจกรรมในแผน "
        f"แล้วเสร็จร้อยละ ๑๐๐ จำนวน {thai_int(sum(r.done_percent >= 100 for r in told))} กิจกรรม "
        "ร้อยละรวมเป็นค่าเฉลี่ยของกิจกรรมที่รายงานผลแล้ว",
        "เลขที่ภาพและเลขที่เอกสารในช่องหลักฐาน ตรงกับเลขที่ในภาพถ่ายและรายการเอกสารของชุดหลักฐานนี้",
    ]
    if dropped := len(rows) - len(kept):
        notes.append(f"กิจกรรมที่ยกเลิก {thai_int(dropped)} กิจกรรม แสดงไว้ในตารางแต่ไม่นับรวม")
    return notes
