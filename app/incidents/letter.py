"""The notification to the Commission and the words for the people concerned, from the facts.

Both are documents in Thai whatever the page's language.  The points are those of the PDPC's
notification on breach notification, B.E. 2565: nature of the breach with categories and numbers,
the DPO, likely consequences, measures; and where it comes late, why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.incidents.models import Incident
from app.incidents.rules import CLOCK, Clock
from app.notices.service import ControllerFacts
from app.shared.clock import in_bangkok
from app.shared.thai import MONTHS

_KINDS = {
    "lost_phone": ("โทรศัพท์ที่ใช้บันทึกข้อมูลสูญหาย",
                   "การละเมิดความลับของข้อมูลส่วนบุคคล (Confidentiality Breach) "
                   "และความพร้อมใช้งานของข้อมูลส่วนบุคคล (Availability Breach)"),
    "wrong_recipient": ("ข้อมูลถูกส่งไปยังผู้ที่ไม่มีสิทธิได้รับ",
                        "การละเมิดความลับของข้อมูลส่วนบุคคล (Confidentiality Breach)"),
    "intrusion": ("มีผู้เข้าถึงข้อมูลโดยไม่มีสิทธิ",
                  "การละเมิดความลับของข้อมูลส่วนบุคคล (Confidentiality Breach)"),
    "lost_data": ("ข้อมูลสูญหายหรือถูกทำลาย",
                  "การละเมิดความพร้อมใช้งานของข้อมูลส่วนบุคคล (Availability Breach)"),
    "other": ("เหตุละเมิดข้อมูลส่วนบุคคลอื่น", "ระบุตามข้อเท็จจริงข้างต้น"),
}  # fmt: skip
_DATA = {
    "name": "ชื่อและนามสกุล", "phone": "หมายเลขโทรศัพท์", "remarks": "ข้อเสนอแนะ",
    "photo": "ภาพถ่ายบุคคล", "position": "พิกัดของภาพถ่าย",
    "member": "รายชื่อคณะกรรมการเครือข่าย", "account": "ข้อมูลของผู้ใช้งานระบบ",
}  # fmt: skip
_RISK = {
    "unknown": "อยู่ระหว่างการประเมิน",
    "none": "ไม่มีความเสี่ยงที่จะมีผลกระทบต่อสิทธิและเสรีภาพของบุคคล",
    "some": "มีความเสี่ยงที่จะมีผลกระทบต่อสิทธิและเสรีภาพของบุคคล",
    "high": "มีความเสี่ยงสูงที่จะมีผลกระทบต่อสิทธิและเสรีภาพของบุคคล",
}
_PROTECTED = (
    "ข้อมูลในโทรศัพท์เก็บแบบเข้ารหัส และได้ยกเลิกการใช้งานของโทรศัพท์เครื่องดังกล่าวกับระบบแล้ว ตั้งแต่เวลาที่รับทราบเหตุ"
)
_FIELD = {
    "lost_phone": "อาจมีผู้นำชื่อและหมายเลขโทรศัพท์ไปติดต่อโดยไม่ได้รับความยินยอม "
                  "หรือแอบอ้างเป็นเจ้าหน้าที่ หากเปิดอ่านข้อมูลในโทรศัพท์ได้",
}  # fmt: skip
_HAPPENED = {kind: words for kind, (words, _breach) in _KINDS.items()} | {
    "other": "เกิดเหตุละเมิดข้อมูลส่วนบุคคล"
}  # as whoever is concerned is told it, after "ขอแจ้งว่า"
UNKNOWN = "อยู่ระหว่างการตรวจสอบ"
DOTS = "." * 40
_OF_YOU = {
    frozenset({"name", "phone"}): "ชื่อ นามสกุล และหมายเลขโทรศัพท์",
    frozenset({"name"}): "ชื่อและนามสกุล",
    frozenset({"phone"}): "หมายเลขโทรศัพท์",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification: heading, number and day, numbered points of label and paragraphs, signer."""

    title: str
    dated: str  # number and day, written in by hand when it is signed
    to: str
    opening: str
    points: tuple[tuple[str, tuple[str, ...]], ...]
    closing: str
    signs: str


