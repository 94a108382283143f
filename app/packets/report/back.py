"""The back of the report: what is missing, what came late, the seals, and how to check it all."""

from __future__ import annotations

from collections.abc import Sequence

from app.packets.frozen.content import Content
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.blocks import BELOW, chapter, heading, numbered, qr, signatures, text
from app.packets.report.chapters import Block, Chapter
from app.packets.report.cover import check_address, list_code
from app.packets.report.front import CENTRES_NUMBER
from app.packets.report.gaps import gaps
from app.packets.report.late import late
from app.packets.report.seals import seals

CHECK_TEXT = (
    "ชุดหลักฐานนี้เป็นไฟล์ ZIP ตามมาตรฐาน BagIt ๑.๐ มีรายชื่อไฟล์พร้อมรหัสตรวจสอบ SHA-256 ของทุกไฟล์ "
    "(manifest-sha256.txt) และลายมือชื่อดิจิทัล (signature.json) "
    "ผู้ที่ได้รับไฟล์ตรวจสอบได้เองโดยไม่ต้องเชื่อมต่อกับระบบ",
    "วิธีตรวจสอบ: แตกไฟล์แล้วใช้คำสั่ง python3 verify.py ในโฟลเดอร์ที่ได้ หรือใช้โปรแกรมใดก็ได้ที่รองรับ BagIt "
    "หากมีไฟล์ใดถูกแก้ไข ขาดหาย หรือถูกเพิ่มเข้ามา โปรแกรมจะแจ้งชื่อไฟล์นั้น",
    "ชุดหลักฐานที่ออกแล้วจะไม่เปลี่ยนแปลง ข้อมูลที่ได้รับภายหลังจะอยู่ในฉบับถัดไป",
)


def back_chapters(content: Content, made: Sequence[PartMade]) -> list[Chapter]:
    """The chapters after the centres' pages."""
    number = CENTRES_NUMBER
    return [
        chapter(numbered(number + 1, "รายการที่ไม่ครบถ้วน"), gaps(content, made)),
        chapter(numbered(number + 2, "รายการที่ได้รับภายหลังและการเปลี่ยนแปลง"), late(content)),
        chapter(
            numbered(number + 3, "การปิดรอบ การตรวจสอบ และการลงนาม"),
            [*seals(content), *_check(content), signatures(phrases.signers(content.scope))],
        ),
    ]


def _check(content: Content) -> list[Block]:
    where = "สแกนเพื่อตรวจสอบกับระบบ" if content.site else "รหัสของบัญชีรายการ สำหรับเทียบกับทะเบียน"
    return [
        heading(BELOW, "การตรวจสอบชุดหลักฐาน"),
        text(*CHECK_TEXT),
        qr(
            check_address(content),
            where,
            f"ชื่อชุดหลักฐาน {content.identifier}",
            f"รหัสตรวจสอบรายการ {list_code(content)}",
            content.list_sha256[:32],
            content.list_sha256[32:],
        ),
    ]
