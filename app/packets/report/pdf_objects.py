"""Reading the PDFs that Typst wrote: their objects as bytes, one after the other.

Typst's writer leaves plain objects behind one classic cross-reference table: no object streams,
no incremental updates, references of generation 0.  So a PDF of ours can be taken apart without
a library that holds it whole: half a million objects of a province's report take no memory.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

_TOKEN = re.compile(rb"\s*(<<|>>|[\[\](]|/[^\s<>\[\]()/]*|<[0-9A-Fa-f]*>|[^\s<>\[\]()/]+)")
_REFERENCE = re.compile(rb"(\d+) 0 R\b")


class NotOurPdf(Exception):
    """The file is not a PDF as our typesetter writes it."""


class Sheets:
    """One PDF of `setting`, in memory: a part's is 10 MB at most."""

    def __init__(self, path: Path) -> None:
        """Read the file and where its objects lie.

        Raises:
            NotOurPdf: it is something else.
        """
        self.data = path.read_bytes()
        start = self.data.rfind(b"startxref")
        trailer = self.data.rfind(b"trailer", 0, start)
        if trailer < 0 or not self.data.startswith(b"%PDF-1.7"):
            raise NotOurPdf(path.name)
        facts = entries(self.data[trailer + 7 : start].strip())
        self.root, self.info = reference(facts["Root"]), reference(facts["Info"])
        self._read_table(int(self.data[start + 9 :].split()[0]), trailer, int(facts["Size"]))

    def _read_table(self, table: int, trailer: int, size: int) -> None:
        words = self.data[table:trailer].split()
        if words[:3] != [b"xref", b"0", b"%d" % size] or len(words) != 3 + 3 * size:
            raise NotOurPdf("cross-reference table")
        self.starts = array("Q", map(int, words[3::3]))
        used = sorted(
            (start, number) for number, start in enumerate(self.starts) if number and start
        )
        self.ends = array("Q", bytes(8 * size))
        for (_start, number), (after, _next) in zip(used, [*used[1:], (table, 0)], strict=True):
            self.ends[number] = after

    def __len__(self) -> int:
        """How many numbers are taken, 0 among them."""
        return len(self.starts)

    def head(self, number: int) -> bytes:
        """An object without its stream."""
        return self._split(number)[0]

    def stream(self, number: int) -> memoryview | None:
        """The stream of an object, as it is stored."""
        return self._split(number)[1]

    def objects(self) -> Iterator[tuple[int, bytes, memoryview | None]]:
        """Number, head and stream of every object."""
        for number in range(1, len(self)):
            if self.starts[number]:
                yield number, *self._split(number)

    def _split(self, number: int) -> tuple[bytes, memoryview | None]:
        start, end = self.starts[number], self.ends[number]
        begin = self.data.index(b"obj\n", start, end) + 4
        stream = self.data.find(b"\nstream\n", begin, end)  # no string of Typst's has a raw newline
        if stream < 0:
            return self.data[begin : self.data.rindex(b"endobj", begin, end)].rstrip(), None
        last = self.data.rindex(b"\nendstream", stream, end)
        return self.data[begin:stream], memoryview(self.data)[stream + 8 : last]

    def pages(self) -> list[int]:
        """The numbers of the page objects, in order."""
        return list(self._leaves(self.pages_root))

    @property
    def pages_root(self) -> int:
        """The number of the page tree's root."""
        return reference(self.catalog["Pages"])

    @property
    def catalog(self) -> dict[str, bytes]:
        """The document catalog."""
        return entries(self.head(self.root))

    def _leaves(self, number: int) -> Iterator[int]:
        node = entries(self.head(number))
        if node["Type"] != b"/Pages":
            yield number
            return
        for kid in references(node["Kids"]):
            yield from self._leaves(kid)


def entries(head: bytes) -> dict[str, bytes]:
    """The entries of a dictionary: each key's value as bytes."""
    found: dict[str, bytes] = {}
    place, key = 2, ""
    while (token := _TOKEN.match(head, place)) and token[1] != b">>":
        start = token.start(1)
        if not key:
            key, place = token[1][1:].decode("latin-1"), token.end()
            continue
        place = _value_end(head, start)
        found[key], key = head[start:place], ""
    return found


def _value_end(head: bytes, place: int) -> int:
    if reference_ := _REFERENCE.match(head, place):
        return reference_.end()
    depth = 0
    while token := _TOKEN.match(head, place):
        place = token.end()
        if token[1] == b"(":
            place = string_end(head, place - 1)
        depth += {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}.get(token[1], 0)
        if not depth:
            return place
    raise NotOurPdf("dictionary")


def string_end(head: bytes, place: int) -> int:
    """Where the literal string that begins at `place` ends; brackets inside may be paired."""
    depth = 0
    for found in _STRING_MARK.finditer(head, place):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise NotOurPdf("string")


_STRING_MARK = re.compile(rb"\\.|[()]", re.DOTALL)


def reference(value: bytes) -> int:
    """The number of an indirect reference."""
    found = _REFERENCE.fullmatch(value)
    if not found:
        raise NotOurPdf("reference")
    return int(found[1])


def references(value: bytes) -> list[int]:
    """Every number referred to in an array of references."""
    return [int(number) for number in _REFERENCE.findall(value)]


def renumbered(head: bytes, base: int) -> bytes:
    """The head with every reference moved by `base`; what stands in strings stays."""

    def moved(found: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % (int(found[1]) + base)

    if b"(" not in head:
        return _REFERENCE.sub(moved, head)
    return outside_strings(head, lambda piece: _REFERENCE.sub(moved, piece))


def outside_strings(head: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The head, changed everywhere but in its literal strings."""
    pieces, place = [], 0
    while (start := head.find(b"(", place)) >= 0:
        end = string_end(head, start)
        pieces += [change(head[place:start]), head[start:end]]
        place = end
    return b"".join((*pieces, change(head[place:])))
