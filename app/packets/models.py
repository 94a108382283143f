"""The packets' tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

ScopeKind = Literal["centre", "district", "province"]
PacketState = Literal["queued", "building", "ready", "failed", "cancelled", "withdrawn"]
PartState = Literal["waiting", "making", "done", "failed"]
STATES: tuple[PacketState, ...] = (
    "queued", "building", "ready", "failed", "cancelled", "withdrawn",
)  # fmt: skip
PART_STATES: tuple[PartState, ...] = ("waiting", "making", "done", "failed")


class Packet(Model):
    """One edition of a unit's evidence for a quarter.  Once ready, nothing in it changes.

    `frozen` is the whole list the packet is made of (`frozen/content.py`); `content_sha256` names
    it, and `head` says what pages show of it.  `attempts` and `lease_until` together say who may
    bind it and write the outcome (`claims.claim`); its parts are claimed one by one (`PacketPart`).
    `fingerprint` is what was signed: the digest of the bag's tag manifest, which stands for every
    byte of the file.  One that was withdrawn, because it named a person who is forgotten, keeps
    its row and loses its list and its file.
    """

    __tablename__ = "packet"
    __table_args__ = (
        UniqueConstraint("scope_kind", "scope_code", "quarter", "edition"),
        CheckConstraint("scope_kind in ('centre','district','province')", name="scope_kind_known"),
        one_of("state", STATES, "state_known"),
        CheckConstraint("(scope_kind = 'centre') = (centre_id is not null)", name="centre_named"),
        CheckConstraint("edition >= 1", name="edition_positive"),
        CheckConstraint("done between 0 and total", name="done_within_total"),
        CheckConstraint(
            "state <> 'ready' or "
            "(coalesce(fingerprint, sha256) is not null "
            "and size_bytes is not null and file_key is not null)",
            name="ready_has_a_file",
        ),
        Index("ix_packet_newest", "requested_at", "id"),
        Index("ix_packet_waiting", "state", "state_since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope_kind: Mapped[ScopeKind] = mapped_column(String(8))
    scope_code: Mapped[str] = mapped_column(String(20))
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    quarter: Mapped[str] = mapped_column(String(6))
    edition: Mapped[int]
    frozen: Mapped[dict[str, Any]] = mapped_column(
        JSON, deferred=True, info=personal("packet_named", of="visitor")
    )  # megabytes for a province
    content_sha256: Mapped[str] = mapped_column(String(64))
    head: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")  # counts
    unmasked: Mapped[bool] = mapped_column(default=False, server_default=false())
    redacts_id: Mapped[UUID | None] = mapped_column(ForeignKey("packet.id"))

    state: Mapped[PacketState] = mapped_column(String(10), default="queued")
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)  # claims so far: never counts back
    broken: Mapped[int] = mapped_column(default=0, server_default="0")  # of them: said why
    killed: Mapped[int] = mapped_column(default=0, server_default="0")  # and never heard of again
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error_code: Mapped[str | None] = mapped_column(String(40))
    step: Mapped[str | None] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)

    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the try under way

    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)  # once read back from disk
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    file_key: Mapped[str | None] = mapped_column(
        String(120), info=personal("packet", of="pictured")
    )
    n_files: Mapped[int | None]
    n_gaps: Mapped[int | None]
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    requested_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text, info=personal("packet_named", of="requester"))


class PacketPart(Model):
    """A share of a packet's work: some photos to check and some pages to set, by any worker.

    What it makes lies in the file store until the packet is issued; a part that is done is never
    made again.  `weight` says how much work it is, in photos.
    """

    __tablename__ = "packet_part"
    __table_args__ = (
        one_of("state", PART_STATES, "state_known"),
        CheckConstraint("weight >= 1", name="weight_positive"),
    )

    packet_id: Mapped[UUID] = mapped_column(
        ForeignKey("packet.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[int]
    state: Mapped[PartState] = mapped_column(String(8), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)  # claims so far: never counts back
    broken: Mapped[int] = mapped_column(default=0, server_default="0")  # of them: said why
    killed: Mapped[int] = mapped_column(default=0, server_default="0")  # and never heard of again
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error_code: Mapped[str | None] = mapped_column(String(40))


class PacketPerson(Model):
    """An unmasked packet holds this visit's name or number: asked when somebody is forgotten."""

    __tablename__ = "packet_person"
    __table_args__ = (Index("ix_packet_person_visit", "visit_id"),)

    packet_id: Mapped[UUID] = mapped_column(
        ForeignKey("packet.id", ondelete="CASCADE"), primary_key=True
    )
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
