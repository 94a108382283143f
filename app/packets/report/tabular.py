"""Tables of strings, as the report's template takes them.

A table is {caption, columns: [{label, width, align}], groups: [{heading, rows}], total, tall}.
`tall`: a cell may be higher than what is left of a page, so its row may break.
"""

from __future__ import annotations

from typing import Any

from app.packets.report.printed import thai_int

Table = dict[str, Any]
TALL = 360  # characters in one cell: 25 lines of a narrow column
BEGINNING = 120  # characters of such a text that stay in its cell


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
    tall = any(len(cell) > TALL for group in groups for row in group["rows"] for cell in row)
    return {
        "caption": caption,
        "columns": columns,
        "groups": groups,
        "total": total or [],
        "tall": tall,
    }


def with_notes(given: Table) -> tuple[Table, list[str]]:
    """The table with only the beginning of each long text, and the whole texts as notes below.

    2,000 characters in a column of two centimetres would be six pages of one column.
    """
    if not given["tall"]:
        return given, []
    notes: list[str] = []
    labels = [each["label"] for each in given["columns"]]

    def short(row: list[str], label: str, cell: str) -> str:
        if len(cell) <= TALL:
            return cell
        number = thai_int(len(notes) + 1)
        notes.append(f"หมายเหตุ {number} ({labels[0]} {row[0]} ช่อง{label}) {cell}")
        return f"{cell[:BEGINNING].rsplit(' ', 1)[0]}… (ต่อในหมายเหตุ {number})"

    groups = [
        {
            "heading": group["heading"],
            "rows": [
                [short(row, *pair) for pair in zip(labels, row, strict=True)]
                for row in group["rows"]
            ],
        }
        for group in given["groups"]
    ]
    return {**given, "groups": groups, "tall": False}, notes


def rows_of(rows: list[list[str]]) -> list[dict[str, Any]]:
    """A single group without a heading."""
    return [{"heading": "", "rows": rows}]
