"""The visitor book's tables."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit.history import Revision
from app.centres.models import Centre
from app.shared.db import Model
from app.shared.personal import personal
from app.shared.record import Captured, captured_constraints


class Visit(Captured, Model):
    """One entry: who came, how many, what for.  Deleted by a tombstone, never removed."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("n_male >= 0 AND n_female >= 0 AND n_other >= 0", name="counts_positive"),
        CheckConstraint("n_total = n_male + n_female + n_other", name="total_is_the_sum"),
        CheckConstraint("n_total > 0", name="somebody_came"),
        CheckConstraint("n_child BETWEEN 0 AND n_total", name="children_among_them"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_range"),
        CheckConstraint(
            "consent_followup OR (phone IS NULL AND leader_name IS NULL)",
            name="no_contact_without_consent",
        ),
        CheckConstraint(
            "consent_followup OR next_followup_on IS NULL", name="no_followup_without_consent"
        ),
        Index("ix_visit_book", "centre_id", "visit_date", "id"),
        Index("ix_visit_day", "visit_date", "id"),
        # PostgreSQL counts who is due from the index alone.
        Index(
            "ix_visit_due", "next_followup_on", "id", postgresql_include=["centre_id", "deleted_at"]
        ),
        *captured_constraints(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the phone, offline
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("centre.id"))
    visit_date: Mapped[date]  # a Bangkok day
    time_in: Mapped[str | None] = mapped_column(String(5))  # HH:MM on a Thai clock
    time_out: Mapped[str | None] = mapped_column(String(5))
    kind: Mapped[str] = mapped_column(String(40))
    group_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("record", of="visitor")
    )
    sector: Mapped[str | None] = mapped_column(String(40))
    origin_subdistrict_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    origin_text: Mapped[str | None] = mapped_column(
        String(120), info=personal("record", of="visitor")
    )
    n_male: Mapped[int]
    n_female: Mapped[int]
    n_other: Mapped[int]
    n_child: Mapped[int]  # under 20 (PDPA section 20); counted among the three above
    n_total: Mapped[int]
    topics: Mapped[list[str]] = mapped_column(JSON)
    trainer: Mapped[str | None] = mapped_column(String(120), info=personal("record", of="trainer"))
    satisfaction: Mapped[int | None]
    suggestion: Mapped[str | None] = mapped_column(Text, info=personal("visitor", of="visitor"))
    consent_followup: Mapped[bool]
    consent_photo: Mapped[bool]
    leader_name: Mapped[str | None] = mapped_column(
        String(120), info=personal("visitor", of="visitor")
    )
    phone: Mapped[str | None] = mapped_column(String(24), info=personal("visitor", of="visitor"))
    search_key: Mapped[str] = mapped_column(Text, info=personal("visitor", of="visitor"))
    next_followup_on: Mapped[date | None]

    centre: Mapped[Centre] = relationship(lazy="raise")


class VisitRevision(Revision, Model):
    """One version of a visit: who made it, when, and what changed (no personal values)."""

    __tablename__ = "visit_revision"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
