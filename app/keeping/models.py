"""Legal holds, the destruction log, and the list of those who were forgotten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal


class LegalHold(Model):
    """Nothing of these records may be destroyed until it is lifted.

    It covers what lies under `area_code` (a prefix) and is of a day from `first_day` to
    `last_day`; where `kind` and `object_id` are set, that one record alone.
    """

    __tablename__ = "legal_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_code: Mapped[str] = mapped_column(String(8))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    kind: Mapped[str | None] = mapped_column(String(20))
    object_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(300), info=personal("log", of="named"))
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Destruction(Model):
    """What was destroyed or made nameless: how many of which class, why, by whom.  Names nobody.

    `objects` are the ids of the records, at most `service.MOST_IDS`; `digest` is the SHA-256 of
    all of them, sorted.  Appended to, never changed.
    """

    __tablename__ = "destruction"
    __table_args__ = (Index("ix_destruction_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    keeping: Mapped[str] = mapped_column(String(30))  # key of the class
    cause: Mapped[str] = mapped_column(String(12))  # retention, request, officer
    kind: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str] = mapped_column(String(8), default="")
    n_objects: Mapped[int]
    objects: Mapped[list[Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: the nightly run
    run_id: Mapped[UUID | None]


class Erasure(Model):
    """That a record's person was erased.  A restored backup is made to forget them again.

    `about` says which of several people (a keyed digest), where a record names more than one.
    `scrubbed_at`: since then neither the database's files nor the list beside it lack it.
    """

    __tablename__ = "erasure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))  # visit, photo, account, request
    object_id: Mapped[UUID] = mapped_column(index=True)
    about: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    scrubbed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
