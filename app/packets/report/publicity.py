"""What was published: every post, and how much in which month and channel."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from app.packets.frozen.content import Content, PostItem
from app.packets.frozen.figures import months
from app.packets.report.blocks import tables, text
from app.packets.report.chapters import Block
from app.packets.report.numbering import document_numbers
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
from app.packets.report.territory import centres_by_code, districts
from app.shared.clock import BUDDHIST_OFFSET
from app.shared.thai import MONTHS

SELF_READ = (
    "ยอดเข้าชม ถูกใจ และแชร์ เป็นตัวเลขตามที่ผู้รายงานอ่าน ณ วันที่ระบุ ระบบมิได้ตรวจสอบกับผู้ให้บริการ "
    "โพสต์อาจถูกแก้ไขหรือลบภายหลัง ภาพหน้าจอที่แนบไว้อยู่ในรายการเอกสาร"
)


def publicity(content: Content) -> list[Block]:
    """The sums by month and channel, then post by post."""
    if not content.posts:
        return [text("ไม่มีการประชาสัมพันธ์ที่บันทึกไว้ในไตรมาสนี้")]
    count = f"เผยแพร่ทั้งหมด {thai_int(len(content.posts))} รายการ"
    return [text(f"{count} {SELF_READ}"), *tables(by_month(content), posts(content))]


def by_month(content: Content) -> Table:
    """Posts of each channel in each month."""
    every = sorted({*months(content), *(post.posted_on.replace(day=1) for post in content.posts)})
    counts: defaultdict[str, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for post in content.posts:
        counts[post.channel][post.posted_on.replace(day=1)] += 1
    known = [word.key for word in content.words if word.list == "channels"]
    keys = [key for key in known if key in counts] + sorted(set(counts) - set(known))
    columns = [column("ช่องทาง", "1fr")]
    columns += [column(month_name(month), "3.2cm", "right") for month in every]
    columns += [column("รวม", "2.4cm", "right")]
    rows = [
        [printable(content.label("channels", key), 60),
         *(thai_int(counts[key][month]) for month in every), thai_int(sum(counts[key].values()))]
        for key in keys
    ]  # fmt: skip
    sums = [sum(counts[key][month] for key in keys) for month in every]
    total = ["รวม", *(thai_int(each) for each in sums), thai_int(sum(sums))]
    return table("จำนวนรายการแยกตามช่องทางและเดือน", columns, rows_of(rows), total)


def month_name(month: date) -> str:
    """กุมภาพันธ์ ๒๕๖๗."""
    return f"{MONTHS[month.month - 1]} {to_thai_digits(str(month.year + BUDDHIST_OFFSET))}"


def posts(content: Content) -> Table:
    """Every post, district by district, by day."""
    columns = [
        column("ที่", "0.9cm", "center"),
        column("วันที่", "2.15cm"),
        column("ช่องทาง", "1.9cm"),
        column("เรื่อง", "1.4fr"),
        column("ศูนย์เรียนรู้ฯ", "1fr"),
        column("ด้าน (๕P)", "2.25cm"),
        column("ลิงก์", "1.35fr"),
        column("เข้าชม", "1.4cm", "right"),
        column("ถูกใจ", "1.3cm", "right"),
        column("แชร์", "1.2cm", "right"),
        column("วันที่อ่านตัวเลข", "2.15cm"),
        column("ภาพหน้าจอ", "1.6cm", "center"),
    ]
    names = {code: centre.name for code, centre in centres_by_code(content).items()}
    screens = document_numbers(content)
    grouped: defaultdict[str, list[PostItem]] = defaultdict(list)
    for post in content.posts:
        grouped[post.district_code].append(post)
    titles = {district.code: district.title for district in districts(content)}
    groups, number = [], 0
    for code, found in grouped.items():
        rows = []
        for post in found:
            number += 1
            rows.append([thai_int(number), *_cells(content, post, names, screens)])
        groups.append({"heading": thai_text(titles.get(code, code), 80), "rows": rows})
    return table("รายการประชาสัมพันธ์ (ตัวเลขตามที่ผู้รายงานอ่าน)", columns, groups)


def _cells(
    content: Content, post: PostItem, names: dict[str, str], screens: dict[str, int]
) -> list[str]:
    screen = screens.get(post.screenshot_id or "")
    return [
        table_date(post.posted_on),
        printable(content.label("channels", post.channel), 60),
        thai_text(post.title, WHOLE),
        thai_text(names.get(post.centre_code or "", post.centre_code), 120) or "ทั้งอำเภอ",
        printable(content.label("five_p", post.side), 60) or NONE,
        printable(post.url, WHOLE) or NONE,
        thai_int(post.views),
        thai_int(post.likes),
        thai_int(post.shares),
        table_date(post.read_on) if post.read_on else NONE,
        f"เอกสารที่ {thai_int(screen)}" if screen else NONE,
    ]
