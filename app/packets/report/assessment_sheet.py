"""A centre's assessment as a sheet: scores by criterion, problems, needs, and the grade's story."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from app.packets.frozen.content import AssessmentItem, Content, ScoreItem
from app.packets.report.blocks import BELOW, facts, heading, tables
from app.packets.report.chapters import Block
from app.packets.report.grades import thai_percent
from app.packets.report.printed import (
    NONE,
    WHOLE,
    long_date,
    printable,
    thai_int,
    thai_text,
    to_thai_digits,
)
from app.packets.report.tabular import Table, column, table


def assessment_sheet(content: Content, found: Sequence[AssessmentItem]) -> list[Block]:
    """One sheet for each assessment of the centre; the newest of its year."""
    return [block for each in found for block in _sheet(content, each)]


def _sheet(content: Content, each: AssessmentItem) -> list[Block]:
    return [
        heading(BELOW, f"ผลการประเมินศักยภาพ {to_thai_digits(f'ปีงบประมาณ พ.ศ. {each.fiscal_year}')}"),
        facts(_facts(content, each)),
        *tables(score_table(content, each)),
    ]


def _facts(content: Content, each: AssessmentItem) -> list[tuple[str, str]]:
    strategies = ", ".join(
        printable(content.label("strategies", key), 60) for key in each.strategies
    )
    return [
        ("วันที่ประเมิน", long_date(each.assessed_on)),
        ("ผู้ประเมิน", thai_text(each.assessor, 300)),
        ("คะแนนรวม", _points(each)),
        ("ระดับตามคะแนน", _grade(content, each.computed_grade)),
        ("ระดับที่เสนอ", _grade(content, each.proposed_grade)),
        ("ระดับที่รับรอง", decided(content, each)),
        ("ระดับก่อนหน้า", _grade(content, each.earlier_grade) or "ไม่มีผลประเมินก่อนหน้า"),
        ("ระดับเป้าหมาย", _grade(content, each.target_grade)),
        ("ปัญหา", thai_text(each.problems, WHOLE)),
        ("ความต้องการ", thai_text(each.needs, WHOLE)),
        ("กลยุทธ์", strategies),
    ]


def _points(each: AssessmentItem) -> str:
    most = sum(score.most for score in each.scores)
    return (
        f"{thai_int(each.points)} จาก {thai_int(most)} คะแนน (ร้อยละ {thai_percent(each.percent)})"
    )


def _grade(content: Content, key: str | None) -> str:
    return printable(content.label("grades", key), 80) if key else ""


def decided(content: Content, each: AssessmentItem) -> str:
    """The reviewer's grade, by whom and why; or that nobody decided yet."""
    if not each.decided_grade:
        return "ยังไม่มีการรับรอง ใช้ระดับที่เสนอ"
    by = f" โดย {printable(each.decided_by, 80)}" if each.decided_by else ""
    why = f" เหตุผล: {thai_text(each.decision_reason, WHOLE)}" if each.decision_reason else ""
    return f"{_grade(content, each.decided_grade)}{by}{why}"


def score_table(content: Content, each: AssessmentItem) -> Table:
    """Every criterion with its points, side by side of the framework."""
    columns = [
        column("ที่", "0.9cm", "center"),
        column("ตัวชี้วัด", "1.5fr"),
        column("คะแนน", "1.5cm", "right"),
        column("เต็ม", "1.2cm", "right"),
        column("หลักฐาน (รายการ)", "1.8cm", "right"),
        column("หมายเหตุ", "1fr"),
    ]
    shares = {share.side: share.percent for share in each.sides}
    groups, number = [], 0
    for side, scores in groupby(each.scores, key=lambda score: score.side):
        rows = []
        for score in scores:
            number += 1
            rows.append([thai_int(number), *_cells(score)])
        groups.append({"heading": _side(content, side, shares.get(side)), "rows": rows})
    most, evidence = sum(s.most for s in each.scores), sum(s.evidence for s in each.scores)
    share = f"ร้อยละ {thai_percent(each.percent)}"
    total = ["", "รวม", thai_int(each.points), thai_int(most), thai_int(evidence), share]
    return table("คะแนนรายตัวชี้วัด", columns, groups, total)


def _side(content: Content, side: str, percent: float | None) -> str:
    share = f" (ร้อยละ {thai_percent(percent)})" if percent is not None else ""
    return f"{printable(content.label('five_p', side), 60)}{share}"


def _cells(score: ScoreItem) -> list[str]:
    return [
        thai_text(score.label, 300),
        thai_int(score.points),
        thai_int(score.most),
        thai_int(score.evidence),
        thai_text(score.note, WHOLE) or NONE,
    ]
