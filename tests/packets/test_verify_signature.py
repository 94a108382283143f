"""The verifier's own Ed25519: RFC 8032, and no second spelling of anything."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.packets.bag.verify import ORDER, P, is_signed, read_signature
from tests.packets.signed_packets import KEY, flip

# RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc)
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
        "4dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3"
        "feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c664"
        "31e0303dca179c138ac17ad9bef1177331a704",
    ),
]
VECTOR_BYTES = [tuple(bytes.fromhex(part) for part in vector) for vector in VECTORS]


@pytest.mark.parametrize(("key", "message", "signature"), VECTOR_BYTES)
def test_the_examples_of_the_rfc_are_valid_and_any_flipped_bit_is_not(
    key: bytes, message: bytes, signature: bytes
) -> None:
    assert is_signed(key, message, signature)
    assert not is_signed(key, message + b"x", signature)
    for at in (0, 17, 31, 32, 50, 63):
        assert not is_signed(key, message, flip(signature, at, 3))
    assert not is_signed(flip(key, 5), message, signature)


@pytest.mark.parametrize(("key", "message", "signature"), VECTOR_BYTES)
def test_a_number_beyond_its_range_is_refused(key: bytes, message: bytes, signature: bytes) -> None:
    s = int.from_bytes(signature[32:], "little")
    for twin in (s + ORDER, s + 2 * ORDER, 2**256 - 1):
        assert not is_signed(key, message, signature[:32] + twin.to_bytes(32, "little"))


def _little(number: int) -> bytes:
    return number.to_bytes(32, "little")


@pytest.mark.parametrize(
    "key",
    [
        _little(1),  # the neutral point: any signature would fit
        _little(P - 1),  # of order 2
        _little(0),  # of order 4
        _little(P + 1),  # the neutral point in a second spelling
        _little(1 | 1 << 255),  # the same, with a sign that zero does not have
        _little(2),  # on no curve
        b"",
        bytes(31),
    ],
    ids=lambda key: key.hex()[:8] + key.hex()[-4:],
)
def test_keys_that_are_none_are_refused(key: bytes) -> None:
    nothing_signed = _little(1) + bytes(32)  # R neutral, S zero: fits keys of small order
    assert not is_signed(key, b"any message", nothing_signed)


def test_it_judges_as_the_library_that_signs_does() -> None:
    """Half of them spoiled, one bit each; the other judge is OpenSSL."""
    key = Ed25519PublicKey.from_public_bytes(KEY.public_key)
    for number in range(24):
        message = f"lakthan-packet-v1\n{number:064x}\n".encode()
        told = KEY.sign(f"{number:064x}")
        signature = _signature_in(told)
        if number % 2:
            signature = flip(signature, number * 2, number % 8)
        try:
            key.verify(signature, message)
            valid = True
        except InvalidSignature:
            valid = False
        assert is_signed(KEY.public_key, message, signature) is valid
        assert valid is (number % 2 == 0)


def test_a_signature_file_has_one_spelling() -> None:
    told = KEY.sign("ab" * 32)
    assert read_signature(told) == ("ab" * 32, KEY.key_id)
    for other in (
        told + b"\n",
        b" " + told,
        told.replace(b'"Ed25519"', b'"ed25519"'),
        told.replace(b"ab" * 32, b"AB" * 32),
        told.replace(b"}", b',"more":1}'),
        told.replace(KEY.key_id.encode(), b"0" * 16),
        b"",
        b"{}\n",
        b"\xff" * 300,
    ):
        assert read_signature(other) is None


def _signature_in(told: bytes) -> bytes:
    import json
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(json.loads(told)["signature"] + "==")
