"""Bangkok days in SQL: of an instant's column, and the instant at which a day starts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.shared.clock import day_starts_at


class day_of(FunctionElement[date]):  # noqa: N801 - it reads as the function it is
    """The Bangkok day of a column of instants."""

    type = Date()
    inherit_cache = True


@compiles(day_of, "sqlite")
def _sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"date({compiler.process(element.clauses, **words)}, '+7 hours')"


@compiles(day_of, "postgresql")
def _postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **words)} AT TIME ZONE 'Asia/Bangkok' AS date)"


def starts(day: date) -> datetime:
    """The instant at which a Bangkok day starts, to compare columns of instants with."""
    return day_starts_at(day)
