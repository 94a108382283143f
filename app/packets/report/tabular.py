"""Tables of strings, as the report's template takes them.

A table is {caption, columns: [{label, width, align}], groups: [{heading, rows}], total}.
"""

from __future__ import annotations

from typing import Any

from app.packets.frozen.content import CentreItem
from app.packets.report import phrases
from app.packets.report.printed import printable, thai_text

Table = dict[str, Any]


def column(label: str, width: str, align: str = "left") -> dict[str, str]:
    """One column: width in Typst's units (`1fr`, `2.2cm`)."""
    return {"label": label, "width": width, "align": align}


def table(
    caption: str,
    columns: list[dict[str, str]],
    groups: list[dict[str, Any]],
    total: list[str] | None = None,
) -> Table:
    """One table; rows under a heading when the group has one."""
    return {"caption": caption, "columns": columns, "groups": groups, "total": total or []}


def rows_of(rows: list[list[str]]) -> list[dict[str, Any]]:
    """A single group without a heading."""
    return [{"heading": "", "rows": rows}]


def centre_heading(centre: CentreItem) -> str:
    """Name, code and place of a centre, above its rows or photos."""
    where = thai_text(phrases.place(centre, district=True), 120)
    return f"{thai_text(centre.name, 80)} ({printable(centre.code)}) {where}"
