"""The quarter's board: which unit answered which round, when, and whether it was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from app.packets.frozen.content import Content, ReportCell
from app.packets.report import phrases
from app.packets.report.blocks import tables, text
from app.packets.report.chapters import Block
from app.packets.report.printed import NONE, WHOLE, table_date, thai_int, thai_text
from app.packets.report.tabular import Table, column, rows_of, table

MOST_ROUNDS = 9  # columns of 2.2 cm beside the unit's name on a page that lies across
LATE = "(ล่าช้า)"
LEGEND = (
    "คำอธิบาย: รับรองแล้ว = จังหวัดหรืออำเภอตรวจและรับรองแล้ว ส่งแล้ว = ส่งแล้ว อยู่ระหว่างตรวจ "
    "ส่งกลับแก้ไข = ส่งกลับให้แก้ไข ยกเว้น = ไม่ต้องส่งโดยมีเหตุผล ยังไม่ส่ง = พ้นกำหนดแล้วยังไม่ได้รับรายงาน "
    "ยังไม่ถึงกำหนด = ยังไม่ส่งและยังไม่ครบกำหนด "
    "วันที่ใต้สถานะคือวันที่ส่ง (ล่าช้า) = ส่งหลังวันครบกำหนด หรือพ้นกำหนดแล้วยังไม่ส่ง"
)


def board(content: Content) -> list[Block]:
    """The board in as many tables as its rounds need, the legend, and the reasons given."""
    if not content.cells:
        return [text("ไม่มีรอบรายงานที่นับเป็นผลงานของไตรมาสนี้")]
    return [
        text(board_sentence(content.cells)),
        *tables(*board_tables(content)),
        text(LEGEND),
        *tables(reasons(content.cells)),
    ]


def board_sentence(cells: Sequence[ReportCell]) -> str:
    """How many reports are due, and what became of them."""
    states = Counter(cell.state for cell in cells)
    parts = [
        f"{word} {thai_int(states[state])} รายการ"
        for state, word in phrases.STATES.items()
        if states[state]
    ]
    late = sum(cell.late for cell in cells)
    return (
        f"รายงานที่ต้องส่งในไตรมาสนี้ จำนวน {thai_int(len(cells))} รายการ ได้แก่ {' '.join(parts)} "
        f"ในจำนวนนี้ล่าช้า {thai_int(late)} รายการ"
    )


def board_tables(content: Content) -> list[Table]:
    """Units in lines and rounds in columns; equal shares when one page is too narrow."""
    rounds = _rounds(content.cells)
    found = {(cell.unit_code, cell.occurrence): cell for cell in content.cells}
    units = {cell.unit_code: unit(cell) for cell in content.cells}
    count = -(-len(rounds) // MOST_ROUNDS)
    size = -(-len(rounds) // count)
    shares = [rounds[start : start + size] for start in range(0, len(rounds), size)]
    return [
        _share(
            share, units, found, f"ตารางที่ {thai_int(n)} จาก {thai_int(count)}" if count > 1 else ""
        )
        for n, share in enumerate(shares, start=1)
    ]


def unit(cell: ReportCell) -> str:
    """อำเภอปง, or a centre's name."""
    name = thai_text(cell.unit_name, 120)
    if cell.unit_code != cell.district_code or name.startswith("อำเภอ"):
        return name
    return f"อำเภอ{name}"


def _rounds(cells: Sequence[ReportCell]) -> list[ReportCell]:
    """One cell of each round, by the day it is due."""
    first: dict[str, ReportCell] = {}
    for cell in cells:
        first.setdefault(cell.occurrence, cell)
    return sorted(first.values(), key=lambda cell: (cell.due_on, cell.occurrence))


def _share(
    rounds: list[ReportCell],
    units: dict[str, str],
    found: dict[tuple[str, str], ReportCell],
    share: str,
) -> Table:
    columns = [column("หน่วยงาน", "4cm")]
    columns += [
        column(f"{thai_text(each.title, 120)} กำหนด {_together(each.due_on)}", "1fr", "center")
        for each in rounds
    ]
    rows = [
        [name, *(_cell(found.get((code, each.occurrence))) for each in rounds)]
        for code, name in units.items()
    ]
    total = ["รับรองแล้ว", *(_accepted(each, units, found) for each in rounds)]
    return table(share, columns, rows_of(rows), total)


def _cell(cell: ReportCell | None) -> str:
    if cell is None:
        return NONE
    day = cell.submitted_on or (cell.decided_on if cell.state == "waived" else None)
    when = f" {_together(day)}" if day else ""
    again = f" ครั้งที่ {thai_int(cell.edition)}" if cell.edition > 1 else ""
    late = f" {LATE}" if cell.late else ""
    return f"{phrases.STATES.get(cell.state, cell.state)}{when}{again}{late}"


def _together(day: date) -> str:
    """A day that no line breaks."""
    return table_date(day).replace(" ", "\u00a0")


def _accepted(
    each: ReportCell, units: dict[str, str], found: dict[tuple[str, str], ReportCell]
) -> str:
    cells = [found[key] for key in ((code, each.occurrence) for code in units) if key in found]
    done = sum(cell.state == "accepted" for cell in cells)
    return f"{thai_int(done)} จาก {thai_int(len(cells))}"


def rounds_of(content: Content, code: str) -> Table:
    """One line for each round that a unit answers: when it was due, sent and decided."""
    columns = [
        column("ที่", "0.9cm", "center"),
        column("รายงาน", "1fr"),
        column("กำหนดส่ง", "2.4cm", "center"),
        column("ส่งเมื่อ", "2.4cm", "center"),
        column("ครั้งที่ส่ง", "1.8cm", "center"),
        column("สถานะ", "3.4cm", "center"),
    ]
    mine = sorted(
        (cell for cell in content.cells if cell.unit_code == code),
        key=lambda cell: (cell.due_on, cell.occurrence),
    )
    rows = [
        [
            thai_int(number),
            thai_text(cell.title, 160),
            table_date(cell.due_on),
            table_date(cell.submitted_on) if cell.submitted_on else NONE,
            thai_int(cell.edition) if cell.submitted_on else NONE,
            phrases.STATES.get(cell.state, cell.state) + (f" {LATE}" if cell.late else ""),
        ]
        for number, cell in enumerate(mine, start=1)
    ]
    return table("", columns, rows_of(rows))


def reasons(cells: Sequence[ReportCell]) -> Table:
    """Why something was sent back or need not be sent."""
    columns = [
        column("ที่", "0.9cm", "center"),
        column("หน่วยงาน", "4cm"),
        column("รายงาน", "1fr"),
        column("สถานะ", "2.4cm", "center"),
        column("วันที่", "2.2cm", "center"),
        column("เหตุผล", "1.3fr"),
    ]
    told = [cell for cell in cells if cell.reason]
    rows = [
        [
            thai_int(number),
            unit(cell),
            thai_text(cell.title, 120),
            phrases.STATES.get(cell.state, cell.state),
            table_date(cell.decided_on) if cell.decided_on else NONE,
            thai_text(cell.reason, WHOLE),
        ]
        for number, cell in enumerate(told, start=1)
    ]
    return table("เหตุผลที่ส่งกลับแก้ไขหรือยกเว้น", columns, rows_of(rows))
