"""A ZIP of which every byte is settled: stored entries one after the other, and nothing else.

What a reader (verify.py, the page that checks) may expect of a packet, to the byte:

- entries lie contiguously from offset 0, in the order of the directory, which ends the file;
- local header: version 20, flag 0 (0x800 when the name is not ASCII), method 0, time 0, date 0x21
  (1 January 1980), CRC-32, both sizes, no extra field.  An entry of `WIDE_SIZE` bytes or more:
  version 45, both sizes 0xFFFFFFFF, extra field (1, 16, size, size);
- directory entry: made by UNIX, mode 0100644, extra field (1, n, [size, size], [offset]) with the
  sizes when the entry is that large, and the offset when it is above `WIDE_OFFSET` (the field
  itself is then 0xFFFFFFFF); version 45 with such a field, else 20, both made by and needed;
- ZIP64 end records when there are more than 65,535 entries, or when size or offset of the
  directory is above `WIDE_OFFSET`; then the plain end record, without a comment.

The target is written by position, never by appending: an entry whose sizes are known only at its
end gets its header then, and what was begun in vain is simply written over.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CHUNK_BYTES = 1024 * 1024
COPY_BYTES = 1 << 30  # at most so many in one call of the kernel, which takes 2 GiB - 4 KiB
WIDE_SIZE = 0xFFFFFFFF  # 4 GiB - 1: what a field of 32 bits cannot say
WIDE_OFFSET = 0x7FFFFFFF  # 2 GiB - 1, where Python's own zipfile begins, too
MOST_NARROW = 0xFFFF  # entries without ZIP64
FIXED_DAY = 0x21
ISSUED_MODE = 0o100644 << 16
UNIX = 3
_WIDE_EXTRA = struct.Struct("<2H2Q")
# File systems that cannot copy in the kernel, or not between the two; a full disk is none of them.
_REFUSED = {
    errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EPERM, errno.EBADF,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What an entry came to."""

    sha256: str
    crc32: int
    size_bytes: int


class Container:
    """Writes entries into `target`: empty, seekable, readable and writable.

    Nothing of it is held in memory but the directory, 150 bytes a file.
    """

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._fd = _descriptor(target)
        self._offset = 0  # where the next entry begins
        self._directory = bytearray()
        self._count = 0

    def copy(self, name: str, source: int, size_bytes: int, crc32: int) -> bool:
        """Let the kernel copy a whole file; the bytes never pass through this process.

        False when it cannot: nothing was added then.
        """
        header = _header(name, crc32, size_bytes)
        if self._fd is None:
            return False
        start = self._offset + len(header)
        if not _copy_range(source, self._fd, start, size_bytes):
            return False
        self._write(self._offset, header)
        self._add(name, crc32, size_bytes)
        return True

    @contextmanager
    def writing(self, name: str) -> Iterator[Slot]:
        """Open an entry to be written; hashed on the way.  One at a time."""
        start = self._offset + len(_header(name, 0, 0))
        slot = Slot(self, start)
        yield slot
        written = slot.written
        header = _header(name, written.crc32, written.size_bytes)
        shift = self._offset + len(header) - start
        if shift:
            self._move(start, written.size_bytes, shift)
        self._write(self._offset, header)
        self._add(name, written.crc32, written.size_bytes)

    def finish(self) -> None:
        """Write the directory.  The target then stands at its end."""
        end = bytes(self._directory)
        end += _end_records(self._count, len(self._directory), self._offset)
        self._write(self._offset, end)
        self._target.seek(self._offset + len(end))

    def write_at(self, offset: int, data: memoryview) -> None:
        """Write all of `data`; for `Slot`."""
        self._write(offset, data)

    def _write(self, offset: int, data: bytes | memoryview) -> None:
        rest = memoryview(data)
        if self._fd is None:
            self._target.seek(offset)
        while rest:
            if self._fd is None:
                done = self._target.write(rest)
            else:
                done = os.pwrite(self._fd, rest, offset)
            offset, rest = offset + done, rest[done:]

    def _read(self, offset: int, size_bytes: int) -> bytes:
        self._target.flush()
        self._target.seek(offset)
        data = self._target.read(size_bytes)
        if len(data) != size_bytes:
            raise OSError(errno.EIO, "the packet's own file is shorter than what was written")
        return data

    def _move(self, start: int, size_bytes: int, shift: int) -> None:
        """Make room before an entry that grew beyond 4 GiB, from its end on."""
        while size_bytes:
            piece = min(CHUNK_BYTES, size_bytes)
            size_bytes -= piece
            self._write(start + size_bytes + shift, self._read(start + size_bytes, piece))

    def _add(self, name: str, crc32: int, size_bytes: int) -> None:
        self._directory += _directory_entry(name, crc32, size_bytes, self._offset)
        self._offset += len(_header(name, crc32, size_bytes)) + size_bytes
        self._count += 1


