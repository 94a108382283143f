"""A centre's sheet: what it is, where it lies, who keeps it, its grade and its quarter."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import AssessmentItem, CentreItem, Content
from app.packets.frozen.figures import figures
from app.packets.report import phrases
from app.packets.report.blocks import facts, text
from app.packets.report.chapters import Block
from app.packets.report.printed import (
    percent,
    printable,
    thai_int,
    thai_number,
    thai_text,
    to_thai_digits,
)


def centre_heading(content: Content, code: str) -> str:
    """Name and code of a centre; the code alone for one that the list does not know."""
    for centre in content.centres:
        if centre.code == code:
            return f"{thai_text(centre.name, 120)} ({printable(code)})"
    return printable(code)


def centre_sheet(content: Content, code: str, assessments: Sequence[AssessmentItem]) -> list[Block]:
    """The facts of the register, then the figures of the quarter."""
    found = next((each for each in content.centres if each.code == code), None)
    if found is None:
        return [text("ไม่พบศูนย์เรียนรู้ฯ นี้ในทะเบียนเมื่อจัดทำชุดหลักฐาน")]
    return [
        facts(
            [*_register(content, found), *_grades(content, assessments), *_quarter(content, code)]
        )
    ]


def _register(content: Content, centre: CentreItem) -> list[tuple[str, str]]:
    kind = printable(content.label("plot_classes", centre.plot_class), 80)
    size = f"{thai_number(centre.size_rai)} ไร่" if centre.size_rai is not None else ""
    return [
        ("ที่ตั้ง", thai_text(phrases.place(centre, district=True), 200)),
        ("ประเภท", to_thai_digits(kind)),
        ("ขนาดพื้นที่", size),
        ("เจ้าของแปลง/ผู้ดูแลศูนย์", thai_text(centre.steward_name, 200)),
        ("สถานะ", phrases.STATUSES.get(centre.status, printable(centre.status))),
        ("พิกัด", _position(centre)),
    ]


def _position(centre: CentreItem) -> str:
    if centre.lat is None or centre.lon is None:
        return "ยังไม่มีพิกัด"
    radius = to_thai_digits(f"{centre.radius_m:.0f}")
    return to_thai_digits(f"{centre.lat:.5f}, {centre.lon:.5f}") + f" (รัศมี {radius} เมตร)"


def _grades(content: Content, assessments: Sequence[AssessmentItem]) -> list[tuple[str, str]]:
    if not assessments:
        return [("ระดับศักยภาพ", phrases.NOT_GRADED)]
    newest = assessments[-1]
    grade = printable(content.label("grades", newest.grade), 80)
    earlier = content.label("grades", newest.earlier_grade)
    return [
        ("ระดับศักยภาพ", grade),
        ("ระดับก่อนหน้า", printable(earlier, 80) or "ไม่มีผลประเมินก่อนหน้า"),
    ]


def _quarter(content: Content, code: str) -> list[tuple[str, str]]:
    sums = figures(
        (each for each in content.visits if each.centre_code == code),
        (each for each in content.followups if each.centre_code == code),
        (each for each in content.photos if each.centre_code == code),
    )
    held = sum(each.centre_code == code for each in content.activities)
    learned = f"ติดตามแล้ว {thai_int(sums.followed)} คน นำไปใช้ {thai_int(sums.used)} คน"
    share = f" (ร้อยละ {percent(sums.used, sums.followed)} ของผู้ที่ติดตามแล้ว)"
    return [
        ("กิจกรรมในไตรมาสนี้", f"{thai_int(held)} ครั้ง"),
        ("ผู้มาใช้บริการ", f"{thai_int(sums.visits)} ครั้ง {thai_int(sums.people)} คน"),
        ("การติดตามผู้เรียนรู้", f"{learned}{share}" if sums.followed else "ไม่มี"),
        ("ภาพถ่าย", f"{thai_int(sums.photos)} ภาพ"),
    ]
