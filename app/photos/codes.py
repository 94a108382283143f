"""The code on a stamped picture: whoever holds a print can ask with it what the picture is.

Ten characters of Crockford's base 32 are 50 bits.  Among a million photos one guess in a
thousand million hits, so a code gives nothing away to whoever does not hold the picture.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
LENGTH = 10

_MISREAD = str.maketrans("OIL๐๑๒๓๔๕๖๗๘๙", "0110123456789")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")  # every dash that a keyboard "improves" to
_LONGEST_TYPED = 40  # characters; with a blank after each one it has 20


def new_code() -> str:
    """A code nobody has yet, as stored: without its dash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def written(code: str) -> str:
    """The code as people read it: `XXXXX-XXXXX`."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def read(text: str) -> str | None:
    """The code that somebody typed, as stored, or None where it can be none.

    Forgives case, blanks, dashes, Thai digits, and O, I, L for 0, 1, 1.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    code = _BETWEEN.sub("", text).upper().translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
