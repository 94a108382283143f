"""Tables of a DOCX: fixed columns, a header that each page repeats, merged group rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.packets.report.docx_text import element, line_break, paragraph, run
from app.packets.report.tabular import Table

TWIPS_A_CM = 567
DARK, LIGHT, MIDDLE = "DFDFDF", "F5F5F5", "EFEFEF"  # header, group, sum
FACT_LABEL_CM = 4.6
DOTS = "." * 34


def data_table(table: Table, width_cm: float) -> Any:
    """A table of chapters as an element; every string of it as text."""
    columns = table["columns"]
    widths = column_widths([column["width"] for column in columns], width_cm)
    aligns = [column["align"] for column in columns]
    made = _table(widths)
    labels = [column["label"] for column in columns]
    made.append(_row(labels, widths, ["center"] * len(labels), "LakthanHead", DARK, head=True))
    for group in table["groups"]:
        if group["heading"]:
            made.append(_group(group["heading"], widths))
        for row in group["rows"]:
            made.append(_row(row, widths, aligns, "LakthanCell", "", whole=not table.get("tall")))
    if table["total"]:
        made.append(_row(table["total"], widths, aligns, "LakthanSum", MIDDLE))
    return made


def fact_table(rows: Sequence[Sequence[str]], width_cm: float) -> Any:
    """Label and value in two columns."""
    widths = column_widths([f"{FACT_LABEL_CM}cm", "1fr"], width_cm)
    made = _table(widths)
    for label, value in rows:
        line = element("tr")
        line.append(_cell(label, widths[0], "left", "LakthanSum", LIGHT))
        line.append(_cell(value, widths[1], "left", "LakthanCell", ""))
        made.append(line)
    return made


def signature_table(roles: Sequence[str], width_cm: float) -> Any:
    """Places to sign, three to a row, without lines around them."""
    many = min(len(roles), 3)
    widths = column_widths(["1fr"] * many, width_cm)
    made = _table(widths, lines=False)
    for start in range(0, len(roles), many):
        line = element("tr")
        look = element("trPr")
        look.append(element("cantSplit"))
        line.append(look)
        for role, width in zip(roles[start : start + many], widths, strict=False):
            line.append(_signature(role, width))
        made.append(line)
    return made


def column_widths(given: Sequence[str], width_cm: float) -> list[int]:
    """Widths in twips of Typst's `2.2cm` and `1.5fr`; the shares divide what is left."""
    fixed = {n: float(each[:-2]) for n, each in enumerate(given) if each.endswith("cm")}
    shares = {
        n: float(each[:-2]) if each.endswith("fr") else 1.0
        for n, each in enumerate(given)
        if n not in fixed
    }
    left = max(width_cm - sum(fixed.values()), len(shares) * 1.0)
    unit = left / sum(shares.values()) if shares else 0.0
    found = [fixed[n] if n in fixed else shares[n] * unit for n in range(len(given))]
    return [round(each * TWIPS_A_CM) for each in found]


def _table(widths: Sequence[int], *, lines: bool = True) -> Any:
    made, look = element("tbl"), element("tblPr")
    look.append(element("tblW", w=str(sum(widths)), type="dxa"))
    if lines:
        borders = element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(side, val="single", sz="4", space="0", color="000000"))
        look.append(borders)
    look.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w="70", type="dxa"))
    look.append(margins)
    made.append(look)
    grid = element("tblGrid")
    for width in widths:
        grid.append(element("gridCol", w=str(width)))
    made.append(grid)
    return made


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    aligns: Sequence[str],
    style: str,
    shade: str,
    *,
    head: bool = False,
    whole: bool = True,
) -> Any:
    made, look = element("tr"), element("trPr")
    if whole:
        look.append(element("cantSplit"))
    if head:
        look.append(element("tblHeader"))
    made.append(look)
    for text, width, align in zip(cells, widths, aligns, strict=True):
        made.append(_cell(text, width, align, style, shade))
    return made


def _group(words: str, widths: Sequence[int]) -> Any:
    made, look = element("tr"), element("trPr")
    look.append(element("cantSplit"))
    made.append(look)
    cell = _cell(words, sum(widths), "left", "LakthanSum", LIGHT, span=len(widths))
    cell.findall(f"{{{cell.nsmap['w']}}}p")[0][0].insert(1, element("keepNext"))
    made.append(cell)
    return made


def _cell(text: str, width: int, align: str, style: str, shade: str, *, span: int = 1) -> Any:
    made, look = element("tc"), element("tcPr")
    look.append(element("tcW", w=str(width), type="dxa"))
    if span > 1:
        look.append(element("gridSpan", val=str(span)))
    if shade:
        look.append(element("shd", val="clear", color="auto", fill=shade))
    look.append(element("vAlign", val="center" if style == "LakthanHead" else "top"))
    made.append(look)
    made.append(paragraph(text, style, align=align))
    return made


def _signature(role: str, width: int) -> Any:
    made, look = element("tc"), element("tcPr")
    look.append(element("tcW", w=str(width), type="dxa"))
    made.append(look)
    lines = (f"ลงชื่อ {DOTS}", f"( {DOTS} )", role, f"วันที่ {DOTS}")
    words = paragraph("", "LakthanSign")
    for number, line in enumerate(lines):
        if number:
            words.append(line_break())
        words.append(run(line))
    made.append(words)
    return made