class Slot(io.RawIOBase):
    """An entry while it is written: takes bytes, tells its position, cannot go back."""

    def __init__(self, container: Container, start: int) -> None:
        super().__init__()
        self._container, self._start = container, start
        self._size, self._crc, self._digest = 0, 0, hashlib.sha256()

    def writable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """How many bytes the entry has so far."""
        return self._size

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of `data`."""
        view = memoryview(data).cast("B")
        self._container.write_at(self._start + self._size, view)
        self._digest.update(view)
        self._crc = zlib.crc32(view, self._crc)
        self._size += len(view)
        return len(view)

    @property
    def written(self) -> Written:
        """What it came to so far."""
        return Written(self._digest.hexdigest(), self._crc, self._size)


def _descriptor(target: IO[bytes]) -> int | None:
    """The number of a real file, where the kernel copies between files; else None."""
    if not hasattr(os, "copy_file_range"):
        return None
    try:
        target.flush()
        return target.fileno()
    except (AttributeError, OSError):  # a buffer in memory says UnsupportedOperation, an OSError
        return None


def _copy_range(source: int, target: int, offset: int, size_bytes: int) -> bool:
    done = 0
    while done < size_bytes:
        piece = min(size_bytes - done, COPY_BYTES)
        try:
            copied = os.copy_file_range(source, target, piece, done, offset + done)
        except OSError as error:
            if error.errno in _REFUSED:
                return False
            raise
        if not copied:  # the file is shorter than it was, or the file system pretends
            return False
        done += copied
    return True


def _stored_name(name: str) -> tuple[bytes, int]:
    return name.encode(), 0 if name.isascii() else 0x800


def _header(name: str, crc32: int, size_bytes: int) -> bytes:
    stored, flag = _stored_name(name)
    version, size, extra = 20, size_bytes, b""
    if size_bytes >= WIDE_SIZE:
        version, size, extra = 45, 0xFFFFFFFF, _WIDE_EXTRA.pack(1, 16, size_bytes, size_bytes)
    fixed = (version, flag, 0, 0, FIXED_DAY, crc32, size, size, len(stored), len(extra))
    return struct.pack("<4s5H3L2H", b"PK\3\4", *fixed) + stored + extra


def _directory_entry(name: str, crc32: int, size_bytes: int, offset: int) -> bytes:
    stored, flag = _stored_name(name)
    size, numbers = size_bytes, b""
    if size_bytes >= WIDE_SIZE:
        size, numbers = 0xFFFFFFFF, struct.pack("<2Q", size_bytes, size_bytes)
    if offset > WIDE_OFFSET:
        numbers, offset = numbers + struct.pack("<Q", offset), 0xFFFFFFFF
    extra = struct.pack("<2H", 1, len(numbers)) + numbers if numbers else b""
    version = 45 if extra else 20
    fixed = (version, UNIX, version, 0, flag, 0, 0, FIXED_DAY, crc32, size, size)
    lengths = (len(stored), len(extra), 0, 0, 0, ISSUED_MODE, offset)
    return struct.pack("<4s4B4H3L5H2L", b"PK\1\2", *fixed, *lengths) + stored + extra


def _end_records(count: int, size: int, offset: int) -> bytes:
    wide = b""
    if count > MOST_NARROW or max(size, offset) > WIDE_OFFSET:
        numbers = (44, 45, 45, 0, 0, count, count, size, offset)
        wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", *numbers)
        wide += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
        count, size, offset = min(count, 0xFFFF), min(size, 2**32 - 1), min(offset, 2**32 - 1)
    return wide + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)
