"""The key by which push services know this server (VAPID, RFC 8292).

Apart from `push`, because pages ask for its public half and need none of the sending.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.shared.base64url import from_base64url, to_base64url
from app.shared.keys import derived_key
from config import Settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def vapid_key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    """The setting's key, else one derived from the signing key: no further secret to keep.

    Another key makes every browser's subscription worthless.
    """
    return _key(settings.vapid_key, settings.signing_key)


def public_key(settings: Settings) -> str:
    """The public half as browsers ask for it: an uncompressed point, 65 bytes in base64url."""
    point = vapid_key(settings).public_key()
    return to_base64url(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@lru_cache(maxsize=4)
def _key(own: str, seed: str) -> ec.EllipticCurvePrivateKey:
    if own:
        number = int.from_bytes(from_base64url(own) or b"")
    else:
        number = int.from_bytes(derived_key(seed, b"vapid")) % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
