"""Submissions: one unit's answers to rounds, with every edition, verdict and step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.centres.models import Centre
from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

SubmissionState = Literal["submitted", "returned", "accepted", "waived"]
STATES: tuple[SubmissionState, ...] = ("submitted", "returned", "accepted", "waived")
Verdict = Literal["ok", "return"]
Step = Literal["submitted", "returned", "accepted", "waived", "reopened"]


class Submission(Model):
    """One unit's answer to one occurrence of a round.  Before it is first sent there is no row: a
    draft is only a look at what was captured.  `late` is a fact about the first edition.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("programme", "occurrence", "unit_code", name="uq_submission_unit"),
        Index("ix_submission_quarter", "quarter", "district_code"),
        Index("ix_submission_queue", "state", "due_by", "id"),
        one_of("state", STATES, "state_known"),
        CheckConstraint("edition >= 0", name="edition_counts"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    programme: Mapped[str] = mapped_column(String(36))  # khok_nong_na_2567, without its version
    occurrence: Mapped[str] = mapped_column(String(40))  # plan, publicity_2024_02
    quarter: Mapped[str] = mapped_column(String(6))  # the one it counts for
    unit_code: Mapped[str] = mapped_column(String(20))  # a district's code, or a centre's
    district_code: Mapped[str] = mapped_column(String(4))
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    due_by: Mapped[date]  # as it stood when first sent
    state: Mapped[SubmissionState] = mapped_column(String(10))
    edition: Mapped[int]  # the newest; 0 of one that was waived unsent
    late: Mapped[bool]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the newest edition
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason_key: Mapped[str | None] = mapped_column(String(20))  # why waived
    reason: Mapped[str | None] = mapped_column(String(1000), info=personal("record", of="named"))
    version: Mapped[int] = mapped_column(default=1)  # two reviewers at once: one decides

    centre: Mapped[Centre | None] = relationship(lazy="raise")


class SubmissionEdition(Model):
    """What was sent, frozen: figures, and each item with id, version and hash.  Never changed."""

    __tablename__ = "submission_edition"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(
        JSON, info=personal("record", of="named")
    )  # app/review/assembly.py says how
    content_sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(1000), info=personal("record", of="named"))
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemVerdict(Model):
    """A reviewer's word on one item of a submission, in one version: in order, or to be mended."""

    __tablename__ = "item_verdict"
    __table_args__ = (one_of("verdict", ("ok", "return"), "verdict_known"),)

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    item_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_version: Mapped[int]
    edition: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(String(8))
    reason_key: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(1000), info=personal("record", of="named"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SubmissionStep(Model):
    """One step of a submission, in order: who did what, when, why."""

    __tablename__ = "submission_step"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[Step] = mapped_column(String(12))
    edition: Mapped[int]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_key: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(1000), info=personal("record", of="named"))
