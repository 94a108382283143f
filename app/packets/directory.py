"""A packet's own directory: where in the file each of its documents lies.

Entries are stored as they are, so a document is a stretch of the file and can be sent without
unpacking anything.  The directory at the end is read entry by entry: memory stays the same
whatever a packet holds.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

# What people take alone; photos they see in the system, and what checks the packet needs it whole.
DOCUMENT = re.compile(
    r"data/(report\.pdf|tables\.xlsx|places\.(geojson|kml)|[a-z_]{1,40}\.csv"
    r"|attachments/[A-Za-z0-9-]{1,40}/[a-z0-9-]{1,40}\.(pdf|docx))"
)
_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_WIDE_END = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_BYTES = 20
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF


class NotAPacket(ValueError):
    """The file's end is not one that a packet has."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a packet, as the stretch of the packet's bytes that it is."""

    name: str  # below data/: report.pdf, attachments/5601/plan-6.docx
    start: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    offset: int  # of the local header
    size_bytes: int
    stored: bool


def list_documents(file: IO[bytes]) -> list[list[str | int]]:
    """The documents of an open packet as `Packet.head["documents"]` keeps them.

    Raises:
        NotAPacket: it has no directory where a packet has one.
        OSError: it could not be read.
    """
    wanted = [each for each in _entries(file) if DOCUMENT.fullmatch(_below_top(each.name))]
    return [[d.name, d.start, d.size_bytes] for d in (_document(file, e) for e in wanted)]


def from_head(listed: Sequence[Sequence[str | int]]) -> list[Document]:
    """What `list_documents` listed."""
    return [Document(str(name), int(start), int(size)) for name, start, size in listed]


def _below_top(name: str) -> str:
    return name.partition("/")[2]


def _document(file: IO[bytes], entry: _Entry) -> Document:
    file.seek(entry.offset)
    head = _unpack(_LOCAL, file, b"PK\3\4")
    start = entry.offset + _LOCAL.size + head[-2] + head[-1]
    if not entry.stored:
        raise NotAPacket(f"{entry.name} is not stored as it is")
    return Document(_below_top(entry.name).removeprefix("data/"), start, entry.size_bytes)


def _entries(file: IO[bytes]) -> Iterator[_Entry]:
    count, offset = _end(file)
    file.seek(offset)
    for _ in range(count):
        fields = _unpack(_ENTRY, file, b"PK\1\2")
        method, size, kept = fields[4], fields[9], fields[8]
        name = file.read(fields[10]).decode("utf-8", "replace")
        extra = file.read(fields[11])
        file.seek(fields[12], os.SEEK_CUR)
        wide = _wide(extra)
        size = next(wide) if size == _FULL_32 else size
        kept = next(wide) if kept == _FULL_32 else kept
        at = next(wide) if fields[16] == _FULL_32 else fields[16]
        yield _Entry(name, at, size, method == 0 and kept == size)


def _wide(extra: bytes) -> Iterator[int]:
    """The 64-bit numbers of an entry's ZIP64 field, in their order."""
    if len(extra) >= 4 and extra[:2] == b"\1\0":
        for (number,) in struct.iter_unpack("<Q", extra[4 : 4 + (len(extra) - 4) // 8 * 8]):
            yield number
    raise NotAPacket("a ZIP64 field is too short")


def _end(file: IO[bytes]) -> tuple[int, int]:
    """How many entries there are, and where the directory begins."""
    size_bytes = file.seek(0, os.SEEK_END)
    if size_bytes < _END.size:
        raise NotAPacket("too short")
    file.seek(size_bytes - _END.size)
    fields = _unpack(_END, file, b"PK\5\6")
    count, offset = fields[4], fields[6]
    if count < _FULL_16 and offset < _FULL_32:
        return count, offset
    back = _END.size + _LOCATOR_BYTES + _WIDE_END.size
    if size_bytes < back:
        raise NotAPacket("too short")
    file.seek(size_bytes - back)
    wide = _unpack(_WIDE_END, file, b"PK\6\6")
    return wide[7], wide[9]


def _unpack(shape: struct.Struct, file: IO[bytes], mark: bytes) -> tuple[int, ...]:
    data = file.read(shape.size)
    if len(data) != shape.size or data[:4] != mark:
        raise NotAPacket("not the records of a packet")
    fields: tuple[int, ...] = shape.unpack(data)
    return fields
