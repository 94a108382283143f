"""Devices' tables: the phones, their signing keys, codes to enrol with, proofs of capture."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal


class Device(Model):
    """One browser's storage used by one account.  Never deleted, only revoked.

    What the phone says of itself (`unsent_*`, `storage_*`) is as of `last_contact_at`.
    """

    __tablename__ = "device"
    __table_args__ = (
        UniqueConstraint("install_id", "account_id"),
        CheckConstraint("unsent_records >= 0 AND unsent_photos >= 0", name="unsent_not_negative"),
        CheckConstraint("lost_items >= 0", name="lost_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    install_id: Mapped[UUID]  # made by the phone; one browser's storage
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    label: Mapped[str] = mapped_column(
        String(80), info=personal("device", of="account")
    )  # "Android · Chrome", as the phone says
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed_locker: Mapped[bytes] = mapped_column(
        LargeBinary, info=personal("device", of="account")
    )  # the phone's data key, sealed
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_contact_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unsent_records: Mapped[int] = mapped_column(default=0)
    unsent_photos: Mapped[int] = mapped_column(default=0)
    unsent_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    oldest_unsent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    storage_left_bytes: Mapped[int | None] = mapped_column(BigInteger)
    storage_persisted: Mapped[bool | None]
    app_version: Mapped[str | None] = mapped_column(String(40))
    clock_skew_s: Mapped[int | None] = mapped_column(BigInteger)  # device minus server
    beat: Mapped[str | None] = mapped_column(String(32))  # the next heartbeat's, and the last
    lost_items: Mapped[int] = mapped_column(default=0)  # unsent when the phone's data vanished
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class DeviceKey(Model):
    """A P-256 public key a device signs with.  Old keys stay valid for old records."""

    __tablename__ = "device_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(
        LargeBinary, info=personal("record", of="account")
    )  # SubjectPublicKeyInfo, DER
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnrolmentCode(Model):
    """A single-use code that enrols a phone for an account.  Only its keyed SHA-256 is kept."""

    __tablename__ = "enrolment_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"))


class CarriedContact(Model):
    """That a phone was given a visitor's name and number to call them: ids only.

    Kept so that "who was on the phone that was lost" has an exact answer, also for a day long ago
    (section 37(4)), for as long as a phone's own facts are kept (`retention.ends.carried`).  The
    visit is named without a foreign key: it stands in a higher slice.
    """

    __tablename__ = "carried_contact"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(
        primary_key=True, index=True, info=personal("device", of="visitor")
    )  # also: who has this one
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the first time
    let_go_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: it carries it still


class CaptureProof(Model):
    """That a device signed a version of a record: captured not before the nonce was given out,
    not after the record was received, whatever the phone's clock says."""

    __tablename__ = "capture_proof"
    __table_args__ = (Index("ix_capture_proof_device", "device_id"),)

    record_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("device_key.id"))
    item_sha256: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str | None] = mapped_column(String(80))  # as signed: to check it again later
    signature: Mapped[str | None] = mapped_column(String(120))  # base64url
    verified: Mapped[bool]
    nonce_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not before
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # not after
