"""Paragraphs of a DOCX: what any text must go through, and how it is marked up."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

# Characters that XML 1.0 does not know; one of them and Word refuses the whole file.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BLACK = "000000"


def xml_text(text: str) -> str:
    """`text` without what XML cannot hold; line ends become spaces."""
    return _NOT_XML.sub("", text.replace("\r", " ").replace("\n", " ").replace("\t", " "))


def element(name: str, **attributes: str) -> Any:
    """An element of WordprocessingML: element("jc", val="center")."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def paragraph(text: str, style: str, *, align: str = "") -> Any:
    """A paragraph of one run in a paragraph style given by its id."""
    made = element("p")
    look = element("pPr")
    look.append(element("pStyle", val=style))
    if align:
        look.append(element("jc", val=align))
    made.append(look)
    if text:
        made.append(run(text))
    return made


def run(text: str) -> Any:
    """A run of plain text: no field, no link, whatever it says."""
    made, words = element("r"), element("t")
    words.text = xml_text(text)
    words.set(qn("xml:space"), "preserve")
    made.append(words)
    return made


def line_break() -> Any:
    """A run that ends a line."""
    made = element("r")
    made.append(element("br"))
    return made


def field(code: str) -> list[Any]:
    """A field as runs: PAGE, drawn again by whoever opens the file."""
    runs = []
    for kind, words in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        made = element("r")
        if kind == "shown":
            made = run(words)
        elif kind:
            made.append(element("fldChar", fldCharType=kind))
        else:
            told = element("instrText")
            told.text = f" {words} "
            told.set(qn("xml:space"), "preserve")
            made.append(told)
        runs.append(made)
    return runs
