"""Receipt codes and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

RequestKind = Literal["access", "correct", "withdraw", "forget", "object", "restrict", "other"]
REQUEST_KINDS: tuple[RequestKind, ...] = get_args(RequestKind)
RequestState = Literal["open", "done", "refused"]
REQUEST_STATES: tuple[RequestState, ...] = get_args(RequestState)
Via = Literal["code", "paper", "telephone", "in_person", "other"]
VIAS: tuple[Via, ...] = get_args(Via)


class ReceiptCode(Model):
    """A code with which the person in a visit can see and change what is held of them.

    Only its keyed SHA-256 is kept.  Made by the phone, offline, or here.
    """

    __tablename__ = "receipt_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # One browser at a time has it open, a quarter of an hour; it holds the secret.
    open_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubjectRequest(Model):
    """What a person asked of us about their data, until when it is due, and what became of it."""

    __tablename__ = "subject_request"
    __table_args__ = (
        one_of("kind", REQUEST_KINDS, "kind_known"),
        one_of("state", REQUEST_STATES, "state_known"),
        one_of("via", VIAS, "via_known"),
        Index("ix_subject_request_due", "state", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[RequestKind] = mapped_column(String(10))
    via: Mapped[Via] = mapped_column(String(10))
    state: Mapped[RequestState] = mapped_column(String(8), default="open")
    area_code: Mapped[str] = mapped_column(String(8))  # whose desk: subdistrict or district
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    asked: Mapped[str | None] = mapped_column(
        Text, info=personal("request", of="requester")
    )  # in their words
    contact: Mapped[str | None] = mapped_column(
        String(200), info=personal("request", of="requester")
    )  # how to answer them
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: by code
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(
        String(500), info=personal("request", of="requester")
    )  # the reason, also of a refusal
    blanked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # words and contact gone
