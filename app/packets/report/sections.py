"""The parts of the report before the photos: texts and tables, made from the list alone."""

from __future__ import annotations

from itertools import chain
from typing import Any

from app.packets.frozen.content import Content
from app.packets.frozen.figures import Figures, totals
from app.packets.report import phrases
from app.packets.report.books import MOST_PRINTED, followups, visitor_book
from app.packets.report.printed import percent, printable, thai_int, thai_text
from app.packets.report.progress import by_kind, by_sector, monthly, progress
from app.packets.report.tabular import Table, column, rows_of, table
from app.packets.survey import Survey


def parts(content: Content, survey: Survey) -> list[list[dict[str, Any]]]:
    """Return the numbered parts before the photos; parts listed together share their pages."""
    pages = [
        [part("บทสรุป", summary(content, survey), by_kind(content), by_sector(content))],
        [part("แบบรายงานผลความก้าวหน้า", [PROGRESS_NOTE], progress(content), monthly(content))
         | {"wide": True, "sign": True}],
        [part("สมุดบันทึกข้อมูลผู้มาใช้บริการ", book_notes(len(content.visits)),
              visitor_book(content)) | {"wide": True}],
        [part("การติดตามประเมินผลผู้เข้ามาเรียนรู้", followup_text(content), followups(content))
         | {"wide": True}],
        [part("รายการที่ไม่ครบถ้วน", gap_text(survey), *gap_tables(content, survey)),
         part("การตรวจสอบชุดหลักฐาน", CHECK_TEXT)],
    ]  # fmt: skip
    for number, one in enumerate(chain.from_iterable(pages), start=1):
        one["title"] = f"ส่วนที่ {thai_int(number)} {one['title']}"
    return pages


def part(title: str, text: list[str], *tables: Table) -> dict[str, Any]:
    """One numbered part; a table without rows is left out, its text says there was nothing."""
    filled = [t for t in tables if any(group["rows"] for group in t["groups"])]
    return {"title": title, "wide": False, "sign": False, "text": text, "tables": filled}


PROGRESS_NOTE = (
    "จัดทำตามแนวแบบรายงานผลความก้าวหน้าการพัฒนาศูนย์เรียนรู้ฯ (สิ่งที่ส่งมาด้วย ๘) "
    "ตัวเลขทุกช่องรวมจากรายการที่บันทึกไว้ในไตรมาสนี้ คนที่ติดตามซ้ำนับครั้งเดียวตามผลล่าสุด "
    "ผลรวมรายเดือนจึงอาจมากกว่าผลรวมทั้งไตรมาส"
)
MASKED_NOTE = "ชื่อและหมายเลขโทรศัพท์ของผู้มาใช้บริการไม่แสดงในชุดหลักฐานนี้ เพื่อคุ้มครองข้อมูลส่วนบุคคล"
CHECK_TEXT = [
    "ชุดหลักฐานนี้เป็นไฟล์ ZIP ตามมาตรฐาน BagIt ๑.๐ มีรายชื่อไฟล์พร้อมรหัสตรวจสอบ SHA-256 ของทุกไฟล์ "
    "(manifest-sha256.txt) ผู้ที่ได้รับไฟล์ตรวจสอบได้เองโดยไม่ต้องเชื่อมต่อกับระบบ",
    "วิธีตรวจสอบ: แตกไฟล์แล้วใช้คำสั่ง python3 verify.py ในโฟลเดอร์ที่ได้ หรือใช้โปรแกรมใดก็ได้ที่รองรับ BagIt "
    "หากมีไฟล์ใดถูกแก้ไข ขาดหาย หรือถูกเพิ่มเข้ามา โปรแกรมจะแจ้งชื่อไฟล์นั้น",
    "ชุดหลักฐานที่ออกแล้วจะไม่เปลี่ยนแปลง ข้อมูลที่ได้รับภายหลังจะอยู่ในฉบับถัดไป",
]


