"""The list of breached passwords: a file on the server, asked without sending anything anywhere.

Its form is the public one, lines `SHA-1:count` in the order of the hashes, upper case, any line
ending.  It may have a thousand million lines: it is searched by halves and never read into memory.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

_HASH_DIGITS = 40
_LINE_MAX = 80  # bytes; a line takes 43 to 52


def is_breached(path: Path | None, password: str) -> bool:
    """Whether the password stands on the list; never, where there is no list.

    Raises:
        OSError: the list is named in the settings but cannot be read.
    """
    if path is None:
        return False
    wanted = hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False)
    with path.open("rb") as file:
        return _holds(file, wanted.hexdigest().upper().encode())


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    """Whether one of the file's lines, which are in order, begins with `wanted`."""
    low, high = 0, file.seek(0, 2)  # the line wanted, if there, begins at low or later, before high
    while low < high:
        middle = (low + high) // 2
        start, line = _line_from(file, middle)
        if start >= high or not line:
            high = middle
            continue
        found = line[:_HASH_DIGITS].upper()
        if found == wanted:
            return True
        low, high = (start + len(line), high) if found < wanted else (low, middle)
    return False


def _line_from(file: BinaryIO, offset: int) -> tuple[int, bytes]:
    """The first line that begins at `offset` or later, and where; empty at the end."""
    start = max(0, offset - 1)
    file.seek(start)
    if offset:
        start += len(file.readline(_LINE_MAX))
    return start, file.readline(_LINE_MAX)
