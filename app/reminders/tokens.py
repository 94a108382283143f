"""Addresses that open one thing without a sign-in: a calendar, the end of mails, a confirmation.

Each is an account's id and 16 bytes of HMAC-SHA-256 over what it is for, under a key derived from
the signing key: nobody makes one up, and none opens what another is for.  Pure.
"""

from __future__ import annotations

import hmac
from datetime import date
from uuid import UUID

from app.shared.base64url import from_base64url, to_base64url
from app.shared.keys import derived_key

_ID_BYTES, _MARK_BYTES = 16, 16


def calendar_token(seed: str, account_id: UUID, turn: int) -> str:
    """The secret part of a calendar's address; another `turn` makes another."""
    return _sealed(seed, account_id, f"calendar {turn}")


def stop_token(seed: str, account_id: UUID, email: str) -> str:
    """Ends reminders to this address, for good; worth nothing for another one."""
    return _sealed(seed, account_id, f"stop {email}")


def confirm_token(seed: str, account_id: UUID, email: str, day: date) -> str:
    """Says that mails to this address arrive; `day` is the Bangkok day it was asked for."""
    return _sealed(seed, account_id, f"confirm {email} {day.isoformat()}")


def account_in(token: str) -> UUID | None:
    """Whose token it says it is; None for what is no token.  Says nothing about its being true."""
    data = from_base64url(token)
    if data is None or len(data) != _ID_BYTES + _MARK_BYTES:
        return None
    return UUID(bytes=data[:_ID_BYTES])


def same(token: str, expected: str) -> bool:
    """Whether they are equal, in a time that tells nothing."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode("ascii"))


def _sealed(seed: str, account_id: UUID, words: str) -> str:
    key = derived_key(seed, b"reminders")
    text = account_id.bytes + words.encode()
    mark = hmac.digest(key, text, "sha256")[:_MARK_BYTES]
    return to_base64url(account_id.bytes + mark)
