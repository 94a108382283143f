"""Signatures, nonces and lockers: what one side writes the other can check, and nothing else."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from app.devices.locker import new_locker, open_locker, seal_locker
from app.devices.nonce import make_nonce, nonce_at
from app.devices.signing import (
    capture_key,
    key_id,
    public_key_of,
    sign_claims,
    verify_capture,
)
from app.shared.base64url import from_base64url, to_base64url
from app.shared.canonical import canonical_json
from app.shared.keys import derived_key

SEED = "A" * 43
OTHER_SEED = "B" * 42 + "A"
NOW = datetime(2024, 2, 1, 3, 0, 0, 123456, tzinfo=UTC)
CLAIMS = {"v": 1, "id": "0190", "held": [{"bytes": 12}], "name": "ศูนย์"}


def _der(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _signed(key: ec.EllipticCurvePrivateKey, text: str) -> str:
    """As WebCrypto signs: r and s, 32 bytes each."""
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return to_base64url(r.to_bytes(32) + s.to_bytes(32))


def test_anyone_with_the_public_key_can_check_a_receipt() -> None:
    key = Ed25519PublicKey.from_public_bytes(from_base64url(public_key_of(SEED)) or b"")
    signature = from_base64url(sign_claims(SEED, CLAIMS)) or b""

    key.verify(signature, canonical_json(CLAIMS).encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature, canonical_json(CLAIMS | {"v": 2}).encode())


def test_the_same_claims_give_the_same_signature_and_another_server_another() -> None:
    assert sign_claims(SEED, CLAIMS) == sign_claims(SEED, dict(reversed(CLAIMS.items())))
    assert sign_claims(SEED, CLAIMS) != sign_claims(OTHER_SEED, CLAIMS)
    assert key_id(SEED) != key_id(OTHER_SEED)


def test_every_purpose_has_a_key_of_its_own() -> None:
    assert len({derived_key(s, p) for s in (SEED, OTHER_SEED) for p in (b"a", b"b")}) == 4


def test_a_capture_is_verified_by_its_own_phone_only() -> None:
    phone, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signature = _signed(phone, "lakthan-capture-1")

    assert verify_capture(_der(phone), "lakthan-capture-1", signature)
    assert not verify_capture(_der(phone), "lakthan-capture-2", signature)
    assert not verify_capture(_der(other), "lakthan-capture-1", signature)


def test_a_key_of_another_kind_is_no_capture_key() -> None:
    keys = ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)
    for key in keys:
        assert capture_key(_der(key)) is None
        assert not verify_capture(_der(key), "text", to_base64url(bytes(64)))
    assert capture_key(b"x" * 100_000) is None


def test_a_key_is_kept_in_one_spelling() -> None:
    der = _der(ec.generate_private_key(ec.SECP256R1()))

    assert capture_key(der) == der
    assert capture_key(der + b"\0") is None


@pytest.mark.parametrize("signature", ["", "=", "é", "A" * 85, "A" * 86, "_" * 86, "A" * 100_000])
def test_what_is_no_signature_is_not_verified(signature: str) -> None:
    der = _der(ec.generate_private_key(ec.SECP256R1()))

    assert not verify_capture(der, "text", signature)
    assert not verify_capture(der, "\ud800", to_base64url(b"\1" * 64))


@given(der=st.binary(max_size=120), text=st.text(), signature=st.text())
def test_no_capture_brings_the_check_down(der: bytes, text: str, signature: str) -> None:
    assert not verify_capture(der, text, signature)


def test_a_nonce_tells_when_it_was_given_out() -> None:
    nonces = {make_nonce(SEED, NOW) for _ in range(20)}

    assert len(nonces) == 20
    assert {len(nonce) for nonce in nonces} == {43}
    assert {nonce_at(SEED, nonce) for nonce in nonces} == {
        NOW.replace(microsecond=123_000)  # never later than it was given out
    }


def test_nobody_else_can_make_a_nonce_or_move_its_time() -> None:
    nonce = make_nonce(SEED, NOW)
    raw = from_base64url(nonce) or b""

    assert nonce_at(OTHER_SEED, nonce) is None
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        assert nonce_at(SEED, to_base64url(bytes(changed))) is None


@given(st.one_of(st.text(), st.binary(max_size=40).map(lambda b: urlsafe_b64encode(b).decode())))
def test_what_is_no_nonce_has_no_time(nonce: str) -> None:
    assert nonce_at(SEED, nonce) is None


def test_a_nonce_refuses_a_naive_time() -> None:
    with pytest.raises(TypeError):
        make_nonce(SEED, NOW.replace(tzinfo=None))
    assert nonce_at(SEED, make_nonce(SEED, NOW + timedelta(days=36_500))) is not None


def test_a_locker_opens_for_its_own_device_and_server() -> None:
    device, locker = uuid4(), new_locker()
    sealed = seal_locker(SEED, device, locker)

    assert open_locker(SEED, device, sealed) == locker
    assert open_locker(SEED, uuid4(), sealed) is None
    assert open_locker(OTHER_SEED, device, sealed) is None
    assert locker not in sealed


@pytest.mark.parametrize("size", [0, 5, 12, 13, 60, 1000])
def test_what_was_never_sealed_opens_nothing(size: int) -> None:
    assert open_locker(SEED, uuid4(), os.urandom(size)) is None


@given(st.binary(max_size=80))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = to_base64url(data)

    assert from_base64url(text) == data
    assert "=" not in text
    assert from_base64url(text + "=") is None


@pytest.mark.parametrize("text", ["B", "AB", "AA==", "A A", "A+8", "A/8", "ก", "\0"])
def test_other_spellings_are_not_read(text: str) -> None:
    assert from_base64url(text) is None
