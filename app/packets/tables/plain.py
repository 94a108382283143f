"""Text as a table may hold it: no controls, no bidi overrides, no longer than a cell."""

from __future__ import annotations

import re
import unicodedata

from app.shared.thai import clean_text

CELL_MAX = 32_000  # Excel holds 32 767 characters
# Nearly all text is this, and looking at each of its characters would be most of a table's cost.
_ORDINARY = re.compile("[\n -~\u00a0-\u00ac\u00ae-\u024f\u0e01-\u0e3a\u0e3f-\u0e5b\u2010-\u2027]*")


def cell_text(value: str) -> str:
    """Return `value` without what breaks a table; line breaks stay."""
    if _ORDINARY.fullmatch(value) and unicodedata.is_normalized("NFC", value):
        return value[:CELL_MAX].strip()
    return clean_text(value[: CELL_MAX * 2], lines=True)[:CELL_MAX]