def to_commission(
    incident: Incident, clock: Clock, reasons: str | None, office: ControllerFacts, place: str
) -> Letter:
    """The notification to the Commission.  `reasons`: of the last judgement of the risk."""
    what, breach = _KINDS[incident.kind]
    points = [
        ("ผู้ควบคุมข้อมูลส่วนบุคคล",
         _lines(office.name, office.address, _reach(office.phone, office.email))),
        ("เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคลหรือผู้ประสานงาน",
         _lines(office.dpo_name, _reach(office.dpo_phone, office.dpo_email))),
        ("วันเวลาที่เกิดเหตุและที่ทราบเหตุ",
         _lines(f"เกิดเหตุ {_when(incident.happened_at) if incident.happened_at else UNKNOWN}",
                f"ทราบเหตุ {_when(incident.aware_at)}",
                f"ครบกำหนด 72 ชั่วโมง {_when(clock.due_at)}")),
        ("ลักษณะและประเภทของการละเมิด",
         _lines(f"{what} พื้นที่ {place}" if place else what, incident.what, f"ประเภท: {breach}")),
        ("ข้อมูลส่วนบุคคลและจำนวนที่ได้รับผลกระทบ", _concerned(incident)),
        ("ผลกระทบที่อาจเกิดขึ้น",
         _lines(incident.consequences or _FIELD.get(incident.kind, UNKNOWN),
                f"ระดับความเสี่ยง: {_RISK[incident.risk]}", reasons and f"เหตุผล: {reasons}")),
        ("มาตรการที่ได้ดำเนินการหรือจะดำเนินการ",
         _lines(incident.kind == "lost_phone" and _PROTECTED, incident.measures)
         or _lines(UNKNOWN)),
        ("การแจ้งเจ้าของข้อมูลส่วนบุคคล", _people_told(incident)),
    ]  # fmt: skip
    if clock.late:
        points.append(("เหตุผลที่แจ้งล่าช้ากว่า 72 ชั่วโมง", (DOTS * 2,)))
    return Letter(
        "แบบแจ้งเหตุการละเมิดข้อมูลส่วนบุคคล",
        "ที่ ....................  วันที่ ......................................",
        "เรียน เลขาธิการคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล",
        f"ด้วย{office.name} ได้ทราบเหตุการละเมิดข้อมูลส่วนบุคคล จึงขอแจ้งเหตุตามมาตรา 37 (4) "
        "แห่งพระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 โดยมีรายละเอียด ดังนี้",
        tuple(points),
        "จึงเรียนมาเพื่อโปรดทราบ",
        "ผู้แจ้ง",
    )  # fmt: skip


def to_people(incident: Incident, office: ControllerFacts) -> str:
    """A short message to those concerned, ready for LINE, SMS or a letter."""
    reach = _reach(office.dpo_phone or office.phone, office.dpo_email or office.email)
    data = _OF_YOU.get(frozenset(incident.data_kinds) & {"name", "phone"}, "ข้อมูลส่วนบุคคลบางส่วน")
    when = f" เมื่อ{_day(incident.happened_at or incident.aware_at)}"
    lines = [
        "เรียน ผู้มาใช้บริการศูนย์เรียนรู้",
        f"{office.name} ขอแจ้งว่า{_HAPPENED[incident.kind]}{when} "
        f"ซึ่งมี{data}ของท่านอยู่ด้วย",
        _FIELD.get(incident.kind) or incident.consequences or "",
        "ข้อมูลในโทรศัพท์เข้ารหัสไว้ และสำนักงานได้ยกเลิกการใช้งานของเครื่องนั้นแล้ว"
        if incident.kind == "lost_phone" else (incident.measures or ""),
        "ขอให้ท่านระวังสายหรือข้อความจากบุคคลที่ไม่รู้จัก อย่าโอนเงินหรือบอกรหัสใด ๆ "
        "เจ้าหน้าที่จะไม่ขอสิ่งเหล่านี้จากท่าน",
        f"สอบถามหรือขอให้ลบข้อมูล: {office.dpo_name} {reach}".strip(),
        "สำนักงานขออภัยในเหตุที่เกิดขึ้น",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _concerned(incident: Incident) -> tuple[str, ...]:
    kinds = ", ".join(_DATA[key] for key in incident.data_kinds if key in _DATA) or UNKNOWN
    people = f"{incident.n_people:,} คน" if incident.n_people is not None else UNKNOWN
    records = f"{incident.n_records:,} รายการ" if incident.n_records is not None else UNKNOWN
    return (
        f"ประเภทข้อมูล: {kinds}",
        f"จำนวนเจ้าของข้อมูลส่วนบุคคลโดยประมาณ: {people}",
        f"จำนวนรายการข้อมูลโดยประมาณ: {records}",
    )


def _people_told(incident: Incident) -> tuple[str, ...]:
    if incident.told_people_at:
        return (f"แจ้งแล้วเมื่อ {_when(incident.told_people_at)}",)
    if incident.risk == "high":
        return ("จะแจ้งเจ้าของข้อมูลส่วนบุคคลพร้อมแนวทางการเยียวยาโดยไม่ชักช้า",)
    return ("ยังไม่ได้แจ้ง เนื่องจากยังไม่พบว่ามีความเสี่ยงสูง",)


def _lines(*found: str | bool | None) -> tuple[str, ...]:
    return tuple(
        part for line in found if isinstance(line, str) for part in line.split("\n") if part
    )


def _reach(phone: str | None, email: str | None) -> str:
    return " ".join(
        part for part in (phone and f"โทรศัพท์ {phone}", email and f"อีเมล {email}") if part
    )


def _day(instant: datetime) -> str:
    local = in_bangkok(instant)
    return f"วันที่ {local.day} {MONTHS[local.month - 1]} {local.year + 543}"


def _when(instant: datetime) -> str:
    return f"{_day(instant)} เวลา {in_bangkok(instant):%H.%M} น."


__all__ = ["CLOCK", "Letter", "to_commission", "to_people"]
