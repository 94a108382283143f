"""Searching a browser's profile folder for words, also where it packs what it writes.

Chromium writes LevelDB (IndexedDB, Local Storage, Service Worker) whose blocks are packed with
Snappy, IndexedDB values that are packed once more, caches with gzip bodies, SQLite, and session
files with texts in UTF-16.  Each is unpacked as far as it can be read; what cannot is searched as
it is.  Formats: LevelDB's table_format.md and log_format.md, Snappy's format_description.txt.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_TABLE_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_LOG_BLOCK, _LOG_HEAD = 32_768, 7
_SNAPPY_VALUE = b"\xff\x11\x02"  # Blink: a stored value (version 17) packed with Snappy
_GZIP = b"\x1f\x8b\x08"
_LONGEST = 64 * 1024 * 1024  # bytes; a length beyond this is no length


def found_in(folder: Path, needles: Iterable[str]) -> dict[str, list[str]]:
    """Which of these words can be read in which files of a profile, unpacked or not."""
    forms = {needle: _forms(needle) for needle in needles}
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        name = str(file.relative_to(folder))
        for piece in _pieces(file):
            for needle, spellings in forms.items():
                if any(form in piece for form in spellings) and name not in found.get(needle, []):
                    found.setdefault(needle, []).append(name)
        for needle in forms:
            if needle in name:
                found.setdefault(needle, []).append(name)
    return found


def _forms(needle: str) -> set[bytes]:
    """How a word may be spelt: either encoding, as an address, as JSON."""
    escaped = needle.encode("unicode_escape")
    return {
        needle.encode(), needle.encode("utf-16-le"), needle.encode("utf-16-be"),
        quote(needle).encode(), quote(needle).lower().encode(), escaped, escaped.upper(),
    }  # fmt: skip


def _pieces(file: Path) -> Iterator[bytes]:
    content = file.read_bytes()
    for opened in (content, *_table_blocks(content), *_log_records(content), *_rows(file, content)):
        yield opened
        yield from _packed_values(opened)
    yield from _gunzipped(content)


# --- LevelDB -------------------------------------------------------------------------------------


def _table_blocks(content: bytes) -> Iterator[bytes]:
    """Every block of a sorted table, unpacked, with the shared beginnings of its keys put back."""
    if not content.endswith(_TABLE_MAGIC):
        return
    footer = content[-48:]
    _start, at = _varint(footer, 0)
    _size, at = _varint(footer, at)
    start, at = _varint(footer, at)
    size, _at = _varint(footer, at)
    for _key, handle in _entries(_block(content, start, size)):
        start, at = _varint(handle, 0)
        size, _at = _varint(handle, at)
        block = _block(content, start, size)
        yield block
        yield from (key + value for key, value in _entries(block))


def _block(content: bytes, start: int, size: int) -> bytes:
    packed = content[start + size] == 1
    block = content[start : start + size]
    return unsnapped(block) if packed else block


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    restarts = struct.unpack_from("<I", block, len(block) - 4)[0]
    end, at, key = len(block) - 4 - 4 * restarts, 0, b""
    while at < end:
        shared, at = _varint(block, at)
        fresh, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + fresh]
        at += fresh
        yield key, block[at : at + length]
        at += length


def _log_records(content: bytes) -> Iterator[bytes]:
    """The log's records, put together where they lie across blocks of 32 kB."""
    whole = b""
    for block in range(0, len(content), _LOG_BLOCK):
        at, end = block, min(block + _LOG_BLOCK, len(content))
        while at + _LOG_HEAD <= end:
            length, kind = struct.unpack_from("<HB", content, at + 4)
            if kind not in (1, 2, 3, 4) or at + _LOG_HEAD + length > end:
                break
            part = content[at + _LOG_HEAD : at + _LOG_HEAD + length]
            whole = part if kind in (1, 2) else whole + part
            if kind in (1, 4):
                yield whole
            at += _LOG_HEAD + length


def _packed_values(content: bytes) -> Iterator[bytes]:
    at = content.find(_SNAPPY_VALUE)
    while at >= 0:
        yield unsnapped(content[at + len(_SNAPPY_VALUE) :])
        at = content.find(_SNAPPY_VALUE, at + 1)


def unsnapped(packed: bytes) -> bytes:
    """As much of a Snappy stream as can be read; what follows it is not looked at."""
    length, at = _varint(packed, 0)
    out = bytearray()
    while at < len(packed) and len(out) < length <= _LONGEST:
        tag = packed[at]
        at += 1
        if tag & 3 == 0:
            size = (tag >> 2) + 1
            if size > 60:
                more = size - 60
                size = int.from_bytes(packed[at : at + more], "little") + 1
                at += more
            out += packed[at : at + size]
            at += size
            continue
        if tag & 3 == 1:
            size, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | packed[at] if at < len(packed) else 0
            at += 1
        else:
            wide = 2 if tag & 3 == 2 else 4
            size, back = (tag >> 2) + 1, int.from_bytes(packed[at : at + wide], "little")
            at += wide
        if not 0 < back <= len(out):
            break  # no Snappy after all
        for _ in range(size):
            out.append(out[-back])
    return bytes(out)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content):
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 63:
            break
    return value, at


# --- the rest ------------------------------------------------------------------------------------


def _rows(file: Path, content: bytes) -> Iterator[bytes]:
    """Every text and blob of a SQLite file: long ones lie in pages apart."""
    if not content.startswith(b"SQLite format 3\0"):
        return
    database = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    database.text_factory = bytes
    try:
        for (table,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
        ).fetchall():
            every = f'SELECT * FROM "{table.decode()}"'  # noqa: S608 - a name from the file
            for row in database.execute(every):
                yield b"\n".join(cell for cell in row if isinstance(cell, bytes))
    except sqlite3.DatabaseError:
        return  # a kind of table that only Chromium knows; the file was searched as it is
    finally:
        database.close()


def _gunzipped(content: bytes) -> Iterator[bytes]:
    at = content.find(_GZIP)
    while at >= 0:
        with suppress(zlib.error):  # three bytes that only look like a beginning
            yield zlib.decompressobj(31).decompress(content[at:], _LONGEST)
        at = content.find(_GZIP, at + 1)
