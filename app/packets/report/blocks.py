"""Constructors of blocks and chapters, so that what a chapter says is not buried in braces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.packets.report.chapters import (
    Block,
    Chapter,
    Facts,
    Heading,
    Picture,
    Pictures,
    Qr,
    Signatures,
    TableBlock,
    Text,
)
from app.packets.report.printed import thai_int
from app.packets.report.tabular import Table, with_notes

DISTRICT, CENTRE, BELOW = 2, 2, 3  # levels of headings inside a chapter


def text(*paragraphs: str) -> Text:
    """Paragraphs; empty ones are left out."""
    return {"kind": "text", "paragraphs": [each for each in paragraphs if each]}


def heading(level: int, words: str) -> Heading:
    """A heading inside a chapter."""
    return {"kind": "heading", "level": level, "text": words}


def table_block(table: Table) -> TableBlock:
    """A table among other blocks."""
    return {"kind": "table", "table": table}


def tables(*found: Table) -> list[Block]:
    """Tables that have rows, each followed by its long texts in full width; others are left out."""
    made: list[Block] = []
    for each in found:
        if any(group["rows"] for group in each["groups"]):
            short, notes = with_notes(each)
            made.append(table_block(short))
            made += [text(*notes)] if notes else []
    return made


def facts(rows: Iterable[tuple[str, str]]) -> Facts:
    """Label and value; lines without a value are left out."""
    return {"kind": "facts", "rows": [[label, value] for label, value in rows if value]}


def signatures(roles: Sequence[str]) -> Signatures:
    """Places to sign."""
    return {"kind": "signatures", "roles": list(roles)}


def signed(roles: Sequence[str]) -> list[Block]:
    """What those who sign say, and their places; the sentence keeps them off an empty page."""
    return [text("ขอรับรองว่าข้อมูลในแบบรายงานนี้ถูกต้องตรงตามหลักฐานที่บันทึกไว้"), signatures(roles)]


def pictures(per_page: int, items: list[Picture]) -> Pictures:
    """Photos with what is said of them."""
    return {"kind": "pictures", "per_page": per_page, "items": items}


def qr(data: str, *lines: str) -> Qr:
    """A QR code; the lines stand beside it."""
    return {"kind": "qr", "data": data, "lines": list(lines)}


def chapter(title: str, blocks: Iterable[Block], *, wide: bool = False) -> Chapter:
    """A chapter with a heading of its own."""
    return {"title": title, "wide": wide, "blocks": list(blocks)}


def going_on(title: str, blocks: Iterable[Block], *, wide: bool = False) -> Chapter:
    """More of the chapter before, on pages of its own, without another heading."""
    return {"title": title, "wide": wide, "goes_on": True, "blocks": list(blocks)}


def numbered(number: int, title: str) -> str:
    """ส่วนที่ ๑ บทสรุป."""
    return f"ส่วนที่ {thai_int(number)} {title}"
