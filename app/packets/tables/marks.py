"""Words that several tables share, and the mark that an unmasked packet carries everywhere."""

from __future__ import annotations

from app.packets.frozen.content import Content
from app.packets.report import phrases
from app.packets.report.printed import date_and_time

DOCUMENT_STATES = {"awaited": "ยังไม่ได้รับไฟล์", "received": "ได้รับแล้ว"}
CHANGES = {"new": "เพิ่ม", "changed": "แก้ไข", "gone": "นำออก"}


def issued_to(content: Content) -> str:
    """Who holds personal data with this packet, since when and why; "" for a masked packet."""
    if not content.options.unmasked:
        return ""
    asked = content.requested
    why = f" เหตุผล: {asked.reason}" if asked.reason else ""
    return f"มีข้อมูลส่วนบุคคล จัดทำให้ {asked.by} เมื่อ {date_and_time(asked.at)}{why}"


def district_names(content: Content) -> dict[str, str]:
    """Names by code, of all districts that the list speaks of."""
    known = {centre.district_code: centre.district_name for centre in content.centres}
    return known | {district.code: district.name for district in content.districts}


def gap_words(reason: str) -> str:
    """Why a file is not as it should be, in the packet's words."""
    return phrases.GAPS.get(reason, phrases.FILE_GAP)
