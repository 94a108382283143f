"""What the list promises and the packet cannot show: every file by its name, and why."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import Content
from app.packets.parts import GapFound, PartMade
from app.packets.report import phrases
from app.packets.report.blocks import BELOW, heading, tables, text
from app.packets.report.board_table import unit
from app.packets.report.chapters import Block
from app.packets.report.numbering import document_numbers, photo_numbers
from app.packets.report.plan_form import PlanWords, standing
from app.packets.report.printed import NONE, WHOLE, printable, table_date, thai_int, thai_text
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import centres_by_code


def gaps(content: Content, made: Sequence[PartMade]) -> list[Block]:
    """Files that are missing or not whole, then what nobody answered; or that there is nothing."""
    return [
        heading(BELOW, "ภาพถ่ายและเอกสาร"),
        *_files(content, made),
        heading(BELOW, "รายงาน การประเมิน และผลตามแผน"),
        *_unanswered(content),
    ]


def _files(content: Content, made: Sequence[PartMade]) -> list[Block]:
    found = [gap for part in made for gap in part.gaps]
    if not found:
        return [text("ไม่มี ภาพถ่ายและเอกสารทุกรายการอยู่ในชุดหลักฐานนี้ครบถ้วน")]
    return [
        text(
            f"ไฟล์ต่อไปนี้ จำนวน {thai_int(len(found))} รายการ อยู่ในบัญชีรายการ "
            "แต่ไม่ครบถ้วนขณะจัดทำชุดหลักฐาน ระบบระบุไว้เพื่อให้ผู้ตรวจทราบและติดตามต่อไป"
        ),
        *tables(_table(content, found)),
    ]


def _unanswered(content: Content) -> list[Block]:
    """What was asked for and is not in the list: reports, assessments, results."""
    lines = [*_unsent(content), *_unassessed(content), *_unreported(content)]
    if not lines:
        return [text("ไม่มี รายงานที่ครบกำหนด ผลการประเมิน และผลตามแผนมีครบทุกรายการ")]
    columns = [
        column("ที่", "1cm", "center"),
        column("เรื่อง", "3.6cm"),
        column("หน่วยงาน/ศูนย์เรียนรู้ฯ", "1fr"),
        column("รายการ", "1.2fr"),
    ]
    rows = [[thai_int(number), *line] for number, line in enumerate(lines, start=1)]
    return [*tables(table("", columns, rows_of(rows)))]


def _unsent(content: Content) -> list[list[str]]:
    return [
        [
            "รายงานที่ยังไม่ส่ง",
            unit(cell),
            f"{thai_text(cell.title, 160)} กำหนด {table_date(cell.due_on)}",
        ]
        for cell in content.cells
        if cell.state == "missing"
    ]


def _unassessed(content: Content) -> list[list[str]]:
    found = {each.centre_code for each in content.assessments}
    return [
        ["ศูนย์ที่ยังไม่ได้ประเมิน", f"{thai_text(centre.name, 120)} ({printable(centre.code)})", NONE]
        for centre in content.centres
        if centre.code not in found and centre.status != "closed"
    ]


def _unreported(content: Content) -> list[list[str]]:
    told = {each.item_id for each in content.result_rows}
    words = PlanWords.of(content)
    return [
        ["กิจกรรมตามแผนที่ยังไม่รายงานผล", words.where(row)[0], thai_text(row.title, WHOLE)]
        for row in standing(list(content.plan_rows))
        if row.id not in told
    ]


def _table(content: Content, found: Sequence[GapFound]) -> Table:
    centres = {code: centre.name for code, centre in centres_by_code(content).items()}
    of: dict[str, str | None] = {photo.id: photo.centre_code for photo in content.photos}
    of |= {each.id: each.centre_code for each in content.documents}
    photos, documents = photo_numbers(content), document_numbers(content)
    columns = [
        column("ที่", "0.9cm", "center"),
        column("รายการ", "2.1cm"),
        column("ศูนย์เรียนรู้ฯ", "3.4cm"),
        column("ชื่อไฟล์ในชุดหลักฐาน", "1fr"),
        column("เหตุ", "4.6cm"),
    ]
    rows = [
        [
            thai_int(number),
            _which(gap.of, photos, documents),
            thai_text(centres.get(of.get(gap.of) or "", of.get(gap.of)), 80) or NONE,
            printable(gap.name.rsplit("/", 1)[-1]) or NONE,
            phrases.GAPS.get(gap.reason, phrases.FILE_GAP),
        ]
        for number, gap in enumerate(found, start=1)
    ]
    return table("", columns, rows_of(rows))


def _which(of: str, photos: dict[str, int], documents: dict[str, int]) -> str:
    if of in photos:
        return f"ภาพที่ {thai_int(photos[of])}"
    if of in documents:
        return f"เอกสารที่ {thai_int(documents[of])}"
    return "ภาพที่ยังไม่ได้รับ"
