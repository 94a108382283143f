"""The cover, and what every page of a document carries: its header, its watermark, its names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.packets.frozen.content import Content
from app.packets.report import phrases
from app.packets.report.chapters import Chapter, Cover, Document, in_digits
from app.packets.report.printed import (
    date_and_time,
    long_date,
    printable,
    quarter_name,
    table_date,
    thai_int,
)
from app.shared.clock import bangkok_day

_THAI_WORD = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2,20}")


def cover(content: Content) -> Cover:
    """The first page of the report."""
    period = f"{long_date(content.first_day)} – {long_date(content.last_day)}"
    return {
        "kind": "รายงานผลความก้าวหน้าและชุดหลักฐาน",
        "subject": list(phrases.CENTRE_KIND_LINES),
        "quarter": quarter_name(content.quarter),
        "period": f"({period})",
        "scope": phrases.scope_name(content.scope),
        "office": phrases.office_name(content.scope),
        "facts": _facts(content),
        "qr": check_address(content),
    }


def _facts(content: Content) -> list[list[str]]:
    facts = [
        ("ฉบับที่", _edition(content)),
        ("จัดทำเมื่อ", date_and_time(content.requested.at)),
        ("ผู้ขอจัดทำ", printable(content.requested.by, 60)),
        ("เหตุผลที่ขอ", printable(content.requested.reason, 200)),
        ("ข้อมูลส่วนบุคคล", _personal_data(content)),
        ("รหัสตรวจสอบรายการ", list_code(content)),
        ("ชื่อชุดหลักฐาน", content.identifier),
    ]
    return [[label, value] for label, value in facts if value]


def _edition(content: Content) -> str:
    number = thai_int(content.edition)
    if content.redacts is not None:
        return f"{number} (แทนฉบับที่ {thai_int(content.redacts)} ซึ่งลบข้อมูลส่วนบุคคลแล้ว)"
    if content.previous is not None:
        return f"{number} (ต่อจากฉบับที่ {thai_int(content.previous.edition)})"
    return number


def _personal_data(content: Content) -> str:
    return "แสดงชื่อและหมายเลขโทรศัพท์ของผู้มาใช้บริการ" if content.options.unmasked else "ปกปิด"


def list_code(content: Content) -> str:
    """First 16 hexadecimal digits of the list's SHA-256, in fours, as printed on the cover."""
    digits = content.list_sha256[:16]
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def check_address(content: Content) -> str:
    """What the QR code says: where this list can be checked, or which list it is."""
    if content.site:
        return f"{content.site.rstrip('/')}/packets/check/{content.list_sha256}"
    return f"lakthan:{content.identifier}:{content.list_sha256}"


def header(content: Content) -> str:
    """What stands at the top of each page beside its number."""
    return f"{phrases.scope_name(content.scope)} {quarter_name(content.quarter)}"


def watermark(content: Content) -> str:
    """Who asked for an unmasked packet, and when; nothing on a masked one."""
    if not content.options.unmasked:
        return ""
    day = table_date(bangkok_day(content.requested.at))
    return f"มีข้อมูลส่วนบุคคล จัดทำให้ {printable(content.requested.by, 60)} {day}"


def unbroken(content: Content) -> str:
    """A pattern of the place names in the list, longest first: no line may break inside one."""
    names = {content.scope.name, content.scope.province_name, content.scope.district_name}
    names |= {district.name for district in content.districts}
    for centre in content.centres:
        names |= {centre.district_name, centre.subdistrict_name}
    plain = (name for name in names if name and _THAI_WORD.fullmatch(name))
    return "|".join(sorted(plain, key=lambda name: (-len(name), name)))


def document(
    content: Content,
    chapters: Sequence[Chapter],
    *,
    title: str | None = None,
    cover: Cover | None = None,
    contents: list[tuple[str, int, int]] | None = None,
) -> Document:
    """A document of this packet, in the digits that were asked for."""
    digits = content.options.digits
    made: Document = {
        "title": title or phrases.title(content),
        "author": phrases.office_name(content.scope),
        "header": header(content),
        "watermark": watermark(content),
        "digits": "arabic" if digits == "arabic" else "thai",
        "unbroken": unbroken(content),
        "cover": cover,
        "contents": contents,
        "chapters": list(chapters),
    }
    changed: Document = in_digits(made, digits)
    return changed
