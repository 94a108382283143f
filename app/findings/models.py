"""The findings' tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.personal import personal

FindingKind = Literal["position", "time", "reuse", "source", "quality", "file"]
Decision = Literal["settled", "doubtful"]
PairKind = Literal["same_bytes", "same_picture"]

KINDS: tuple[FindingKind, ...] = ("position", "time", "reuse", "source", "quality", "file")
DECISIONS: tuple[Decision, ...] = ("settled", "doubtful")
PAIR_KINDS: tuple[PairKind, ...] = ("same_bytes", "same_picture")
ANSWER_MAX = 500


class PhotoFinding(Model):
    """One question about one photo, as it was put.

    `about` names the other photo of a pair, else it is empty.  The words are kept as they stood
    (Thai and English), with the facts, the rules' `recipe` and the programme whose thresholds
    were applied, so that an old decision can be understood.  What is no longer found is
    withdrawn, not deleted; what was decided stays as decided.
    """

    __tablename__ = "photo_finding"
    __table_args__ = (
        UniqueConstraint("photo_id", "code", "about"),
        one_of("kind", KINDS, "kind_known"),
        one_of("decision", DECISIONS, "decision_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_whole"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_whole"),
        Index("ix_photo_finding_open", "decision", "withdrawn_at", "found_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"))
    kind: Mapped[FindingKind] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(36), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    recipe: Mapped[int]
    programme_version: Mapped[str] = mapped_column(String(60))
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    answer: Mapped[str | None] = mapped_column(
        String(ANSWER_MAX), info=personal("record", of="named")
    )
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    decision: Mapped[Decision | None] = mapped_column(String(10))
    decision_note: Mapped[str | None] = mapped_column(
        String(ANSWER_MAX), info=personal("record", of="named")
    )
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PhotoPair(Model):
    """Two photos that show the same picture; `earlier` is the one that was received first.

    `facts` say how the later was made from the earlier, as far as that can be told: see
    `app.prints.compare.Likeness`.
    """

    __tablename__ = "photo_pair"
    __table_args__ = (
        one_of("kind", PAIR_KINDS, "kind_known"),
        CheckConstraint("earlier_id <> later_id", name="two_photos"),
        Index("ix_photo_pair_later", "later_id"),
    )

    earlier_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    later_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    kind: Mapped[PairKind] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    recipe: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
