"""Attachment 8, แบบรายงานผลความก้าวหน้า: a district's quarter in figures, with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.packets.frozen.content import Content
from app.packets.frozen.figures import Figures, figures
from app.packets.parts import PartMade
from app.packets.report.activity_tables import activity_table, by_side
from app.packets.report.blocks import BELOW, heading, tables, text
from app.packets.report.board_table import rounds_of
from app.packets.report.chapters import Block
from app.packets.report.documents import document_files, document_table
from app.packets.report.grades import grade_changes, grade_counts
from app.packets.report.numbering import photo_numbers, runs
from app.packets.report.printed import NONE, printable, thai_int, thai_text
from app.packets.report.progress import monthly, per_centre
from app.packets.report.share import of_district
from app.packets.report.summary import followup_sentence, visit_sentence
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import District

NOTE = (
    "ตัวเลขทุกช่องรวมจากรายการที่บันทึกไว้ในไตรมาสนี้ คนที่ติดตามซ้ำนับครั้งเดียวตามผลล่าสุด "
    "ผลรวมรายเดือนจึงอาจมากกว่าผลรวมทั้งไตรมาส กิจกรรมที่ตอบหลายด้านนับในทุกด้านที่ตอบ"
)
PARTS = (
    "๑. ระดับศักยภาพศูนย์เรียนรู้ฯ",
    "๒. กิจกรรมการเรียนรู้ตามกรอบ ๕P",
    "๓. ผู้มาใช้บริการและการติดตามผู้เรียนรู้",
    "๔. ภาพถ่าย",
    "๕. หลักฐานอื่น ๆ",
    "๖. การส่งรายงานตามรอบ",
)


def progress_form(content: Content, district: District, made: Sequence[PartMade]) -> list[Block]:
    """The form's body: grades, activities, visitors and learners, photos, other evidence."""
    mine = of_district(content, district.code)
    sums = figures(mine.visits, mine.followups, mine.photos)
    own = [each for each in mine.activities if not each.centre_code]
    return [
        text(NOTE),
        heading(BELOW, PARTS[0]),
        *tables(
            grade_counts(mine, district.centres),
            grade_changes(mine, district.centres),
        ),
        heading(BELOW, PARTS[1]),
        *tables(by_side(mine, mine.activities)),
        *tables(activity_table(mine, own, subject_photos(content), "กิจกรรมที่ดำเนินการระดับอำเภอ")),
        heading(BELOW, PARTS[2]),
        text(visit_sentence(sums), followup_sentence(sums)),
        *tables(per_centre(mine), monthly(mine)),
        heading(BELOW, PARTS[3]),
        text(_photo_text(sums)),
        *tables(photo_index(content, district)),
        heading(BELOW, PARTS[4]),
        *_documents(content, mine, made),
        *_rounds(content, district),
    ]


def _rounds(content: Content, district: District) -> list[Block]:
    found = tables(rounds_of(content, district.code))
    return [heading(BELOW, PARTS[5]), *found] if found else []


def subject_photos(content: Content) -> dict[str, list[int]]:
    """The numbers of the photos of each record, by the record's id."""
    numbers = photo_numbers(content)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for photo in content.photos:
        if photo.id in numbers:
            found[photo.subject_id].append(numbers[photo.id])
    return found


def _photo_text(sums: Figures) -> str:
    if not sums.photos:
        return "ไม่มีภาพถ่ายในไตรมาสนี้"
    return (
        f"ภาพถ่ายพร้อมคำบรรยาย จำนวน {thai_int(sums.photos)} ภาพ "
        "อยู่ในหน้าภาพถ่ายของศูนย์เรียนรู้ฯ แต่ละแห่งในชุดหลักฐานนี้ ตามเลขที่ภาพต่อไปนี้"
    )


def photo_index(content: Content, district: District) -> Table:
    """Which numbers the photos of each centre have."""
    numbers = photo_numbers(content)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for photo in content.photos:
        if photo.id in numbers:
            found[photo.centre_code].append(numbers[photo.id])
    columns = [
        column("ศูนย์เรียนรู้ฯ", "1fr"),
        column("จำนวน (ภาพ)", "2.8cm", "right"),
        column("ภาพที่", "1fr"),
    ]
    rows = [
        [f"{thai_text(centre.name, 120)} ({printable(centre.code)})",
         thai_int(len(found[centre.code])), runs(found[centre.code]) or NONE]
        for centre in district.centres
        if found[centre.code]
    ]  # fmt: skip
    return table("ภาพถ่ายรายศูนย์", columns, rows_of(rows))


def _documents(content: Content, mine: Content, made: Sequence[PartMade]) -> list[Block]:
    if not mine.documents:
        return [text("ไม่มีเอกสารหลักฐานอื่นในไตรมาสนี้")]
    # Numbers are the whole packet's, so the table is made of its list.
    return [*tables(document_table(content, mine.documents, document_files(made)))]