def summary(content: Content, survey: Survey) -> list[str]:
    """The sentences a reader needs when they read nothing else."""
    sums = totals(content)
    late = sum(1 for v in content.visits if v.received_on > content.last_day)
    late += sum(1 for f in content.followups if f.received_on > content.last_day)
    incomplete = len(survey.gaps) - survey.awaited
    text = [
        f"รายงานนี้ครอบคลุมศูนย์เรียนรู้ฯ จำนวน {thai_int(len(content.centres))} แห่ง "
        f"ใน{phrases.scope_name(content.scope)}",
        visit_sentence(sums),
        followup_sentence(sums),
        f"มีภาพถ่ายประกอบ จำนวน {thai_int(sums.photos)} ภาพ"
        + (f" ในจำนวนนี้แสดงไม่ได้ครบถ้วน {thai_int(incomplete)} ภาพ" if incomplete else ""),
    ]
    if survey.awaited:
        text.append(f"นอกจากนี้ยังมีภาพถ่ายที่ยังอยู่ในโทรศัพท์ ระบบยังไม่ได้รับ {thai_int(survey.awaited)} ภาพ")
    if late:
        text.append(f"รายการที่เกิดในไตรมาสนี้แต่ระบบได้รับหลังวันสิ้นไตรมาส จำนวน {thai_int(late)} รายการ")
    return text


def visit_sentence(sums: Figures) -> str:
    """Visits and people, or a plain statement that there were none."""
    if not sums.visits:
        return "ไม่มีการบันทึกผู้มาใช้บริการในไตรมาสนี้"
    other = f" ไม่ระบุ/อื่น ๆ {thai_int(sums.other)} คน" if sums.other else ""
    return (
        f"มีผู้มาใช้บริการเรียนรู้ ศึกษาดูงาน หรือทำกิจกรรม จำนวน {thai_int(sums.visits)} ครั้ง "
        f"รวม {thai_int(sums.people)} คน เป็นชาย {thai_int(sums.male)} คน "
        f"หญิง {thai_int(sums.female)} คน{other} "
        f"ในจำนวนนี้เป็นเด็กและเยาวชน {thai_int(sums.children)} คน"
    )


def followup_sentence(sums: Figures) -> str:
    """How many learners were followed up and how many use it, with the denominator said."""
    if not sums.followups:
        return "ไม่มีการติดตามผู้เข้ามาเรียนรู้ในไตรมาสนี้"
    return (
        f"ติดตามแล้ว {thai_int(sums.followed)} คน นำไปใช้ {thai_int(sums.used)} คน "
        f"({percent(sums.used, sums.followed)} %) โดยร้อยละคิดจากจำนวนคนที่ติดตามแล้ว "
        f"ติดตามรวม {thai_int(sums.followups)} ครั้ง จากการมาใช้บริการ "
        f"{thai_int(sums.visits_followed)} ครั้ง ซึ่งมีผู้มา {thai_int(sums.visitors)} คน "
        "หากติดตามกลุ่มเดียวกันหลายครั้ง นับตามผลครั้งล่าสุดที่ติดต่อได้"
    )


def followup_text(content: Content) -> list[str]:
    """What the follow-ups say together, before they are listed."""
    return [followup_sentence(totals(content)), *book_notes(len(content.followups))]


def book_notes(lines: int) -> list[str]:
    """What must be said above a book: what is masked, and where a very long one is printed."""
    if lines <= MOST_PRINTED:
        return [MASKED_NOTE]
    return [MASKED_NOTE, f"มีทั้งหมด {thai_int(lines)} รายการ แสดงครบทุกรายการในไฟล์ tables.xlsx"]


def gap_text(survey: Survey) -> list[str]:
    """Say first whether anything is missing at all."""
    if not survey.gaps:
        return ["ไม่มี ภาพถ่ายทุกภาพในรายการอยู่ในชุดหลักฐานนี้ครบถ้วน"]
    return [
        f"ภาพถ่ายต่อไปนี้ จำนวน {thai_int(len(survey.gaps))} ภาพ อยู่ในรายการ "
        "แต่ไม่ครบถ้วนขณะจัดทำชุดหลักฐาน ระบบระบุไว้เพื่อให้ผู้ตรวจทราบและติดตามต่อไป"
    ]


def gap_tables(content: Content, survey: Survey) -> list[Table]:
    """List every photo of the list that cannot be shown as it should."""
    names = {centre.code: centre.name for centre in content.centres}
    columns = [
        column("ที่", "0.9cm", "center"),
        column("ศูนย์เรียนรู้ฯ", "4cm"),
        column("ชื่อไฟล์ในชุดหลักฐาน", "1fr"),
        column("เหตุ", "4.6cm"),
    ]
    rows = [
        [thai_int(number), thai_text(names.get(gap.photo.centre_code, gap.photo.centre_code), 80),
         printable(gap.name.rsplit("/", 1)[-1]), phrases.GAPS[gap.reason]]
        for number, gap in enumerate(survey.gaps, start=1)
    ]  # fmt: skip
    return [table("ภาพถ่ายที่ไม่ครบถ้วน", columns, rows_of(rows))]
