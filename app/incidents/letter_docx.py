"""The notification as an editable DOCX: TH Sarabun New 16 pt, official margins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Docx
from docx.shared import Cm

from app.incidents.letter import DOTS, Letter
from app.packets.report.docx import BOTTOM_CM, LEFT_CM, LONG_CM, RIGHT_CM, SHORT_CM, TOP_CM, UNDATED
from app.packets.report.docx_package import save
from app.packets.report.docx_styles import LANGUAGE, set_styles
from app.packets.report.docx_text import paragraph


def write_letter(letter: Letter, target: Path) -> None:
    """Write `letter` to `target`; the same letter gives the same bytes."""
    made = docx.Document()
    set_styles(made)
    core = made.core_properties
    core.title, core.author, core.comments = letter.title, "", ""
    core.language, core.created, core.modified = LANGUAGE, *2 * (UNDATED.replace(tzinfo=None),)
    _set_page(made)
    last = made.element.body.sectPr
    for each in _paragraphs(letter):
        last.addprevious(each)
    save(made, target)


def _paragraphs(letter: Letter) -> list[Any]:
    found = [
        paragraph(letter.title, "LakthanLine"),
        paragraph("", "Normal"),
        paragraph(letter.dated, "Normal"),
        paragraph("", "Normal"),
        paragraph(letter.to, "Normal"),
        paragraph("", "Normal"),
        paragraph(letter.opening, "LakthanBody"),
    ]
    for number, (label, lines) in enumerate(letter.points, start=1):
        found.append(paragraph(f"{number}. {label}", "Heading3"))
        found += [paragraph(line, "LakthanBody") for line in lines]
    found += [paragraph("", "Normal"), paragraph(letter.closing, "LakthanBody")]
    signs = (f"ลงชื่อ {DOTS}", f"( {DOTS} )", f"ตำแหน่ง {DOTS}", letter.signs)
    return [*found, paragraph("", "Normal"), *(paragraph(line, "LakthanSign") for line in signs)]


def _set_page(made: Docx) -> None:
    section = made.sections[-1]
    section.page_width, section.page_height = Cm(SHORT_CM), Cm(LONG_CM)
    section.left_margin, section.right_margin = Cm(LEFT_CM), Cm(RIGHT_CM)
    section.top_margin, section.bottom_margin = Cm(TOP_CM), Cm(BOTTOM_CM)
