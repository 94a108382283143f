"""Thai text: cleaning, comparing, digits and Buddhist dates.

NFC alone does not make Thai meet itself: sara am has two spellings, แ can be typed as two เ,
a tone may stand before its vowel, marks get doubled (domain brief 2.3).  Text is stored as
typed but for controls; `fold` is the key by which it is compared, found and searched.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.shared.clock import BUDDHIST_OFFSET

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ASCII = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_TONES = "\u0e48-\u0e4b"
_ABOVE_BELOW = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d\u0e4e"  # marks that sit above or below
_TONE_THEN_MARK = re.compile(f"([{_TONES}])([\u0e31\u0e34-\u0e3a])")
_SARA_AM = re.compile(f"\u0e4d([{_TONES}]?)\u0e32|([{_TONES}])\u0e4d\u0e32")
_DOUBLED = re.compile(f"([{_ABOVE_BELOW}{_TONES}\u0e4c\u0e30\u0e32\u0e33])\\1+")
_SPACES = re.compile(r"\s+")
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")

# Bidi overrides and isolates can make a name read as another; noncharacters break exports.
_UNWANTED = {"Cc", "Cs", "Cn", "Co"}
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(text: str, *, lines: bool = False) -> str:
    """`text` as typed minus controls, bidi overrides and noncharacters; outer space trimmed.

    `lines` keeps line breaks (as \\n) and tabs become spaces; otherwise each becomes a space.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    if not text.isprintable():  # what is printable has nothing of what is unwanted
        text = "".join(c for c in text if c == "\n" or _is_wanted(c))
    return unicodedata.normalize("NFC", text).strip()


def _is_wanted(character: str) -> bool:
    return character not in _BIDI and unicodedata.category(character) not in _UNWANTED


def clean_file_name(given: str | None, longest: int = 200) -> str | None:
    """The name a file came under, for people to read: no folders, no controls, its end kept."""
    last = clean_text((given or "").replace("\\", "/").rpartition("/")[2])
    return last[-longest:] or None


def fold(text: str) -> str:
    """The key under which `text` is compared and searched: one spelling, one case, ASCII digits."""
    text = _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text)).casefold()
    text = text.replace("\u0e40\u0e40", "\u0e41")  # two sara e typed for sara ae
    text = _SARA_AM.sub(lambda m: (m[1] or m[2] or "") + "\u0e33", text)
    text = _TONE_THEN_MARK.sub(r"\2\1", text)
    text = _DOUBLED.sub(r"\1", text)
    return _SPACES.sub(" ", ascii_digits(text)).strip()


def to_thai_digits(text: str) -> str:
    """0-9 as ๐-๙."""
    return text.translate(_TO_THAI)


def ascii_digits(text: str) -> str:
    """๐-๙ as 0-9."""
    return text.translate(_TO_ASCII)


def thai_date(day: date, style: str = "short") -> str:
    """A Buddhist date: `long` 13 กุมภาพันธ์ 2567, `short` 13 ก.พ. 2567, `table` 13 ก.พ. 67."""
    year = day.year + BUDDHIST_OFFSET
    if style == "long":
        return f"{day.day} {MONTHS[day.month - 1]} {year}"
    if style == "table":
        return f"{day.day} {MONTHS_SHORT[day.month - 1]} {year % 100:02}"
    return f"{day.day} {MONTHS_SHORT[day.month - 1]} {year}"
