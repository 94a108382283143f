"""The findings' sentences, Thai and English side by side.

A sentence is written when the finding is found and stored with it, so that an old decision can
be read as it was put; so these are data, not messages for gettext.  Each is a plain fact, with
a question where somebody may know the answer; none accuses.  `{name}` takes a figure made of
the finding's facts (`_figures`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.findings import figures
from app.findings.evidence import Draft
from app.findings.figures import Language
from app.findings.reuse_words import reuse_figures


class Sentence(NamedTuple):
    """One sentence in both languages."""

    th: str
    en: str

    def in_(self, language: str) -> str:
        """The sentence in `language` (`th` or `en`)."""
        return self.th if language == "th" else self.en


SENTENCES: dict[str, Sentence] = {
    # --- position ----------------------------------------------------------------------
    "position_far": Sentence(
        "พิกัดจาก{by}อยู่ห่างจากศูนย์ {distance} ภาพนี้ถ่ายที่ไหน หรือพิกัดคลาดเคลื่อน",
        "By {by} this photo was taken {distance} from the centre. Where was that, "
        "or is the position off?",
    ),
    "position_near": Sentence(
        "พิกัดจาก{by}อยู่ห่างจากศูนย์ {distance} เป็นพื้นที่ของศูนย์ หรือบริเวณใกล้เคียง",
        "By {by} this photo was taken {distance} from the centre. Is that still its land, "
        "or close by?",
    ),
    "position_abroad": Sentence(
        "พิกัดจาก{by}อยู่นอกประเทศไทย ห่างจากศูนย์ {distance} พิกัดนี้ถูกต้องหรือไม่",
        "The position by {by} lies outside Thailand, {distance} from the centre. Can it be right?",
    ),
    "position_unknown": Sentence(
        "ไม่มีพิกัดจาก{by} ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "There is no position from {by}. Was the photo taken at the centre?",
    ),
    "position_removed": Sentence(
        "พิกัดถูกลบออกจากไฟล์ก่อนส่งมาถึง โทรศัพท์บางรุ่นทำเช่นนี้เมื่อเลือกภาพ ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "The place was removed from the file before it reached us; some phones do so when a photo "
        "is chosen. Was it taken at the centre?",
    ),
    "position_zero": Sentence(
        "พิกัดในไฟล์ว่างเปล่า (0, 0) ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "The place in the file is empty (0, 0). Was the photo taken at the centre?",
    ),
    "position_malformed": Sentence(
        "พิกัดในไฟล์เขียนในแบบที่อ่านไม่ได้ ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "The place in the file is written in a way that cannot be read. Was the photo taken at "
        "the centre?",
    ),
    "position_no_hemisphere": Sentence(
        "พิกัดในไฟล์ไม่บอกเหนือ-ใต้ หรือตะวันออก-ตะวันตก จึงไม่ได้ใช้ ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "The place in the file does not say north or south, east or west, and was not used. "
        "Was the photo taken at the centre?",
    ),
    "position_impossible": Sentence(
        "พิกัดในไฟล์ไม่มีอยู่จริงบนโลก ภาพนี้ถ่ายที่ศูนย์หรือไม่",
        "The place in the file does not exist on Earth. Was the photo taken at the centre?",
    ),
    "position_witnesses": Sentence(
        "พิกัดจากโทรศัพท์กับพิกัดในไฟล์ห่างกัน {distance} พิกัดใดถูกต้อง",
        "The phone's position and the one in the file lie {distance} apart. Which one is right?",
    ),
    "position_old": Sentence(
        "ขณะถ่าย พิกัดของโทรศัพท์เป็นค่าที่จับไว้เมื่อ {age} ก่อน",
        "When the photo was taken, the phone's position was already {age} old.",
    ),
    "position_rough": Sentence(
        "พิกัดจาก{by}คลาดเคลื่อนได้ถึง {accuracy} จึงบอกไม่ได้แน่ว่าอยู่ในศูนย์",
        "The position by {by} may be {accuracy} off: too rough to tell whether it is the centre.",
    ),
    "position_weak": Sentence(
        "กล้องบันทึกไว้ว่าสัญญาณพิกัดอ่อน ตำแหน่งอาจคลาดเคลื่อนมาก",
        "The camera noted a weak signal: its position may be far off.",
    ),
    "position_void": Sentence(
        "กล้องระบุไว้เองว่าพิกัดนี้ใช้ไม่ได้",
        "The camera itself marked its position as not valid.",
    ),
    "position_stale": Sentence(
        "ตำแหน่งดาวเทียมในไฟล์เป็นของวันอื่น ไม่ใช่วันที่ถ่ายภาพ",
        "The satellites' position in the file is from another day than the picture.",
    ),
    "position_noted": Sentence(
        "พิกัดในไฟล์มาจากโปรแกรม (XMP) ไม่ใช่จากกล้อง ใครเป็นผู้ใส่",
        "The place in the file was noted by a program (XMP), not by the camera. Who put it there?",
    ),
    # --- time --------------------------------------------------------------------------
    "time_other_day": Sentence(
        "ภาพถ่ายเมื่อ {taken} แต่รายการเป็นของวันที่ {record} ห่างกัน {days} วัน วันใดถูกต้อง",
        "The photo was taken on {taken}, its record is of {record}: {days} days apart. "
        "Which day is right?",
    ),
    "time_future": Sentence(
        "เวลาที่ถ่าย ({taken}) อยู่หลังเวลาที่ระบบได้รับภาพ ({received}) นาฬิกาของเครื่องถูกต้องหรือไม่",
        "It is said to be taken at {taken}, after it was received ({received}). "
        "Was the clock right?",
    ),
    "time_bracket": Sentence(
        "โทรศัพท์บอกว่าถ่ายเมื่อ {taken} แต่ลายเซ็นแสดงว่าถ่ายระหว่าง {not_before} ถึง {not_after} "
        "นาฬิกาของเครื่องถูกต้องหรือไม่",
        "The phone says {taken}, its signature says between {not_before} and {not_after}. "
        "Was the phone's clock right?",
    ),
    "time_bracket_wide": Sentence(
        "เวลาที่ยืนยันได้จากลายเซ็นกว้าง {days} วัน (ระหว่าง {not_before} ถึง {not_after}) "
        "เพราะโทรศัพท์ไม่ได้ต่ออินเทอร์เน็ตนาน",
        "The signature proves the time only to within {days} days (between {not_before} and "
        "{not_after}): the phone was long without a network.",
    ),
    "time_clock_fast": Sentence(
        "นาฬิกาของโทรศัพท์เดินเร็วไป {skew}",
        "The phone's clock was {skew} fast.",
    ),
    "time_clock_slow": Sentence(
        "นาฬิกาของโทรศัพท์เดินช้าไป {skew}",
        "The phone's clock was {skew} slow.",
    ),
    "time_none": Sentence(
        "ไฟล์ไม่บอกว่าถ่ายเมื่อใด ถ่ายวันใด",
        "The file does not say when the photo was taken. On which day was it?",
    ),
    "time_invalid": Sentence(
        "เวลาในไฟล์ไม่มีอยู่จริง ถ่ายวันใด",
        "The time in the file is not a time that exists. On which day was the photo taken?",
    ),
    "time_unset": Sentence(
        "กล้องไม่ได้ตั้งนาฬิกา จึงไม่รู้ว่าถ่ายเมื่อใด ถ่ายวันใด",
        "The camera's clock was not set. On which day was the photo taken?",
    ),
    "time_satellites": Sentence(
        "นาฬิกากล้องกับเวลาดาวเทียมในไฟล์ไม่ตรงกัน เวลาใดถูกต้อง",
        "The camera's clock and the satellites' time in the file differ. Which one is right?",
    ),
    # --- reuse -------------------------------------------------------------------------
    "reuse_bytes": Sentence(
        "ไฟล์เดียวกันนี้เคยส่งมาแล้ว {where} {copies}{struck_out}ใช้ภาพเดิมซ้ำด้วยเหตุใด",
        "Exactly this file was sent before: {where}. {copies}{struck_out}Why is it used again?",
    ),
    "reuse_picture": Sentence(
        "ภาพเดียวกันนี้เคยส่งมาแล้ว {where} {how}{copies}{struck_out}เป็นภาพเดิมหรือไม่",
        "The same picture was sent before: {where}. {how}{copies}{struck_out}Is it the same photo?",
    ),
    "reuse_twice": Sentence(
        "ภาพนี้อยู่ในรายการนี้แล้ว อาจเป็นการส่งซ้ำ",
        "This picture is in this record already; it may have been sent twice.",
    ),
    # --- source ------------------------------------------------------------------------
    "source_stripped": Sentence(
        "ไฟล์ไม่มีข้อมูลเวลาและสถานที่ แอปแชตมักตัดออก มีไฟล์ต้นฉบับจากกล้องหรือไม่",
        "The file does not say when or where it was taken; chat apps remove that. "
        "Is there an original from the camera?",
    ),
    "source_not_fresh": Sentence(
        "แอประบุว่าถ่ายเมื่อ {captured} แต่ในไฟล์บอกว่า {taken} ภาพนี้ถ่ายด้วยแอปหรือไม่",
        "The app says it was taken at {captured}, the file says {taken}. "
        "Was it taken with the app?",
    ),
    "source_signature": Sentence(
        "ลายเซ็นของโทรศัพท์ไม่ตรงกับภาพนี้ จึงยืนยันเวลาและเครื่องที่ถ่ายไม่ได้",
        "The phone's signature does not fit this photo, so it proves neither time nor phone.",
    ),
    # --- quality -----------------------------------------------------------------------
    "quality_blurred": Sentence(
        "ภาพไม่ชัด มีภาพที่ชัดกว่านี้หรือไม่",
        "The picture is blurred. Is there a sharper one?",
    ),
    "quality_dark": Sentence(
        "ภาพมืดมาก มีภาพที่สว่างกว่านี้หรือไม่",
        "The picture is very dark. Is there a brighter one?",
    ),
    "quality_blown": Sentence(
        "ภาพสว่างจ้าจนมองไม่เห็นรายละเอียด มีภาพอื่นหรือไม่",
        "The picture is too bright to show details. Is there another one?",
    ),
    "quality_flat": Sentence(
        "ภาพแทบไม่มีรายละเอียด อาจถ่ายโดยไม่ตั้งใจ",
        "The picture shows next to nothing; it may have been taken by accident.",
    ),
    "quality_screenshot": Sentence(
        "ดูเหมือนภาพหน้าจอ ไม่ใช่ภาพจากกล้อง มีภาพต้นฉบับหรือไม่",
        "This looks like a screenshot, not a photo from a camera. Is there an original?",
    ),
    "quality_small": Sentence(
        "ภาพเล็กมาก ({width} × {height} จุด) มีภาพขนาดเต็มหรือไม่",
        "The picture is very small ({width} × {height} pixels). Is there one in full size?",
    ),
    # --- file --------------------------------------------------------------------------
    "file_damaged": Sentence(
        "อ่านข้อมูลที่ฝังในไฟล์ได้ไม่ครบ",
        "Part of what the file says about itself could not be read.",
    ),
    "file_conflict": Sentence(
        "ไฟล์ระบุเวลาหรือสถานที่ของภาพเดียวกันไว้สองแบบไม่ตรงกัน ภาพนี้ผ่านการแก้ไขมาหรือไม่",
        "The file names two different times or places for this picture. Was it edited?",
    ),
    "file_unreadable": Sentence(
        "เปิดภาพนี้ไม่ได้ ไฟล์ต้นฉบับยังเก็บไว้ ส่งภาพนี้ใหม่อีกครั้งได้หรือไม่",
        "The picture could not be opened; its file is kept. Can it be sent again?",
    ),
}

_WITNESSES = {
    "device": Sentence("โทรศัพท์", "the phone"),
    "file": Sentence("ไฟล์ภาพ", "the file"),
}


def words(draft: Draft) -> Sentence:
    """The finding's sentence in both languages."""
    return _filled(draft, outside=False)


