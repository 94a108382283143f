"""The orders that appoint a district's network, with the seven partner sectors."""

from __future__ import annotations

from collections import Counter

from app.packets.frozen.content import Content, NetworkOrderItem
from app.packets.report.blocks import BELOW, facts, heading, tables, text
from app.packets.report.chapters import Block
from app.packets.report.printed import (
    NONE,
    WHOLE,
    long_date,
    printable,
    table_date,
    thai_int,
    thai_text,
    to_thai_digits,
)
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.report.territory import District, districts


def network(content: Content) -> list[Block]:
    """Which district has an order, then each order with its members."""
    orders = content.network_orders
    if not orders:
        return [text("ไม่มีคำสั่งแต่งตั้งหรือทบทวนเครือข่ายศูนย์เรียนรู้ฯ ที่บันทึกไว้")]
    every = districts(content)
    return [
        *tables(overview(content, every)),
        *(block for order in orders for block in _order(content, order, every)),
    ]


def sector_keys(content: Content) -> list[str]:
    """The partner sectors in the programme's order."""
    return [word.key for word in content.words if word.list == "sectors"]


def missing_sectors(content: Content, order: NetworkOrderItem) -> list[str]:
    """The names of the sectors that nobody of the order belongs to."""
    there = {*order.sectors, *(member.sector for member in order.members)}
    return [content.label("sectors", key) for key in sector_keys(content) if key not in there]


def overview(content: Content, every: list[District]) -> Table:
    """One line a district: its newest order and the sectors it lacks."""
    columns = [
        column("ที่", "0.9cm", "center"),
        column("อำเภอ", "2.8cm"),
        column("คำสั่งล่าสุด", "1fr"),
        column("ลงวันที่", "2.1cm"),
        column("กรรมการ (คน)", "1.7cm", "right"),
        column("ภาคีที่ยังขาด", "1.2fr"),
    ]
    newest = {order.district_code: order for order in sorted(content.network_orders, key=_day)}
    rows = [
        [thai_int(number), thai_text(district.name, 60),
         *_overview_cells(content, newest.get(district.code))]
        for number, district in enumerate(every, start=1)
    ]  # fmt: skip
    return table("คำสั่งล่าสุดรายอำเภอ", columns, rows_of(rows))


def _day(order: NetworkOrderItem) -> tuple[str, str]:
    return order.dated_on.isoformat(), order.id


def _overview_cells(content: Content, order: NetworkOrderItem | None) -> list[str]:
    if order is None:
        return ["ยังไม่มีคำสั่ง", NONE, NONE, NONE]
    act = printable(content.label("order_acts", order.act), 60)
    return [
        f"{act} คำสั่งที่ {_number(order)}",
        table_date(order.dated_on),
        thai_int(len(order.members)),
        _missing(content, order),
    ]


def _number(order: NetworkOrderItem) -> str:
    return to_thai_digits(printable(order.order_no, 60))


def _missing(content: Content, order: NetworkOrderItem) -> str:
    absent = missing_sectors(content, order)
    return ", ".join(printable(each, 60) for each in absent) or "ครบทุกภาคี"


def _order(content: Content, order: NetworkOrderItem, every: list[District]) -> list[Block]:
    names = {district.code: district.title for district in every}
    where = names.get(order.district_code, order.district_code)
    act = printable(content.label("order_acts", order.act), 60)
    per = Counter(member.sector for member in order.members)
    counted = " ".join(
        f"{printable(content.label('sectors', key), 60)} {thai_int(per[key])} คน"
        for key in (*sector_keys(content), *sorted(set(per) - set(sector_keys(content))))
        if per[key]
    )
    return [
        heading(BELOW, f"{thai_text(where, 80)} คำสั่งที่ {_number(order)}"),
        facts(
            [
                ("การดำเนินการ", f"{act}เครือข่ายศูนย์เรียนรู้ฯ ระดับอำเภอ"),
                ("ลงวันที่", long_date(order.dated_on)),
                ("ปีงบประมาณ", to_thai_digits(f"พ.ศ. {order.fiscal_year}")),
                ("กรรมการแยกตามภาคี", counted),
                ("ภาคีที่ยังขาด", _missing(content, order)),
                ("หมายเหตุ", thai_text(order.note, WHOLE)),
            ]
        ),
        *tables(_members(content, order)),
    ]


def _members(content: Content, order: NetworkOrderItem) -> Table:
    columns = [
        column("ที่", "0.9cm", "center"),
        column("ชื่อ", "1fr"),
        column("หน่วยงาน/องค์กร", "1.2fr"),
        column("ภาคี", "2.8cm"),
        column("ตำแหน่งในเครือข่าย", "3.4cm"),
    ]
    rows = [
        [
            thai_int(number),
            thai_text(member.name, 140),
            thai_text(member.organisation, 180) or NONE,
            printable(content.label("sectors", member.sector), 60),
            thai_text(member.role, 140) or NONE,
        ]
        for number, member in enumerate(order.members, start=1)
    ]
    return table("รายชื่อเครือข่าย", columns, rows_of(rows))
