"""Styles of a DOCX: TH Sarabun New at official sizes, for Thai and Latin letters alike.

Word takes Thai from the complex-script properties (`w:cs`, `w:szCs`, `w:bCs`) and Latin from the
others, so each style says both; a theme's fonts would win over either and are taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as Docx
from docx.oxml.ns import qn

from app.packets.report.docx_text import BLACK, element

FONT = "TH Sarabun New"
LANGUAGE = "th-TH"
BODY_PT, TABLE_PT = 16, 14


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style.  Spaces in points, the first line's indent in centimetres."""

    id: str
    name: str
    size_pt: float
    bold: bool = False
    align: str = "left"
    before_pt: float = 0
    after_pt: float = 0
    indent_cm: float = 0
    with_next: bool = False
    outline: int | None = None  # 0 to 2 for headings


LOOKS = (
    Look("Normal", "Normal", BODY_PT),
    Look("LakthanBody", "Lakthan Body", BODY_PT, align="thaiDistribute", after_pt=4, indent_cm=1.5),
    Look("LakthanLine", "Lakthan Line", BODY_PT, bold=True, align="center", with_next=True),
    Look("LakthanAnnex", "Lakthan Annex", BODY_PT, bold=True, align="right", with_next=True),
    Look("LakthanCaption", "Lakthan Caption", BODY_PT, bold=True, before_pt=8, after_pt=2,
         with_next=True),
    Look("LakthanCell", "Lakthan Cell", TABLE_PT),
    Look("LakthanHead", "Lakthan Head", TABLE_PT, bold=True, align="center", with_next=True),
    Look("LakthanSum", "Lakthan Sum", TABLE_PT, bold=True),
    Look("LakthanSign", "Lakthan Sign", BODY_PT, align="center"),
    Look("LakthanEdge", "Lakthan Edge", TABLE_PT, align="center"),
    Look("LakthanFoot", "Lakthan Foot", 12),
    Look("Heading1", "heading 1", 18, bold=True, after_pt=4, with_next=True, outline=0),
    Look("Heading2", "heading 2", 17, bold=True, before_pt=8, with_next=True, outline=1),
    Look("Heading3", "heading 3", BODY_PT, bold=True, before_pt=6, with_next=True, outline=2),
)  # fmt: skip


def set_styles(docx: Docx) -> None:
    """Replace the template's defaults and write every style that a document uses."""
    root = docx.styles.element
    defaults = root.find(qn("w:docDefaults"))
    if defaults is not None:
        root.remove(defaults)
    for latent in root.findall(qn("w:latentStyles")):
        root.remove(latent)
    for style in root.findall(qn("w:style")):
        root.remove(style)
    root.insert(0, _defaults())
    for look in LOOKS:
        root.append(_style(look))
    theme = docx.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:  # the template's says Japanese
        theme.attrib.pop(qn("w:eastAsia"), None)
        theme.set(qn("w:bidi"), LANGUAGE)


def _defaults() -> Any:
    made, runs, kept = element("docDefaults"), element("rPrDefault"), element("rPr")
    kept.append(element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT))
    kept.append(element("color", val=BLACK))
    for name in ("sz", "szCs"):
        kept.append(element(name, val=str(BODY_PT * 2)))
    kept.append(element("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi=LANGUAGE))
    runs.append(kept)
    made.append(runs)
    paragraphs, look = element("pPrDefault"), element("pPr")
    look.append(element("spacing", before="0", after="0", line="240", lineRule="auto"))
    paragraphs.append(look)
    made.append(paragraphs)
    return made


def _style(look: Look) -> Any:
    made = element("style", type="paragraph", styleId=look.id)
    if look.id == "Normal":
        made.set(qn("w:default"), "1")
    made.append(element("name", val=look.name))
    if look.id != "Normal":
        made.append(element("basedOn", val="Normal"))
    made.append(element("qFormat"))
    made.append(_paragraph_look(look))
    made.append(_run_look(look))
    return made


def _paragraph_look(look: Look) -> Any:
    made = element("pPr")
    if look.with_next:
        made.append(element("keepNext"))
    spaces = {"before": str(round(look.before_pt * 20)), "after": str(round(look.after_pt * 20))}
    made.append(element("spacing", **spaces))
    if look.indent_cm:
        made.append(element("ind", firstLine=str(round(look.indent_cm * 567))))
    made.append(element("jc", val=look.align))
    if look.outline is not None:
        made.append(element("outlineLvl", val=str(look.outline)))
    return made


def _run_look(look: Look) -> Any:
    made = element("rPr")
    made.append(element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT))
    if look.bold:
        made.append(element("b"))
        made.append(element("bCs"))
    for name in ("sz", "szCs"):
        made.append(element(name, val=str(round(look.size_pt * 2))))
    return made
