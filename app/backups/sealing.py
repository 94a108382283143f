"""The keys, sealed with a passphrase: what signed packets and opens phones' lockers.

Argon2id makes the key (RFC 9106's second choice: 64 MiB, 3 passes), AES-256-GCM seals.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from typing import Any

from argon2.exceptions import Argon2Error
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.shared.errors import DomainError
from app.shared.keys import derived_key
from config import Settings

PASSPHRASE_MIN = 12
KEYS = ("secret_key", "signing_key", "vapid_key")
_COST = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}
_ABOUT = b"lakthan backup keys v1"


class PassphraseTooShort(DomainError):
    """Keys are not sealed with less (`min`)."""

    code = "passphrase_too_short"


class WrongPassphrase(DomainError):
    """It is not what the keys were sealed with, or the file is damaged."""

    code = "wrong_passphrase"


def seal_keys(settings: Settings, passphrase: str) -> bytes:
    """The installation's keys as a file.  Raises PassphraseTooShort."""
    if len(passphrase) < PASSPHRASE_MIN:
        raise PassphraseTooShort(min=PASSPHRASE_MIN)
    salt, nonce = os.urandom(16), os.urandom(12)
    keys = {name: getattr(settings, name) for name in KEYS}
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, json.dumps(keys).encode(), _ABOUT)
    said = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return json.dumps({name: b64encode(value).decode() for name, value in said.items()}).encode()


def open_keys(data: bytes, passphrase: str) -> dict[str, str]:
    """The keys that were sealed.  Raises WrongPassphrase."""
    try:
        said = {name: b64decode(value) for name, value in json.loads(data).items()}
        key = _stretched(passphrase, said["salt"])
        plain = AESGCM(key).decrypt(said["nonce"], said["sealed"], _ABOUT)
    except (InvalidTag, Argon2Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongPassphrase from error
    keys: dict[str, str] = json.loads(plain)
    return keys


def manifest_seal(signing_key: str, manifest: dict[str, Any]) -> str:
    """HMAC-SHA-256 (hex) of a manifest without its seal: made by whoever has the signing key."""
    body = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = derived_key(signing_key, b"lakthan backup manifest v1")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, hash_len=32, type=Type.ID, **_COST)
