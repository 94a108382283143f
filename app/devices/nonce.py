"""Nonces: random words that carry when they were given out, so that no table must keep them.

A phone binds the newest one it got into what it captures.  A record that quotes a nonce was
written after that nonce was issued, whatever the phone's clock says.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime, timedelta

from app.shared.base64url import from_base64url, to_base64url
from app.shared.keys import derived_key

_PURPOSE = b"lakthan-nonce-1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_BYTES = 6  # milliseconds; enough until the year 10889
_RANDOM_BYTES = 10
_TAG_BYTES = 16  # 128 bits: as hard to guess as the key


def make_nonce(seed: str, now: datetime) -> str:
    """A new nonce, given out at `now`; 43 characters."""
    issued_ms = (now - _EPOCH) // timedelta(milliseconds=1)
    body = issued_ms.to_bytes(_TIME_BYTES) + secrets.token_bytes(_RANDOM_BYTES)
    return to_base64url(body + _tag(seed, body))


def nonce_at(seed: str, nonce: str) -> datetime | None:
    """When `nonce` was given out, to the millisecond; None if this server never did."""
    raw = from_base64url(nonce)
    if raw is None or len(raw) != _TIME_BYTES + _RANDOM_BYTES + _TAG_BYTES:
        return None
    body, tag = raw[:-_TAG_BYTES], raw[-_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(seed, body)):
        return None
    return _EPOCH + timedelta(milliseconds=int.from_bytes(body[:_TIME_BYTES]))


def _tag(seed: str, body: bytes) -> bytes:
    return hmac.digest(derived_key(seed, _PURPOSE), body, "sha256")[:_TAG_BYTES]
