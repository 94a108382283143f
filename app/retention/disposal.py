"""What every class of data needs so that it can end: which rows are due, and what ends them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.keeping.classes import KeepingClass, keeping_class

Rows = Callable[[date], Select[*tuple[Any, ...]]]
End = Callable[[Session, Collection[Any], datetime], list[str]]


@dataclass(frozen=True, slots=True)
class Disposal:
    """One kind of record of one class.

    `rows(first_kept)` selects what is due, older than that day, with the columns `id`, `area_code`
    and `held`.  `end` destroys or blanks those of them it is given, flushes, and returns the keys
    of files to remove after the commit; what it has ended, `rows` no longer selects.
    """

    keeping: str
    kind: str
    rows: Rows
    end: End

    @property
    def key(self) -> str:
        """Names it among all."""
        return f"{self.keeping}:{self.kind}"

    @property
    def of(self) -> KeepingClass:
        """Its class."""
        return keeping_class(self.keeping)
