"""Personal data in text: phone numbers kept in one spelling, shown masked; ID numbers refused.

A Thai mobile has ten digits, a landline nine (domain brief 2.4).  Stored as RFC 3966 writes
it, `054445544` or `054445544;ext=12`, so a `tel:` link is the stored text itself.
"""

from __future__ import annotations

import re

from app.shared.thai import ascii_digits


def personal(keeping: str, *, of: str) -> dict[str, object]:
    """The `info` of a column that holds personal data: its class of keeping, and whose it is.

    `of` is whose data it is: visitor, member, account.  The record of processing is made from
    these marks, and a test wants one on every text column or a word why there is none.
    """
    return {"personal": keeping, "of": of}


_PHONE = re.compile(r"0(?:[689][0-9]{8}|[2-57][0-9]{7})")
_EXTENSION = re.compile(r"(?:ต่อ|;?ext\.?=?|#)([0-9]{1,6})$", re.IGNORECASE)
_PHONE_NOISE = re.compile(r"[\s().\-\u2010-\u2015]")

# 13 digits together, or grouped as the card prints them: 1-2345-67890-12-3.
_GAP = r"[ .\-\u2010-\u2015]"
_ID_NUMBER = re.compile(
    rf"(?<!\d)(?:\d{{13}}|\d{_GAP}\d{{4}}{_GAP}\d{{5}}{_GAP}\d{{2}}{_GAP}\d)(?!\d)"
)


def normal_phone(text: str) -> str | None:
    """The stored spelling of a Thai phone number, or None when `text` is none.

    Accepts Thai digits, blanks, dashes, brackets, +66 for the leading 0, and an extension
    (`ต่อ 12`).
    """
    compact = _PHONE_NOISE.sub("", ascii_digits(text))
    extension = _EXTENSION.search(compact)
    number = compact[: extension.start()] if extension else compact
    if number.startswith("+66"):
        number = "0" + number[3:].removeprefix("0")
    if not _PHONE.fullmatch(number):
        return None
    return f"{number};ext={extension[1]}" if extension else number


def show_phone(phone: str) -> str:
    """A stored number as people write it: 081-234-5678, 0-5444-5544 ต่อ 12."""
    number, _, extension = phone.partition(";ext=")
    if len(number) == 10:
        shown = f"{number[:3]}-{number[3:6]}-{number[6:]}"
    else:
        shown = f"{number[:1]}-{number[1:5]}-{number[5:]}"
    return f"{shown} ต่อ {extension}" if extension else shown


def mask_phone(phone: str) -> str:
    """A stored number with all but its ends hidden: 08x-xxx-xx78."""
    number = phone.partition(";ext=")[0]
    hidden = number[:2] + "x" * (len(number) - 4) + number[-2:]
    return show_phone(hidden)


def mask_name(name: str) -> str:
    """A name with all but its first letter hidden; leading vowels keep their consonant."""
    kept = 2 if "\u0e40" <= name[:1] <= "\u0e44" else 1
    return f"{name[:kept]}***" if name else ""


def holds_id_number(text: str) -> bool:
    """Whether `text` contains a valid 13-digit Thai national ID number, in any digits."""
    found = _ID_NUMBER.findall(ascii_digits(text))
    return any(_is_id_number(re.sub(r"\D", "", candidate)) for candidate in found)


def _is_id_number(digits: str) -> bool:
    """Mod-11 check: weights 13 down to 2; the last digit is the check digit."""
    weighted = sum(int(d) * w for d, w in zip(digits, range(13, 1, -1), strict=False))
    return (11 - weighted % 11) % 10 == int(digits[12])
