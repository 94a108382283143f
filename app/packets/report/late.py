"""What came after its time, and what is other than in the edition before."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import Change, Content
from app.packets.frozen.late import LateItem, late_items
from app.packets.frozen.telling import KIND_WORDS
from app.packets.report.blocks import BELOW, heading, tables, text
from app.packets.report.chapters import Block
from app.packets.report.printed import NONE, WHOLE, printable, table_date, thai_int, thai_text
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import centres_by_code, districts

WHATS = {"new": "เพิ่มใหม่", "changed": "แก้ไข", "gone": "นำออก"}


def late(content: Content) -> list[Block]:
    """Late items, then the changes since the previous edition."""
    found = late_items(content)
    head = heading(BELOW, "รายการที่ได้รับหลังกำหนด")
    if not found:
        return [head, text("ไม่มีรายการที่ได้รับหลังกำหนด"), *changes(content)]
    words = (
        f"รายการต่อไปนี้ จำนวน {thai_int(len(found))} รายการ เกิดขึ้นในไตรมาสนี้หรือเป็นผลงานของไตรมาสนี้ "
        "แต่ระบบได้รับหลังวันสิ้นไตรมาสหรือหลังวันครบกำหนด วันที่ได้รับเป็นวันที่ระบบบันทึกไว้ แก้ไขไม่ได้"
    )
    return [head, text(words), *tables(_late_table(content, found)), *changes(content)]


def _late_table(content: Content, found: Sequence[LateItem]) -> Table:
    names = {code: centre.name for code, centre in centres_by_code(content).items()}
    columns = [
        column("ที่", "1cm", "center"),
        column("ประเภท", "2.2cm"),
        column("รายการ", "1.3fr"),
        column("ศูนย์เรียนรู้ฯ", "1fr"),
        column("วันที่", "2.15cm"),
        column("ได้รับเมื่อ", "2.15cm"),
        column("ช้า (วัน)", "1.2cm", "right"),
    ]
    titles = {each.code: each.title for each in districts(content)}
    groups: dict[str, list[list[str]]] = {}
    for number, each in enumerate(found, start=1):
        groups.setdefault(each.district_code, []).append(
            [
                thai_int(number),
                KIND_WORDS.get(each.kind, printable(each.kind, 40)),
                thai_text(each.words, WHOLE),
                thai_text(names.get(each.centre_code or "", each.centre_code), 120) or NONE,
                table_date(each.day),
                table_date(each.received_on),
                thai_int(each.days),
            ]
        )
    return table(
        "",
        columns,
        [{"heading": thai_text(titles.get(c, c), 80), "rows": r} for c, r in groups.items()],
    )


def changes(content: Content) -> list[Block]:
    """What changed since the edition before; or that there is none before."""
    head = heading(BELOW, "การเปลี่ยนแปลงจากฉบับก่อน")
    if content.previous is None:
        return [head, text("ไม่มีฉบับก่อนหน้า")]
    before = f"ฉบับที่ {thai_int(content.previous.edition)}"
    if not content.changes:
        return [head, text(f"รายการทั้งหมดตรงกับ{before}")]
    return [
        head,
        text(f"เปลี่ยนแปลงจาก{before} จำนวน {thai_int(len(content.changes))} รายการ"),
        *tables(_table(content, content.changes)),
    ]


def _table(content: Content, found: tuple[Change, ...]) -> Table:
    names = {code: centre.name for code, centre in centres_by_code(content).items()}
    columns = [
        column("ที่", "0.9cm", "center"),
        column("การเปลี่ยนแปลง", "1.9cm"),
        column("ประเภท", "2.8cm"),
        column("วันที่", "2.15cm"),
        column("รายการ", "1fr"),
        column("ศูนย์เรียนรู้ฯ", "3.6cm"),
    ]
    rows = [
        [
            thai_int(number),
            WHATS.get(each.what, printable(each.what, 40)),
            KIND_WORDS.get(each.kind, printable(each.kind, 40)),
            table_date(each.day),
            thai_text(each.words, WHOLE),
            thai_text(names.get(each.centre_code or "", each.centre_code), 120) or NONE,
        ]
        for number, each in enumerate(found, start=1)
    ]
    return table("", columns, rows_of(rows))
