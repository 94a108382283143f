"""The follow-ups' table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit.history import Revision
from app.centres.models import Centre
from app.shared.db import Model
from app.shared.personal import personal
from app.shared.record import Captured, captured_constraints
from app.visits.models import Visit


class Followup(Captured, Model):
    """One check on whether a visit's people use what they learned.  Deleted by a tombstone."""

    __tablename__ = "followup"
    __table_args__ = (
        CheckConstraint("n_used BETWEEN 0 AND n_followed", name="used_among_followed"),
        CheckConstraint("used IN ('used','starting','not_yet','unreachable')", name="used_known"),
        CheckConstraint("(used = 'unreachable') = (n_followed = 0)", name="reached_or_not"),
        CheckConstraint("baht_saved_month >= 0 AND baht_earned_month >= 0", name="baht_positive"),
        CheckConstraint("plot_rai >= 0", name="plot_positive"),
        CheckConstraint("passed_on_to >= 0", name="passed_on_positive"),
        Index("ix_followup_visit", "visit_id", "followed_on", "id"),
        Index("ix_followup_centre", "centre_id", "followed_on", "id"),
        # PostgreSQL counts a quarter's from the index alone.
        Index(
            "ix_followup_day", "followed_on", "id", postgresql_include=["centre_id", "deleted_at"]
        ),
        *captured_constraints(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the phone, offline
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("centre.id"))
    step_months: Mapped[int | None]  # which of the programme's steps this is, if any
    followed_on: Mapped[date]  # a Bangkok day
    method: Mapped[str] = mapped_column(String(40))
    used: Mapped[str] = mapped_column(String(12))
    topics: Mapped[list[str]] = mapped_column(JSON)
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    plot_rai: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    baht_saved_month: Mapped[int | None]  # told by the learner, not measured
    baht_earned_month: Mapped[int | None]
    passed_on_to: Mapped[int | None]  # people
    reason: Mapped[str | None] = mapped_column(Text, info=personal("visitor", of="visitor"))
    next_step: Mapped[str | None] = mapped_column(Text, info=personal("visitor", of="visitor"))
    next_due_on: Mapped[date | None]
    n_followed: Mapped[int]  # people this check speaks for
    n_used: Mapped[int]
    search_key: Mapped[str] = mapped_column(Text, info=personal("visitor", of="visitor"))
    deleted_reason: Mapped[str | None] = mapped_column(
        String(300), info=personal("record", of="named")
    )

    visit: Mapped[Visit] = relationship(lazy="raise")
    centre: Mapped[Centre] = relationship(lazy="raise")


class FollowupRevision(Revision, Model):
    """One version of a follow-up: who made it, when, and what changed (of remarks only that)."""

    __tablename__ = "followup_revision"

    followup_id: Mapped[UUID] = mapped_column(ForeignKey("followup.id"), primary_key=True)
