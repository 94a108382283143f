"""The sentences that a reader needs when they read nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import Content
from app.packets.frozen.figures import Figures, totals
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.printed import percent, thai_int


def summary(content: Content, made: Sequence[PartMade]) -> list[str]:
    """Centres, visits, follow-ups, photos, and what is late or not whole."""
    sums = totals(content)
    return [
        f"รายงานนี้ครอบคลุมศูนย์เรียนรู้ฯ จำนวน {thai_int(len(content.centres))} แห่ง "
        f"ใน{phrases.scope_name(content.scope)}",
        visit_sentence(sums),
        followup_sentence(sums),
        work_sentence(content),
        _photo_sentence(content, sums, made),
        _awaited_sentence(content),
    ]


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


def work_sentence(content: Content) -> str:
    """Activities, assessments, plan, posts: how many of each."""
    counted = (
        ("กิจกรรมการเรียนรู้", len(content.activities), "ครั้ง"),
        ("ผลประเมินศักยภาพ", len(content.assessments), "แห่ง"),
        ("กิจกรรมตามแผน", len(content.plan_rows), "รายการ"),
        ("รายงานผลตามแผน", len(content.result_rows), "รายการ"),
        ("การประชาสัมพันธ์", len(content.posts), "รายการ"),
        ("เอกสารหลักฐาน", len(content.documents), "รายการ"),
    )
    told = [f"{words} {thai_int(number)} {unit}" for words, number, unit in counted if number]
    return f"มี{' '.join(told)}" if told else ""


def _photo_sentence(content: Content, sums: Figures, made: Sequence[PartMade]) -> str:
    awaited = {photo.id for photo in content.photos if photo.state == "awaited"}
    photos = {photo.id for photo in content.photos} - awaited
    broken = {gap.of for part in made for gap in part.gaps} & photos
    note = f" ในจำนวนนี้แสดงไม่ได้ครบถ้วน {thai_int(len(broken))} ภาพ" if broken else ""
    return f"มีภาพถ่ายประกอบ จำนวน {thai_int(sums.photos)} ภาพ{note}"


def _awaited_sentence(content: Content) -> str:
    awaited = sum(photo.state == "awaited" for photo in content.photos)
    if not awaited:
        return ""
    return f"นอกจากนี้ยังมีภาพถ่ายที่ยังอยู่ในโทรศัพท์ ระบบยังไม่ได้รับ {thai_int(awaited)} ภาพ"
