"""Keys for many purposes out of the one seed in the settings (`Settings.signing_key`).

Pure: no table, no clock.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=64)  # one seed, some ten purposes; deriving costs as much as verifying
def derived_key(seed: str, purpose: bytes) -> bytes:
    """32 bytes for one `purpose`, which tell nothing about the seed or another purpose's bytes."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return kdf.derive(seed_bytes(seed))


def seed_bytes(seed: str) -> bytes:
    """The 32 bytes that the settings spell."""
    return urlsafe_b64decode(seed + "=")  # 43 characters, as the settings have checked