def words_outside(draft: Draft) -> Sentence | None:
    """The sentence for readers who may not see the other photo: no name, only its day.

    None where the sentence names no other photo.
    """
    return _filled(draft, outside=True) if draft.kind == "reuse" else None


def _filled(draft: Draft, *, outside: bool) -> Sentence:
    wanted = SENTENCES[draft.code]
    th, en = (
        " ".join(wanted.in_(language).format_map(_figures(draft, language, outside)).split())
        for language in ("th", "en")
    )
    return Sentence(th, en)


def _figures(draft: Draft, language: Language, outside: bool) -> Mapping[str, Any]:
    """The facts as a reader wants them: `taken_at` becomes `taken`, a date with its hour."""
    found: dict[str, Any] = dict(draft.facts)
    for name, value in draft.facts.items():
        if name.endswith("_at"):
            found[name.removesuffix("_at")] = figures.moment(value, language)
        elif name.endswith("_day") and isinstance(value, str):
            found[name.removesuffix("_day")] = figures.day(value, language)
        elif name.endswith("_m"):
            found[name.removesuffix("_m")] = figures.distance(value, language)
        elif name.endswith("_min"):
            found[name.removesuffix("_min")] = figures.span(value, language)
    if by := draft.facts.get("by"):
        found["by"] = _WITNESSES[by].in_(language)
    if draft.kind == "reuse":
        found |= reuse_figures(draft.facts, language, outside=outside)
    return found
