"""The container: a BagIt 1.0 bag (RFC 8493) inside a ZIP that is the same to the byte each time.

Entries are stored, not deflated (JPEG gains 1.6 % for 20 times the CPU).  A file whose digest the
parts have found is copied by the kernel and never read again; what is made for the packet is
hashed while it is written.  So memory does not grow with the bytes, and every byte is read once.

The fingerprint of a packet is the SHA-256 of its tag manifest: that names the manifest, which
names every file, and the container around them can only be one (`container`).
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from app.packets.bag.container import CHUNK_BYTES, Container, Slot, Written

BAGIT_TXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE = "signature.json"  # listed nowhere: it is about the list
_OXUM = "Payload-Oxum"
_REFUSED = re.compile(r'[\\:*?"<>|%]')  # by some system, or by a manifest

Sign = Callable[[str], bytes]  # from the fingerprint, in hex, to the bytes of signature.json


class PhotoChanged(Exception):
    """A file no longer has the digest it had minutes ago; the build must start again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the bag, as it was written.  `name` is relative to the top folder."""

    name: str
    sha256: str
    size_bytes: int


class Known(Protocol):
    """What was found when a file was checked: `parts.CheckedFile`."""

    @property
    def sha256(self) -> str:
        """Of the whole file, in hex."""

    @property
    def size_bytes(self) -> int:
        """Of the whole file."""

    @property
    def crc32(self) -> int:
        """Of the whole file."""

    @property
    def changed_ns(self) -> int:
        """`st_ctime_ns` before it was read; 0 when it was not noted: then it is read again."""


class BagWriter:
    """Writes one bag into `target`: empty, seekable, readable and writable.

        with BagWriter(target, "lakthan-5601-2567Q2-e1", info, key.sign) as bag:
            bag.add_file("data/" + checked.name, path, checked)
            bag.add_bytes("data/content.json", data)
            with bag.writing("data/report.pdf") as slot:
                slot.write(…)
        bag.fingerprint, bag.files, bag.octets

    Names are relative to the top folder: what is below data/ is payload, anything else a tag file.
    Entries lie in the order they were added, and so do the lines of the manifests: the fingerprint
    settles the order too.  Payload comes first, then tag files; verify.py asks for that.  `info`
    is bag-info.txt in its order; Payload-Oxum is put in.  Nothing is finished after an error.
    """

    def __init__(
        self, target: IO[bytes], top: str, info: Mapping[str, str], sign: Sign | None = None
    ) -> None:
        self._container, self._top = Container(target), top
        self._info, self._sign = info, sign
        self._listed: dict[str, bytes] = {}  # digest and size, 40 bytes: hex would take twice that
        self._tagged = False  # whether the first tag file is there
        self.fingerprint = ""  # known after the block
        self.files = 0  # in the payload
        self.octets = 0  # of the payload

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a small file."""
        with self.writing(name) as slot:
            slot.write(data)

    def add_file(self, name: str, path: Path, known: Known | None = None) -> None:
        """Add a file from the disk; without `known` it is hashed on the way.

        A file that was touched since it was checked is read once more: only its bytes count.

        Raises:
            PhotoChanged: it is not the file that was checked.
            OSError: it cannot be read, or the disk is full.
        """
        with path.open("rb", buffering=0) as source:
            if known is None:
                self._stream(name, source)
            elif not self._copied(name, source.fileno(), known):
                source.seek(0)
                written = self._stream(name, source)
                if written != Written(known.sha256, known.crc32, known.size_bytes):
                    raise PhotoChanged(name)

    def payload(self) -> Iterator[Listed]:
        """What lies below data/ so far, in the order it was added."""
        for name, found in self._listed.items():
            if name.startswith(PAYLOAD):
                yield Listed(name, found[:32].hex(), int.from_bytes(found[32:]))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file of the bag to be written, in pieces of any size; hashed on the way."""
        with self._slot(name) as slot, io.BufferedWriter(slot, CHUNK_BYTES) as buffered:
            yield buffered

    @contextmanager
    def _slot(self, name: str) -> Iterator[Slot]:
        with self._container.writing(self._entry(name)) as slot:
            yield slot
        self._list(name, slot.written.sha256, slot.written.size_bytes)

    def _copied(self, name: str, source: int, known: Known) -> bool:
        if os.fstat(source).st_size != known.size_bytes:
            raise PhotoChanged(name)
        entry = self._entry(name)
        if not known.changed_ns or not _untouched(source, known):
            return False
        if not self._container.copy(entry, source, known.size_bytes, known.crc32):
            return False
        if not _untouched(source, known):
            raise PhotoChanged(name)  # while it was copied
        self._list(name, known.sha256, known.size_bytes)
        return True

    def _stream(self, name: str, source: IO[bytes]) -> Written:
        buffer = bytearray(CHUNK_BYTES)
        with self._slot(name) as slot:
            while count := source.readinto(buffer):  # type: ignore[attr-defined]
                slot.write(memoryview(buffer)[:count])
        return slot.written

    def _entry(self, name: str) -> str:
        """The name in the container.  Raises ValueError for one that no bag may have."""
        late = self._tagged and name.startswith(PAYLOAD)
        if late or name in self._listed or not _is_plain(name):
            raise ValueError(f"not a name for a new file of a bag: {name!r}")
        return f"{self._top}/{name}"

    def _list(self, name: str, sha256: str, size_bytes: int) -> None:
        self._listed[name] = bytes.fromhex(sha256) + size_bytes.to_bytes(8)
        if name.startswith(PAYLOAD):
            self.files += 1
            self.octets += size_bytes
        else:
            self._tagged = True

    def _finish(self) -> None:
        tags = [name for name in self._listed if not name.startswith(PAYLOAD)]
        self._write_list(MANIFEST, [name for name in self._listed if name.startswith(PAYLOAD)])
        self.add_bytes("bag-info.txt", self._info_text().encode())
        self.add_bytes("bagit.txt", BAGIT_TXT)
        self._write_list(TAG_MANIFEST, [*tags, MANIFEST, "bag-info.txt", "bagit.txt"])
        self.fingerprint = self._listed[TAG_MANIFEST][:32].hex()
        if self._sign is not None:
            self.add_bytes(SIGNATURE, self._sign(self.fingerprint))
        self._container.finish()

    def _write_list(self, name: str, listed: list[str]) -> None:
        with self.writing(name) as slot:
            for each in listed:
                slot.write(f"{self._listed[each][:32].hex()}  {each}\n".encode())

    def _info_text(self) -> str:
        """bag-info.txt; Payload-Oxum stands where the alphabet has it."""
        told = [(key, " ".join(value.split())) for key, value in self._info.items()]
        place = next((n for n, (key, _v) in enumerate(told) if key > _OXUM), len(told))
        told.insert(place, (_OXUM, f"{self.octets}.{self.files}"))
        return "".join(f"{key}: {value}\n" for key, value in told)


def _untouched(source: int, known: Known) -> bool:
    state = os.fstat(source)
    return (state.st_size, state.st_ctime_ns) == (known.size_bytes, known.changed_ns)


def _is_plain(name: str) -> bool:
    """Whether a name means the same file on every system, and in a manifest."""
    if _REFUSED.search(name) or not name.isprintable():
        return False
    return not any(part in ("", ".", "..") for part in name.split("/"))
