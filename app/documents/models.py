"""The documents' table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model, UtcDateTime, one_of
from app.shared.personal import personal

DocumentState = Literal["awaited", "received"]


class Document(Entry, Model):
    """One file with what it is.

    `subject_*`: the record it belongs to, if it is not the centre's or the district's own; it may
    come later than the document, so nothing enforces it.
    """

    __tablename__ = "document"
    __table_args__ = (
        one_of("state", ("awaited", "received"), "state_known"),
        CheckConstraint("length(file_sha256) = 64", name="file_sha256_length"),
        CheckConstraint("file_bytes > 0", name="file_bytes_positive"),
        CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="subject_whole"),
        Index("ix_document_subject", "subject_id"),
        *entry_args("document", "dated_on"),
    )

    dated_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), info=personal("document", of="named"))
    note: Mapped[str | None] = mapped_column(Text, info=personal("document", of="named"))
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[UUID | None]
    file_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("document", of="named")
    )
    file_sha256: Mapped[str] = mapped_column(
        String(64), index=True, info=personal("document", of="named")
    )
    file_bytes: Mapped[int]
    file_type: Mapped[str] = mapped_column(String(100))  # as told
    state: Mapped[DocumentState] = mapped_column(String(8), default="awaited")
    file_received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its file is gone
