"""What a table of the packet is: a name, typed columns, and rows that are made while written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Cell = str | int | float | date | None
Row = Sequence[Cell]
Kind = Literal["text", "number", "day"]
DAY_IN_CSV = "ค.ศ.-เดือน-วัน"  # a CSV's days are for machines: 2024-02-13


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and what stands in it."""

    title: str
    width: int = 14
    kind: Kind = "text"

    @property
    def csv_title(self) -> str:
        """The heading in the CSV, which says how its days are written."""
        return f"{self.title} ({DAY_IN_CSV})" if self.kind == "day" else self.title


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its file name, its title (31 characters at most), its columns and rows."""

    stem: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]


def text(title: str, width: int = 14) -> Column:
    """A column of words."""
    return Column(title, width, "text")


def number(title: str, width: int = 10) -> Column:
    """A column to add up."""
    return Column(title, width, "number")


def day(title: str, width: int = 18) -> Column:
    """A column of days: true dates, shown as the Thai calendar writes them."""
    return Column(title, width, "day")
