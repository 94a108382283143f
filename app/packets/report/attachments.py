"""Each form alone, as the annex that a district sends: attachments 6, 7 and 8."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.packets.frozen.content import Content, safe_code
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.blocks import signed
from app.packets.report.chapters import Block, Chapter, Document
from app.packets.report.cover import document
from app.packets.report.plan_form import plan_form
from app.packets.report.printed import quarter_name, thai_int, thai_text
from app.packets.report.progress_form import progress_form
from app.packets.report.result_form import result_form
from app.packets.report.territory import District, districts

TITLES = {
    "plan-6": (6, "แบบรายงานแผนการพัฒนาศักยภาพ"),
    "result-7": (7, "แบบรายงานผลการพัฒนาศักยภาพ"),
    "progress-8": (8, "แบบรายงานผลความก้าวหน้าการพัฒนา"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One form as a document of its own; `name` below data/, without an extension."""

    name: str
    document: Document


def attachments(
    content: Content, made: Sequence[PartMade], only: Collection[str] | None = None
) -> list[Attachment]:
    """The three forms of every district, complete with their heading lines.

    `only`: codes of some districts, and `made` the parts that checked these districts' documents.
    """
    return [
        Attachment(
            f"attachments/{safe_code(district.code)}/{form}",
            _document(content, district, form, body),
        )
        for district in districts(content)
        if only is None or district.code in only
        for form, body in (
            ("plan-6", plan_form(content, district)),
            ("result-7", result_form(content, district)),
            ("progress-8", progress_form(content, district, made)),
        )
    ]


def _document(content: Content, district: District, form: str, body: list[Block]) -> Document:
    number, title = TITLES[form]
    name = thai_text(district.name, 60)
    chapter: Chapter = {
        "title": f"{title}{phrases.CENTRE_KIND_LINES[0]}",
        "wide": True,
        "annex": f"สิ่งที่ส่งมาด้วย {thai_int(number)}",
        "under": [
            phrases.CENTRE_KIND_LINES[1],
            f"อำเภอ{name} จังหวัด{thai_text(content.scope.province_name, 60)}",
            quarter_name(content.quarter),
        ],
        "blocks": [*body, *signed(phrases.district_signers(name))],
    }
    return document(content, [chapter], title=f"{title} อำเภอ{name} {content.quarter}")
