"""Which districts had sealed their quarter when the list was frozen."""

from __future__ import annotations

from app.packets.frozen.content import Content
from app.packets.report.blocks import BELOW, heading, tables, text
from app.packets.report.chapters import Block
from app.packets.report.printed import NONE, date_and_time, printable, thai_int, thai_text
from app.packets.report.tabular import column, rows_of, table
from app.packets.report.territory import districts


def seals(content: Content) -> list[Block]:
    """Each district with who sealed its quarter, and when; or that nobody did."""
    head = heading(BELOW, "การปิดรอบไตรมาส")
    found = {seal.district_code: seal for seal in content.seals}
    if not found:
        return [head, text("ยังไม่มีอำเภอใดปิดรอบไตรมาสนี้เมื่อจัดทำชุดหลักฐาน ข้อมูลจึงอาจเปลี่ยนแปลงได้")]
    columns = [
        column("ที่", "0.9cm", "center"),
        column("อำเภอ", "1fr"),
        column("ปิดรอบโดย", "1.4fr"),
        column("เมื่อ", "6cm"),
    ]
    rows = []
    for number, district in enumerate(districts(content), start=1):
        seal = found.get(district.code)
        who = printable(seal.sealed_by, 80) if seal else "ยังไม่ปิดรอบ"
        when = date_and_time(seal.sealed_at) if seal else NONE
        rows.append([thai_int(number), thai_text(district.name, 60), who, when])
    return [head, *tables(table("", columns, rows_of(rows)))]
