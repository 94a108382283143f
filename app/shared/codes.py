"""Codes that people read out and type in: Crockford's base32, kept only as keyed digests.  Pure.

Five bits a character, without I, L, O and U; what is typed for them is understood.  How many
characters, and what a code opens, is its slice's affair.
"""

from __future__ import annotations

import hmac
import re
import secrets

from app.shared.keys import derived_key
from app.shared.thai import ascii_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4  # characters between two dashes
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]")  # blanks and dashes of every length
_LOOK_ALIKES = str.maketrans("OIL", "011")


def new_code(length: int) -> str:
    """A code of `length` characters, each worth five bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normal_code(text: str, length: int) -> str | None:
    """A code as it was made, out of what somebody typed; None if it can be none."""
    compact = _BETWEEN.sub("", ascii_digits(text))
    if len(compact) != length or not compact.isascii():
        return None
    code = compact.upper().translate(_LOOK_ALIKES)
    return code if set(code) <= set(ALPHABET) else None


def show_code(code: str) -> str:
    """A code as people read it out: 7K3Q-9XWD."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_digest(seed: str, purpose: bytes, code: str) -> str:
    """What is kept of a code.  Keyed: whoever gets hold of the table alone cannot try codes out."""
    return hmac.digest(derived_key(seed, purpose), code.encode(), "sha256").hex()
