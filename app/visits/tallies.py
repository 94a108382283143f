"""Tallies: what the visitor book adds up to, by centre, month and kind; the database keeps it.

Five million entries cannot be added up while somebody waits.  A trigger writes each entry's
difference as a row of its own, so that two writers never wait for one another; `fold` joins rows
from time to time.  Whoever reads adds up what is there: the sum is exact in the very transaction.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    delete,
    event,
    false,
    func,
    insert,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.shared.db import Model
from app.shared.dialects import is_postgresql
from app.visits import tally_triggers, word_index
from app.visits.models import Visit

COUNTS = ("visits", "people", "male", "female", "other", "children")
MOST_AT_ONCE = 2_000  # rows that one fold looks at: a busy province writes fewer in ten seconds


class VisitTally(Model):
    """A part of the sum for one centre, month and kind; may be negative, together they are not."""

    __tablename__ = "visit_tally"
    __table_args__ = (
        Index("ix_visit_tally_sum", "month", "centre_id", "kind"),
        Index(
            "ix_visit_tally_fresh", "id",
            sqlite_where=text("folded = 0"), postgresql_where=text("NOT folded"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("centre.id"))
    month: Mapped[date]  # its first day
    kind: Mapped[str] = mapped_column(String(40))
    visits: Mapped[int]
    people: Mapped[int]
    male: Mapped[int]
    female: Mapped[int]
    other: Mapped[int]
    children: Mapped[int]
    folded: Mapped[bool] = mapped_column(server_default=false())


for dialect, statements in tally_triggers.MAKE.items():
    for statement in statements:
        # `%` has a meaning of its own in DDL, which these statements do not use.
        event.listen(Visit.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))


words = DDL(word_index.MAKE).execute_if(dialect="postgresql")
event.listen(Visit.__table__, "after_create", words)


def fold(session: Session) -> int:
    """Join rows that were written since the last time with the sum they belong to.

    Returns how many fresh rows were looked at.  Harmless at any time and twice at once: rows that
    another fold holds are left to it, and what is written meanwhile stays for the next.
    """
    fresh = session.execute(
        select(VisitTally.id, *_GROUP)
        .where(VisitTally.folded == false())
        .order_by(VisitTally.id)
        .limit(MOST_AT_ONCE)
    ).all()
    if not fresh:
        return 0
    groups = sorted({row[1:] for row in fresh}, key=str)
    parts = session.execute(
        select(VisitTally.id, *_GROUP, *(getattr(VisitTally, name) for name in COUNTS))
        .where(tuple_(*_GROUP).in_(groups))
        .order_by(VisitTally.id)
        .with_for_update(skip_locked=True)
    ).all()
    sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for part in parts:
        key, counts = tuple(part[1:4]), part[4:]
        sums[key] = [a + b for a, b in zip(sums[key], counts, strict=True)]
    session.execute(delete(VisitTally).where(VisitTally.id.in_([part.id for part in parts])))
    if rows := [_row(key, counts) for key, counts in sums.items() if any(counts)]:
        session.execute(insert(VisitTally), rows)
    return len(fresh)


def rebuild(session: Session) -> None:
    """Count the whole visitor book anew.  Writers wait for it."""
    if is_postgresql(session):
        session.execute(text("LOCK TABLE visit IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(VisitTally))
    session.execute(text(tally_triggers.FILL[session.get_bind().dialect.name]))


def first_wrong(session: Session) -> tuple[UUID, date] | None:
    """A centre and month whose tally is not what its visits add up to, or None: all is right."""
    month = VisitTally.month
    told = select(
        VisitTally.centre_id, month, func.sum(VisitTally.visits), func.sum(VisitTally.people)
    ).group_by(VisitTally.centre_id, month)
    kept = {(c, m): (v, p) for c, m, v, p in session.execute(told) if v or p}
    counted: dict[tuple[UUID, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    days = (
        select(Visit.centre_id, Visit.visit_date, func.count(), func.sum(Visit.n_total))
        .where(Visit.deleted_at.is_(None))
        .group_by(Visit.centre_id, Visit.visit_date)
    )
    for centre_id, day, visits, people in session.execute(days):
        key = (centre_id, day.replace(day=1))
        before = counted[key]
        counted[key] = (before[0] + visits, before[1] + people)
    wrong = [key for key in kept.keys() | counted.keys() if kept.get(key) != counted.get(key)]
    return min(wrong, key=str, default=None)


def _row(key: tuple[object, ...], counts: list[int]) -> dict[str, object]:
    names = (*(column.key for column in _GROUP), *COUNTS)
    return dict(zip(names, (*key, *counts), strict=True)) | {"folded": True}


_GROUP = (VisitTally.centre_id, VisitTally.month, VisitTally.kind)
