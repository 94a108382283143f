"""Tallies: what the visitor book adds up to, by centre, month and kind; the database keeps it.

Five million entries cannot be added up while somebody waits.  A trigger writes each entry's
difference as a row of its own, so that two writers never wait for one another; `fold` joins rows
from time to time.  Whoever reads adds up what is there: the sum is exact in the very transaction.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model


class VisitTally(Model):
    """A part of the sum for one centre, month and kind; may be negative, together they are not."""

    __tablename__ = "visit_tally"
    __table_args__ = (Index("ix_visit_tally_sum", "month", "centre_id", "kind"),)

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
