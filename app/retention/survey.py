"""What is due: counted per class and district, with what is held back.  Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.retention.disposal import Disposal
from app.retention.ends import ALL

SAMPLE = 5  # ids shown of each kind
MOST_COUNTED = 2_000  # of each kind on a page: a missed night leaves millions


@dataclass(slots=True)
class DueIn:
    """How many of one kind are due in one district, and how many of them a hold keeps."""

    area_code: str
    due: int
    held: int


@dataclass(slots=True)
class Due:
    """What one night would do with one kind of record."""

    disposal: Disposal
    first_kept: date
    districts: list[DueIn] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)
    cut: bool = False  # there may be more than were counted

    @property
    def due(self) -> int:
        """How many would go."""
        return sum(each.due for each in self.districts)

    @property
    def held(self) -> int:
        """How many a hold keeps."""
        return sum(each.held for each in self.districts)


def survey(
    session: Session,
    today: date,
    disposals: Sequence[Disposal] = ALL,
    *,
    area: str = "",
    most: int | None = None,
) -> list[Due]:
    """What is due on `today`, kind by kind, in the areas under `area`.  Changes nothing.

    What one kind's end would make of another (a photo that is due twice) counts for both.  Of each
    kind `most` rows are counted, any of them; `cut` says where there may be more.
    """
    return [_due(session, today, disposal, area, most) for disposal in disposals]


def _due(session: Session, today: date, disposal: Disposal, area: str, most: int | None) -> Due:
    first_kept = disposal.of.over(today)
    every: Any = disposal.rows(first_kept).subquery()
    rows: Any = select(every).where(every.c.area_code.startswith(area)).limit(most).subquery()
    district = func.substr(rows.c.area_code, 1, 4)
    counted = session.execute(
        select(district, rows.c.held, func.count())
        .group_by(district, rows.c.held)
        .order_by(district)
    )
    found: dict[str, DueIn] = {}
    for code, held, n in counted:
        one = found.setdefault(code, DueIn(code, 0, 0))
        if held:
            one.held += n
        else:
            one.due += n
    sample = select(rows.c.id).where(~rows.c.held).order_by(rows.c.id).limit(SAMPLE)
    shown = [str(each) for each in session.scalars(sample)]
    due = Due(disposal, first_kept, list(found.values()), shown)
    due.cut = due.due + due.held == most
    return due
