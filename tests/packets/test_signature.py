"""The signature: one key of the server's own, one spelling, and whoever holds it can check it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.devices.signing import public_key_of
from app.packets.bag.signature import PacketKey

SEED, OTHER_SEED = "A" * 43, "B" * 42 + "A"
FINGERPRINT = "5e" * 32


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_stranger_checks_the_file_with_nothing_but_what_it_says() -> None:
    said = json.loads(PacketKey(SEED).sign(FINGERPRINT))

    key = Ed25519PublicKey.from_public_bytes(raw(said["key"]))
    key.verify(raw(said["signature"]), b"lakthan-packet-v1\n" + FINGERPRINT.encode() + b"\n")

    assert said["algorithm"] == "Ed25519"
    assert said["fingerprint"] == FINGERPRINT
    assert said["key_id"] == sha256(raw(said["key"])).hexdigest()[:16] == PacketKey(SEED).key_id


def test_another_fingerprint_or_another_key_is_not_signed_by_it() -> None:
    said = json.loads(PacketKey(SEED).sign(FINGERPRINT))
    message = b"lakthan-packet-v1\n" + FINGERPRINT.encode() + b"\n"
    key = Ed25519PublicKey.from_public_bytes(PacketKey(SEED).public_key)
    other = Ed25519PublicKey.from_public_bytes(PacketKey(OTHER_SEED).public_key)
    with pytest.raises(InvalidSignature):
        key.verify(raw(said["signature"]), message.replace(b"5e", b"5f", 1))
    with pytest.raises(InvalidSignature):
        other.verify(raw(said["signature"]), message)


def test_the_file_has_one_spelling_for_ever() -> None:
    """A packet built twice has one signature, and those issued long ago stay valid."""
    signed = PacketKey(SEED).sign(FINGERPRINT)
    assert signed == PacketKey(SEED).sign(FINGERPRINT)
    assert signed.endswith(b'"}\n')
    assert b" " not in signed
    assert list(json.loads(signed)) == ["algorithm", "fingerprint", "key", "key_id", "signature"]
    assert (
        sha256(signed).hexdigest()
        == "c8cab5bd39943c1795c93e15bbf46d6214a042178a143b42f029f9386b0665be"
    )


def test_receipts_and_packets_have_keys_of_their_own() -> None:
    assert PacketKey(SEED).public_key_b64url != public_key_of(SEED)
    assert "A" * 43 not in PacketKey(SEED).sign(FINGERPRINT).decode()
