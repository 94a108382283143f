"""The front of the report: the summary with the board, and the forms that the letter asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.packets.frozen.content import Content
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.blocks import (
    BELOW,
    DISTRICT,
    chapter,
    going_on,
    heading,
    numbered,
    signed,
    tables,
    text,
)
from app.packets.report.board_table import board
from app.packets.report.chapters import Block, Chapter
from app.packets.report.network import network
from app.packets.report.plan_form import plan_form
from app.packets.report.printed import thai_text
from app.packets.report.progress import by_kind, by_sector
from app.packets.report.progress_form import progress_form
from app.packets.report.publicity import publicity
from app.packets.report.result_form import result_form
from app.packets.report.summary import summary
from app.packets.report.territory import District, districts

CENTRES_NUMBER = 7  # the centres' own pages follow the front
Form = Callable[[District], list[Block]]


def front_chapters(content: Content, made: Sequence[PartMade]) -> list[Chapter]:
    """Chapters 1 to 6: what stands between the contents and the centres' pages."""
    every = districts(content)
    return [
        chapter(
            numbered(1, "บทสรุป"),
            [text(*summary(content, made)), *tables(by_kind(content), by_sector(content))],
        ),
        going_on("บทสรุป", [heading(BELOW, "ตารางสถานะการส่งรายงาน"), *board(content)], wide=True),
        *_form(2, "แบบรายงานแผน (สิ่งที่ส่งมาด้วย ๖)", every, lambda each: plan_form(content, each)),
        *_form(3, "แบบรายงานผล (สิ่งที่ส่งมาด้วย ๗)", every, lambda each: result_form(content, each)),
        *_form(4, "แบบรายงานผลความก้าวหน้า (สิ่งที่ส่งมาด้วย ๘)", every,
               lambda each: progress_form(content, each, made)),
        chapter(numbered(5, "คำสั่งเครือข่ายศูนย์เรียนรู้ฯ"), network(content)),
        chapter(numbered(6, "การประชาสัมพันธ์"), publicity(content), wide=True),
    ]  # fmt: skip


def _form(number: int, title: str, every: Sequence[District], form: Form) -> list[Chapter]:
    """One form, district by district: each begins on a page of its own and is signed."""
    made = []
    for place, district in enumerate(every):
        blocks: list[Block] = [
            heading(DISTRICT, thai_text(district.title, 80)),
            *form(district),
            *signed(phrases.district_signers(thai_text(district.name, 60))),
        ]
        make = going_on if place else chapter
        made.append(make(numbered(number, title), blocks, wide=True))
    return made or [chapter(numbered(number, title), [text("ไม่มีอำเภอในชุดหลักฐานนี้")])]
