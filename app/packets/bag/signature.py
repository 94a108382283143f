"""The server's signature under a packet: Ed25519 over its fingerprint.

A key of its own, made from the seed in the settings, so that whoever holds its public half can
check any packet ever issued, without this server.  Pure: no table, no clock.
"""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.shared.base64url import to_base64url
from app.shared.keys import derived_key

ALGORITHM = "Ed25519"
_PURPOSE = b"packets"
_PREFIX = "lakthan-packet-v1\n"  # what this key signs can be taken for nothing else
_KEY_ID_DIGITS = 16


def signed_message(fingerprint: str) -> bytes:
    """What is signed for a packet of this fingerprint (hex)."""
    return f"{_PREFIX}{fingerprint}\n".encode()


class PacketKey:
    """The key that signs packets, out of `Settings.signing_key`."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(derived_key(seed, _PURPOSE))

    @cached_property
    def public_key(self) -> bytes:
        """32 raw bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def public_key_b64url(self) -> str:
        """The public key as it is shown and told."""
        return to_base64url(self.public_key)

    @cached_property
    def key_id(self) -> str:
        """A short name for the key: 16 hex digits."""
        return sha256(self.public_key).hexdigest()[:_KEY_ID_DIGITS]

    def sign(self, fingerprint: str) -> bytes:
        """signature.json for a packet; the same fingerprint gives the same bytes."""
        said = {
            "algorithm": ALGORITHM,
            "fingerprint": fingerprint,
            "key": self.public_key_b64url,
            "key_id": self.key_id,
            "signature": to_base64url(self._key.sign(signed_message(fingerprint))),
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
