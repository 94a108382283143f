"""Passwords as they are kept: Argon2id, made anew when its parameters change.

Which passwords may be chosen: `password_rules.py`.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.audit.service import record

_hasher = PasswordHasher()  # argon2id, RFC 9106 low-memory profile: 64 MiB, 3 passes


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password.encode("utf-8", "replace"))


def verify(stored: str | None, password: str) -> bool:
    """Whether it is the password.

    Costs one Argon2 verification also where nothing is stored, so time tells nothing.
    """
    try:
        right = _hasher.verify(stored or _dummy_hash(), password.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def set_password(session: Session, account: Account, password: str, *, now: datetime) -> None:
    """Give the account a password that passed `password_rules.check_password`.

    Ending sessions is the caller's.
    """
    account.password_hash = hash_password(password)
    account.password_set_at = now
    record(
        session, actor_id=account.id, action="account.password_set", kind="account",
        object_id=account.id, now=now,
    )  # fmt: skip


def is_outdated(account: Account) -> bool:
    """Whether the password was hashed with weaker parameters than today's."""
    stored = account.password_hash
    return bool(stored) and _hasher.check_needs_rehash(str(stored))


def renew_hash(account: Account, password: str) -> None:
    """Hash the right password anew, with today's parameters."""
    account.password_hash = hash_password(password)


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
