"""A document of chapters as an editable DOCX: what the PDF says, in TH Sarabun New.

Photos stay in the PDF; their captions and lines are here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm

from app.packets.report.chapters import Block, Chapter, Cover, Document, Pictures, in_digits
from app.packets.report.docx_package import save
from app.packets.report.docx_styles import LANGUAGE, set_styles
from app.packets.report.docx_tables import data_table, fact_table, signature_table
from app.packets.report.docx_text import element, field, paragraph, run, xml_text

SHORT_CM, LONG_CM = 21.0, 29.7
LEFT_CM, RIGHT_CM, TOP_CM, BOTTOM_CM = 3.0, 2.0, 2.5, 2.0
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def write_docx(document: Document, target: Path, *, created: datetime = UNDATED) -> None:
    """Write `document` to `target`; the same document gives the same bytes.

    `created` is the only date inside.

    Raises:
        OSError: the file cannot be written.
    """
    whole: Document = in_digits(document, document["digits"])
    made = docx.Document()
    set_styles(made)
    _set_properties(made, whole, created)
    body = made.element.body
    last = body.sectPr
    pages = _pages(whole)
    for number, (wide, elements) in enumerate(pages):
        for each in elements:
            last.addprevious(each)
        section = made.sections[-1]
        _set_page(section, wide, whole, first=number == 0)
        if number + 1 < len(pages):
            made.add_section()
            last = body.sectPr
    save(made, target)


def _set_properties(made: Docx, document: Document, created: datetime) -> None:
    core = made.core_properties
    core.title = xml_text(document["title"])[:255]
    core.author = core.last_modified_by = xml_text(document["author"])[:255]
    core.created = core.modified = created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.language, core.revision = LANGUAGE, 1
    core.comments = core.keywords = core.subject = core.category = ""


def _pages(document: Document) -> list[tuple[bool, list[Any]]]:
    """What lies on pages of one direction, chapter by chapter."""
    pages = []
    if document["cover"]:
        pages.append((False, _cover(document["cover"])))
    pages += [(chapter["wide"], _chapter(chapter)) for chapter in document["chapters"]]
    return pages or [(False, [paragraph("", "Normal")])]


def _cover(cover: Cover) -> list[Any]:
    lines = [cover["kind"], *cover["subject"], cover["quarter"], cover["period"],
             cover["scope"], cover["office"]]  # fmt: skip
    width = SHORT_CM - LEFT_CM - RIGHT_CM
    return [
        *(paragraph(line, "LakthanLine") for line in lines),
        fact_table(cover["facts"], width),
        paragraph(cover.get("qr", ""), "LakthanSign"),
    ]


def _chapter(chapter: Chapter) -> list[Any]:
    width = (LONG_CM if chapter["wide"] else SHORT_CM) - LEFT_CM - RIGHT_CM
    found = []
    annex = chapter.get("annex", "")
    if annex:
        found.append(paragraph(annex, "LakthanAnnex"))
    if not chapter.get("goes_on"):
        found.append(paragraph(chapter["title"], "Heading1", align="center" if annex else ""))
    found += [paragraph(line, "LakthanLine") for line in chapter.get("under", [])]
    for block in chapter["blocks"]:
        found += _block(block, width)
    return found


def _block(block: Block, width_cm: float) -> list[Any]:
    found: list[Any] = []
    match block["kind"]:
        case "text":
            found = [paragraph(each, "LakthanBody") for each in block["paragraphs"]]
        case "heading":
            found = [paragraph(block["text"], f"Heading{block['level']}")]
        case "table":
            caption = block["table"]["caption"]
            head = [paragraph(caption, "LakthanCaption")] if caption else []
            found = [*head, data_table(block["table"], width_cm), paragraph("", "LakthanCell")]
        case "facts":
            found = [fact_table(block["rows"], width_cm), paragraph("", "LakthanCell")]
        case "signatures" if block["roles"]:
            places = signature_table(block["roles"], width_cm)
            found = [paragraph("", "LakthanLine"), places, paragraph("", "LakthanCell")]
        case "qr":
            found = [paragraph(each, "Normal") for each in (block["data"], *block["lines"])]
        case "pictures":
            found = _pictures(block)
    return found


def _pictures(block: Pictures) -> list[Any]:
    return [
        made
        for item in block["items"]
        for made in (
            paragraph(item["title"], "LakthanCaption"),
            *(paragraph(line, "LakthanCell") for line in item["lines"]),
        )
    ]


def _set_page(section: Section, wide: bool, document: Document, *, first: bool) -> None:
    section.page_width = Cm(LONG_CM if wide else SHORT_CM)
    section.page_height = Cm(SHORT_CM if wide else LONG_CM)
    size = section._sectPr.find(qn("w:pgSz"))
    if size is not None:
        size.set(qn("w:orient"), "landscape" if wide else "portrait")
    section.left_margin, section.right_margin = Cm(LEFT_CM), Cm(RIGHT_CM)
    section.top_margin, section.bottom_margin = Cm(TOP_CM), Cm(BOTTOM_CM)
    section.header_distance = section.footer_distance = Cm(1.0)
    # The number is the page's; which digits it has is the section's business.
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    digits = "thaiNumbers" if document["digits"] == "thai" else "decimal"
    numbers = element("pgNumType", fmt=digits)
    section._sectPr.insert_element_before(
        numbers, "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection",
        "w:bidi", "w:rtlGutter", "w:docGrid",
    )  # fmt: skip
    section.different_first_page_header_footer = first  # the first page bears no number
    if first:
        _set_edges(section, document)


def _set_edges(section: Section, document: Document) -> None:
    """Number at the top from the second page on; whose document it is at the bottom."""
    top = paragraph("", "LakthanEdge")
    for each in (run("- "), *field("PAGE"), run(" -")):
        top.append(each)
    _replace(section.header, top)
    words = "  ".join(filter(None, (document["header"], document["watermark"])))
    _replace(section.footer, paragraph(words, "LakthanFoot"))
    _replace(section.first_page_footer, paragraph(words, "LakthanFoot"))
    _replace(section.first_page_header, paragraph("", "LakthanEdge"))


def _replace(edge: Any, words: Any) -> None:
    edge.is_linked_to_previous = False
    for old in list(edge._element):
        edge._element.remove(old)
    edge._element.append(words)
