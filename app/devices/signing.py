"""Signatures: the server's under receipts (Ed25519), a phone's under what it captured (P-256).

The server has one key, made from the seed in the settings; whoever holds its public half can
check a receipt years later.  A phone's key never leaves it.  Pure: no table, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from app.shared.base64url import from_base64url, to_base64url
from app.shared.canonical import canonical_json
from app.shared.keys import seed_bytes

KEY_DER_MAX = 200  # bytes; a P-256 key takes 91
_COORDINATE_BYTES = 32  # r and s of P-256
_KEY_ID_DIGITS = 16


@lru_cache(maxsize=4)
def server_key(seed: str) -> Ed25519PrivateKey:
    """The server's signing key out of `Settings.signing_key`."""
    return Ed25519PrivateKey.from_private_bytes(seed_bytes(seed))


def public_key_of(seed: str) -> str:
    """The server's public key, 32 raw bytes in base64url: what a phone keeps to check receipts."""
    return to_base64url(_public_bytes(seed))


def key_id(seed: str) -> str:
    """A short name for the server's key, so that a receipt says which one signed it."""
    return sha256(_public_bytes(seed)).hexdigest()[:_KEY_ID_DIGITS]


def sign_claims(seed: str, claims: Mapping[str, object]) -> str:
    """Sign the canonical JSON of `claims`; base64url.  The same claims give the same signature.

    Raises:
        TypeError: a claim has no canonical spelling.
    """
    return to_base64url(server_key(seed).sign(canonical_json(claims).encode()))


def capture_key(public_key_der: bytes) -> bytes | None:
    """A phone's P-256 public key in the one DER spelling that is kept; None if it is none."""
    key = _load_key(public_key_der)
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) if key else None


def verify_capture(public_key_der: bytes, text: str, signature_b64url: str) -> bool:
    """Whether a phone's key signed `text`: ECDSA, SHA-256, r and s raw as WebCrypto gives them.

    Anything that is no key, no text or no signature is simply not verified.
    """
    key, raw = _load_key(public_key_der), from_base64url(signature_b64url)
    if key is None or raw is None or len(raw) != 2 * _COORDINATE_BYTES:
        return False
    r, s = (int.from_bytes(half) for half in (raw[:_COORDINATE_BYTES], raw[_COORDINATE_BYTES:]))
    try:
        key.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnicodeEncodeError):
        return False
    return True


@lru_cache(maxsize=4_096)  # phones that send at the same time; reading a key costs a verification
def _load_key(der: bytes) -> ec.EllipticCurvePublicKey | None:
    if len(der) > KEY_DER_MAX:
        return None
    try:
        key = load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    return None


def _public_bytes(seed: str) -> bytes:
    return server_key(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
