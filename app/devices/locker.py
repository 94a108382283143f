"""Lockers: the key a phone's data are encrypted with, kept by the server for the next sign-in.

The phone throws the key away at sign-out and gets the same one back at sign-in, so what it had
not sent yet stays on it, unseen, and comes back.  The database alone opens no locker: the
sealing key comes from the server's seed, which is not in it.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from app.shared.sealing import seal, unseal

LOCKER_BYTES = 32  # AES-256
_PURPOSE = b"lakthan-locker-1"


def new_locker() -> bytes:
    """A new key for a phone's data."""
    return secrets.token_bytes(LOCKER_BYTES)


def seal_locker(seed: str, device_id: UUID, locker: bytes) -> bytes:
    """Seal `locker` for the table; it opens for this device only."""
    return seal(seed, _PURPOSE, device_id.bytes, locker)


def open_locker(seed: str, device_id: UUID, sealed: bytes) -> bytes | None:
    """The device's locker; None if it was sealed by another seed or for another device."""
    return unseal(seed, _PURPOSE, device_id.bytes, sealed)
