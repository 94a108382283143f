"""Accounts and their signed-in sessions."""

from __future__ import annotations

from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules import Role
from app.accounts.stages import STAGES, Proof, Stage
from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

ROLES: tuple[str, ...] = get_args(Role)


class Account(Model):
    """One person's way in.  Never deleted, only disabled: records name their recorder."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role in ('volunteer','officer','reviewer','admin')", name="role_known"),
        CheckConstraint(
            "(role = 'volunteer') = (centre_id is not null)", name="volunteer_has_a_centre"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(
        String(40), unique=True, info=personal("account", of="account")
    )  # stored folded
    phone: Mapped[str | None] = mapped_column(
        String(20), unique=True, info=personal("account", of="account")
    )
    name: Mapped[str] = mapped_column(String(120), info=personal("account", of="account"))
    role: Mapped[Role] = mapped_column(String(12))
    area_code: Mapped[str] = mapped_column(String(8))
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    password_hash: Mapped[str | None] = mapped_column(
        String(200), info=personal("account", of="account")
    )  # None: by passkey, or invited
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Model):
    """One signed-in browser.  The cookie holds a secret; this row holds only its SHA-256.

    Until its `stage` is open it stands for nobody: a second factor is still to be shown, or made.
    """

    __tablename__ = "sign_in"
    __table_args__ = (one_of("stage", STAGES, "stage_known"),)

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("device.id"), index=True
    )  # if a phone's
    stage: Mapped[Stage] = mapped_column(String(8), default="open", server_default="open")
    proof: Mapped[Proof] = mapped_column(String(12), default="password", server_default="password")
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # who it is, last shown
    agent: Mapped[str | None] = mapped_column(
        String(80), info=personal("sign_in", of="account")
    )  # "Android · Chrome", for its owner


class Passkey(Model):
    """A WebAuthn credential: a key that a phone or a security key keeps, and its public half."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, info=personal("account", of="account")
    )
    public_key: Mapped[bytes] = mapped_column(
        LargeBinary, info=personal("account", of="account")
    )  # COSE
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[str] = mapped_column(String(60), default="")  # comma-separated, as told
    label: Mapped[str] = mapped_column(String(80), info=personal("account", of="account"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentChallenge(Model):
    """A challenge that a passkey answered: its answer counts once.  Swept after ten minutes."""

    __tablename__ = "spent_challenge"

    challenge_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OneTimeSecret(Model):
    """What an authenticator app shares with us (RFC 6238), sealed under the server's key."""

    __tablename__ = "one_time_secret"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal("account", of="account"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: not a factor yet
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # a code counts once


class RecoveryCode(Model):
    """A single-use code for whoever lost the second factor.  Only its keyed SHA-256 is kept."""

    __tablename__ = "recovery_code"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Model):
    """A single-use link with which somebody makes their own way into an account.

    Also for who lost theirs (`resets`): using it takes away the old password and factors.
    """

    __tablename__ = "invitation"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    resets: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TryCount(Model):
    """How often something was tried in vain within a window of time.

    The key is a keyed digest of what is counted (an account, an address, both), so the table
    names nobody.
    """

    __tablename__ = "try_count"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the next try waits so long
