"""Lockers: the key a phone's data are encrypted with, kept by the server for the next sign-in.

The phone throws the key away at sign-out and gets the same one back at sign-in, so what it had
not sent yet stays on it, unseen, and comes back.  The database alone opens no locker: the
sealing key comes from the server's seed, which is not in it.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.shared.keys import derived_key

LOCKER_BYTES = 32  # AES-256
_PURPOSE = b"lakthan-locker-1"
_IV_BYTES = 12


def new_locker() -> bytes:
    """A new key for a phone's data."""
    return secrets.token_bytes(LOCKER_BYTES)


def seal_locker(seed: str, device_id: UUID, locker: bytes) -> bytes:
    """Seal `locker` for the table; it opens for this device only."""
    iv = secrets.token_bytes(_IV_BYTES)
    return iv + _cipher(seed).encrypt(iv, locker, device_id.bytes)


def open_locker(seed: str, device_id: UUID, sealed: bytes) -> bytes | None:
    """The device's locker; None if it was sealed by another seed or for another device."""
    if len(sealed) < _IV_BYTES:
        return None
    try:
        return _cipher(seed).decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], device_id.bytes)
    except InvalidTag:
        return None


def _cipher(seed: str) -> AESGCM:
    return AESGCM(derived_key(seed, _PURPOSE))
