"""Other evidence: the documents of the quarter, numbered as the forms name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.packets.frozen.content import Content, DocumentItem
from app.packets.parts import PartMade
from app.packets.report.numbering import document_numbers
from app.packets.report.printed import NONE, WHOLE, printable, table_date, thai_int, thai_text
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import centres_by_code


def document_files(made: Sequence[PartMade]) -> dict[str, str]:
    """The name in the packet of each document whose file travels in it, by its id."""
    return {file.of: file.name for part in made for file in part.files if file.kind == "document"}


def document_table(
    content: Content, documents: Sequence[DocumentItem], files: Mapping[str, str]
) -> Table:
    """Every document with its number and its file in the packet."""
    columns = [
        column("เอกสารที่", "1.6cm", "center"),
        column("วันที่", "2.1cm"),
        column("ประเภท", "3cm"),
        column("เรื่อง", "1fr"),
        column("ศูนย์เรียนรู้ฯ", "3.6cm"),
        column("ไฟล์ในชุดหลักฐาน", "4.4cm"),
    ]
    names = {code: centre.name for code, centre in centres_by_code(content).items()}
    numbers = document_numbers(content)
    rows = [
        [
            thai_int(numbers[each.id]),
            table_date(each.dated_on),
            printable(content.label("document_kinds", each.kind), 60),
            _title(each),
            thai_text(names.get(each.centre_code or "", each.centre_code), 120) or "ทั้งอำเภอ",
            _file(each, files),
        ]
        for each in documents
    ]
    return table("", columns, rows_of(rows))


def _title(each: DocumentItem) -> str:
    note = f" ({thai_text(each.note, WHOLE)})" if each.note else ""
    return f"{thai_text(each.title, WHOLE)}{note}" or NONE


def _file(each: DocumentItem, files: Mapping[str, str]) -> str:
    if each.state == "awaited":
        return "ยังไม่ได้รับไฟล์"
    name = files.get(each.id)
    return printable(name.rsplit("/", 1)[-1], 120) if name else "ไม่มีในชุดหลักฐาน (ดูรายการที่ไม่ครบถ้วน)"
