"""Bytes in text: base64url without padding, in one spelling only (RFC 4648, section 5)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode


def to_base64url(data: bytes) -> str:
    """Spell `data`."""
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes | None:
    """Read `text` back; None for anything that `to_base64url` would not have written.

    One spelling, because two texts that mean the same bytes pass for two different things.
    """
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):  # ValueError: letters outside ASCII
        return None
    return data if to_base64url(data) == text else None
