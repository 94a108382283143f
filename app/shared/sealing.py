"""Sealing: small secrets in the database, which alone opens none of them.

AES-256-GCM under a key made from the seed in the settings; what is sealed opens only where it was
meant to be (`place`).  Pure: no table, no clock.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.shared.keys import derived_key

_IV_BYTES = 12


def seal(seed: str, purpose: bytes, place: bytes, plain: bytes) -> bytes:
    """Seal `plain`; it opens for the same purpose and place only."""
    iv = secrets.token_bytes(_IV_BYTES)
    return iv + _cipher(seed, purpose).encrypt(iv, plain, place)


def unseal(seed: str, purpose: bytes, place: bytes, sealed: bytes) -> bytes | None:
    """What was sealed; None if it was by another seed, for another place, or changed since."""
    if len(sealed) < _IV_BYTES:
        return None
    try:
        return _cipher(seed, purpose).decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], place)
    except InvalidTag:
        return None


def _cipher(seed: str, purpose: bytes) -> AESGCM:
    return AESGCM(derived_key(seed, purpose))
