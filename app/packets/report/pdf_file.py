"""Writing one PDF from front to back: objects as they come, then one cross-reference table."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from typing import IO

_BINARY = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
UNUSED = 0


class PdfFile:
    """A PDF under way.  It keeps eight bytes an object and nothing else."""

    def __init__(self, target: IO[bytes]) -> None:
        """Begin in an empty file; nothing is ever read back or written twice."""
        self._target = target
        self._at = 0
        self._starts = array("Q", [UNUSED])
        self._put(_BINARY)

    def reserve(self, many: int = 1) -> int:
        """Take `many` numbers in a row; returns the first."""
        first = len(self._starts)
        self._starts.extend([UNUSED] * many)
        return first

    def write(self, number: int, head: bytes) -> None:
        """Write an object without a stream."""
        self._starts[number] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, head))

    def add(self, head: bytes) -> int:
        """Write an object under a new number; returns the number."""
        number = self.reserve()
        self.write(number, head)
        return number

    def write_stream(self, number: int, head: bytes, chunks: Iterable[bytes | memoryview]) -> None:
        """Write an object with its stream; `head` says its length."""
        self._starts[number] = self._at
        self._put(b"%d 0 obj\n%b\nstream\n" % (number, head))
        for chunk in chunks:
            self._put(chunk)
        self._put(b"\nendstream\nendobj\n")

    def close(self, root: int, info: int, name: bytes) -> None:
        """Write the table and the trailer.  `name`: what the first half of the ID stands for."""
        self._link_unused()
        table = self._at
        self._put(b"xref\n0 %d\n" % len(self._starts))
        free = self._free
        for first in range(0, len(self._starts), 10_000):
            block = range(first, min(first + 10_000, len(self._starts)))
            self._put(b"".join(
                b"%010d 65535 f \n" % free[number] if number in free
                else b"%010d 00000 n \n" % self._starts[number]
                for number in block
            ))  # fmt: skip
        permanent = hashlib.sha256(name).hexdigest()[:32].encode()
        changing = hashlib.sha256(name + self._starts.tobytes()).hexdigest()[:32].encode()
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._starts), root, info, permanent, changing, table)
        )

    def _link_unused(self) -> None:
        """Chain the numbers that were not used, as the format wants it: each names the next."""
        unused = [number for number, start in enumerate(self._starts) if start == UNUSED]
        self._free = dict(zip(unused, [*unused[1:], 0], strict=True))

    def _put(self, data: bytes | memoryview) -> None:
        self._target.write(data)
        self._at += len(data)
