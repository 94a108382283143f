#!/usr/bin/env python3
"""ตรวจชุดหลักฐาน - check an evidence packet: nothing altered, nothing missing, nothing added.

Needs Python 3.9 or later and nothing else; a copy travels inside every packet.
    python3 verify.py                   the unpacked packet that this file lies in
    python3 verify.py PACKET.zip        the file as it was issued
    python3 verify.py FOLDER            a folder that a packet was unpacked into
Options:
    --key ID    the key you trust: the 16 letters and digits that the issuing office shows
    --ask       ask the site named in the packet whether it issued it and whether a newer edition
                exists; only the fingerprint is sent.  Without it nothing goes over the network
    --json      the answer for a program
Exit status: 0 whole, 1 not whole or another key, 2 unreadable.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import stat
import struct
import sys
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Iterator  # noqa: UP035 - Python 3.9

if sys.version_info < (3, 9):  # noqa: UP036 - this file runs wherever it was unpacked
    sys.exit("Python 3.9 or later is needed")

CHUNK_BYTES = 1024 * 1024
MAX_TAG_BYTES = 64 * 1024 * 1024  # a manifest of 400 000 files; more is not a packet of ours
MAX_ENTRIES = 1_000_000
MAX_ANSWER_BYTES = 64 * 1024
ASK_TIMEOUT_S = 15
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
INFO, SIGNATURE = "bag-info.txt", "signature.json"
REQUIRED = (INFO, "bagit.txt", MANIFEST, TAG_MANIFEST)
SIGNED_FORMAT = 2  # from this format on a packet without a signature is not whole
# What the computer of whoever opened the folder leaves there; not ours, and not anybody's doing.
LEFT_BY_COMPUTERS = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", ".directory"}

ISSUED_MODE = 0o100644 << 16
FIXED_DAY = 0x21  # 1 January 1980 in a ZIP
FULL = 0xFFFFFFFF  # what a 32-bit field says when ZIP64 tells the number
HALF = 0x7FFFFFFF  # beyond this an offset, or the end of the archive, turns to ZIP64
END_BYTES, WIDE_END_BYTES, LOCATOR_BYTES = 22, 56, 20
MAX_TAIL_BYTES = END_BYTES + WIDE_END_BYTES + LOCATOR_BYTES + 0xFFFF
SIGNED_START = b"lakthan-packet-v1\n"
SPELLING = re.compile(  # the one spelling of signature.json
    rb'\{"algorithm":"Ed25519","fingerprint":"([0-9a-f]{64})","key":"([A-Za-z0-9_-]{43})",'
    rb'"key_id":"([0-9a-f]{16})","signature":"([A-Za-z0-9_-]{86})"\}\n'
)


class Unreadable(Exception):
    """The file is no ZIP or no bag at all."""


@dataclass
class Report:
    """What the check found.  Names are relative to the packet's top folder."""

    title: str = ""
    identifier: str = ""
    edition: int | None = None
    fingerprint: str = ""  # SHA-256 of the tag manifest: it stands for every byte of the packet
    sha256: str = ""  # of the ZIP itself
    files: int = 0
    altered: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  # the container: a word, and a name
    signature: str = "missing"  # valid, invalid, missing
    key_id: str = ""  # of a valid signature
    signer: str = ""  # as the packet itself says
    masked: bool | None = None
    site: str = ""  # where it says that it was issued
    trusted: bool | None = None  # whether the key is the one that was named
    register: dict[str, Any] | None = None  # what the site answered

    @property
    def whole(self) -> bool:
        """Whether the packet is exactly what was issued."""
        return not (self.altered or self.missing or self.added or self.damaged)

    def as_json(self) -> dict[str, Any]:
        """The answer that every verifier of ours gives to a program."""
        names = (
            "whole", "identifier", "edition", "fingerprint", "files", "altered", "missing",
            "added", "damaged", "signature", "key_id", "signer", "masked",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def lines(self) -> Iterator[str]:
        """Yield the result, Thai and English, line by line."""
        if self.title or self.identifier:
            yield f"{self.identifier}  {self.title}".strip()
        yield from self._faults()
        if self.whole:
            yield f"ครบถ้วน ไม่มีไฟล์ใดถูกแก้ไข ขาดหาย หรือเพิ่มเข้ามา ({self.files} ไฟล์)"
            yield f"Whole: {self.files} files, nothing altered, missing or added."
        elif self._only_left_by_computers():
            yield "ไฟล์ที่ออกให้อยู่ครบและไม่ถูกแก้ไข มีเพียงไฟล์ที่คอมพิวเตอร์สร้างเอง ลบแล้วตรวจใหม่ได้"
            yield "All that was issued is there; the computer added files of its own: delete them."
        else:
            yield "ไม่ครบถ้วน ห้ามใช้เป็นหลักฐาน โปรดขอไฟล์ใหม่จากระบบ"
            yield "NOT whole: do not use it as evidence; fetch it again."
        yield from self._origin()
        yield from self._newest()

    def _faults(self) -> Iterator[str]:
        for names, thai, english in (
            (self.altered, "ถูกแก้ไข", "altered"),
            (self.missing, "ขาดหาย", "missing"),
            (self.added, "ถูกเพิ่มเข้ามา", "added"),
            (self.damaged, "โครงสร้างไฟล์ผิดไปจากที่ระบบออก", "container differs"),
        ):
            for name in names:
                own = " (คอมพิวเตอร์สร้างเอง / by the computer itself)" if _left(name) else ""
                yield f"{thai} / {english}: {name}{own if names is self.added else ''}"

    def _only_left_by_computers(self) -> bool:
        others = self.altered or self.missing or self.damaged
        return not others and all(_left(name) for name in self.added)

    def _origin(self) -> Iterator[str]:
        if self.edition is not None:
            yield f"ฉบับที่ {self.edition} / edition {self.edition}"
        if self.masked is not None:
            yield (
                "ปกปิดข้อมูลส่วนบุคคลแล้ว / personal data is masked"
                if self.masked
                else "มีข้อมูลส่วนบุคคลที่ไม่ได้ปกปิด / personal data is NOT masked"
            )
        if self.signature == "valid":
            yield f"ลงนามโดย / signed by: {self.signer or '?'}  (กุญแจ / key {self.key_id})"
            yield from self._trust()
        elif self.signature == "invalid":
            yield "ลายเซ็นไม่ถูกต้อง / the signature is NOT valid"
        else:
            yield "ไม่มีลายเซ็น / not signed"
        if self.fingerprint:
            yield f"ลายนิ้วมือชุดหลักฐาน / fingerprint: {self.fingerprint}"
        if self.sha256:
            yield f"SHA-256: {self.sha256}"

    def _trust(self) -> Iterator[str]:
        if self.trusted is None:
            yield "โปรดเทียบรหัสกุญแจนี้กับที่หน่วยงานผู้ออกแสดงไว้ ใครก็สร้างกุญแจของตนเองได้"
            yield "Compare the key with the one the issuing office shows: anybody can make a key."
        elif self.trusted:
            yield "กุญแจตรงกับที่เชื่อถือ / the key is the trusted one"
        else:
            yield "กุญแจไม่ตรงกับที่เชื่อถือ ผู้อื่นเป็นผู้ลงนาม / ANOTHER key than the trusted one"

    def _newest(self) -> Iterator[str]:
        if self.register is not None:
            yield from register_lines(self.register, self.edition)
        elif address := self.address():
            yield f"ตรวจทะเบียนและฉบับล่าสุดได้ที่ / ask for a newer edition: {address}"

    def address(self) -> str:
        """Where the register of the packet's own site answers; empty where it names none."""
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", self.site) or not self.fingerprint:
            return ""
        return f"{self.site}/packets/register/{self.fingerprint}"


def register_lines(told: dict[str, Any], edition: int | None) -> Iterator[str]:
    """Say what a register answered about a packet."""
    if "error" in told:
        yield f"ถามทะเบียนไม่ได้ / the register could not be asked: {told['error']}"
        return
    if told.get("known") is not True:
        yield "ไม่พบในทะเบียนของระบบนี้ / not in this system's register"
        return
    yield f"ตรงกับฉบับที่ระบบออก / issued here on {told.get('issued_on')}"
    if told.get("withdrawn"):
        yield "ฉบับนี้ถูกถอนแล้ว / this edition was WITHDRAWN"
    newest = told.get("newest_edition")
    if isinstance(newest, int) and newest > (edition or told.get("edition") or 0):
        yield f"มีฉบับใหม่กว่า: ฉบับที่ {newest} / a newer edition exists: {newest}"
    elif isinstance(newest, int):
        yield "เป็นฉบับล่าสุด / this is the newest edition"


def _left(name: str) -> bool:
    parts = name.split("/")
    return parts[-1] in LEFT_BY_COMPUTERS or parts[-1].startswith("._") or "__MACOSX" in parts


# -- Where a bag lies: in a folder, in a ZIP ---------------------------------------------------


class FolderBag:
    """A bag unpacked into a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """All files below the folder; links count as files and are never followed."""
        found = []
        for folder, folders, files in os.walk(self.root):
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in files + links:
                path = Path(folder, name).relative_to(self.root)
                found.append(path.as_posix().encode("utf-8", "replace").decode("utf-8"))
        return sorted(found)

    def read(self, name: str) -> bytes:
        """The start of one file: all of it, where it is one of ours."""
        return b"".join(self.chunks(name, MAX_TAG_BYTES))

    def chunks(self, name: str, most: int | None = None) -> Iterator[bytes]:
        """One file, piece by piece.  A link or a device is refused: it may lead outside."""
        path = self.root / name
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(f"no plain file: {name}")
        with path.open("rb") as file:
            yield from _pieces(file, path.stat().st_size if most is None else most)

    def digest(self, name: str) -> tuple[str | None, int]:
        """SHA-256 and size of one file; an unreadable one has no digest."""
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in self.chunks(name):
                digest.update(chunk)
                size += len(chunk)
        except OSError:
            return "", size
        return digest.hexdigest(), size

    def faults(self, _order: list[str], _info: dict[str, str]) -> list[str]:
        """A folder has no container."""
        return []


@dataclass
class Entry:
    """One file in a ZIP, as the directory tells it."""

    raw: bytes  # its name
    method: int
    crc: int
    packed: int
    size: int
    offset: int  # of its header
    name: str = ""  # below the top folder
    crc_found: int | None = None


class ZipBag:
    """A bag inside a ZIP with one top folder.

    The ZIP is read by its own rules, not by a library's: what libraries forgive is a fault here.
    """

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.size = file, size
        self.base, self.has_end = 0, True
        self.entries = self._find_entries()
        self.top = self._find_top()
        self.by_name: dict[str, Entry] = {}
        for entry in self.entries:
            entry.name = self._below_top(entry)
            self.by_name.setdefault(entry.name, entry)

    def names(self) -> list[str]:
        """All files in the archive."""
        return sorted(name for name in self.by_name if not name.endswith("/"))

    def read(self, name: str) -> bytes:
        """The start of one file: all of it, where it is one of ours."""
        entry = self.by_name[name]
        if entry.method:
            raise Unreadable("packed again")
        data = self._at(self._start(entry), min(entry.size, MAX_TAG_BYTES))
        entry.crc_found = zlib.crc32(data)
        return data

    def digest(self, name: str) -> tuple[str | None, int]:
        """SHA-256 and size of one file; None where another program compressed it."""
        entry = self.by_name[name]
        if entry.method:
            return None, entry.size
        digest, crc, size = hashlib.sha256(), 0, 0
        self.file.seek(self._start(entry))
        for chunk in _pieces(self.file, entry.size):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
        entry.crc_found = crc
        return digest.hexdigest(), size

    def faults(self, order: list[str], info: dict[str, str]) -> list[str]:
        """List what in the ZIP itself is not as issued: every bit of it is accounted for."""
        found = ["prefix"] if self.base else []
        if self.top != info.get("External-Identifier", self.top):
            found.append(f"folder {self.top}")
        position, directory = 0, []
        seen: set[str] = set()
        for entry in self.entries:
            found += [f"{word} {entry.name}" for word in self._entry_faults(entry, position, seen)]
            seen.add(entry.name)
            directory.append(_directory_line(entry))
            position = entry.offset + len(_header(entry)) + entry.size
        found += self._order_fault(order)
        return found + self._tail_fault(b"".join(directory), position)

    def _entry_faults(self, entry: Entry, position: int, seen: set[str]) -> Iterator[str]:
        if entry.name in seen or not _is_plain(entry):
            yield "name"
        if entry.method or entry.packed != entry.size:
            yield "compressed"
        if entry.offset != position:
            yield "place"
        header = _header(entry)
        if self._at(self.base + entry.offset, len(header)) != header:
            yield "header"
        if entry.crc_found not in (None, entry.crc):
            yield "checksum"

    def _order_fault(self, order: list[str]) -> list[str]:
        ours = set(order)
        there = [name for name in self.by_name if name in ours]
        due = [name for name in order if name in self.by_name]
        pairs = zip(there, due)  # noqa: B905 - both name the same files; Python 3.9
        return next(([f"order {is_}"] for is_, should in pairs if is_ != should), [])

    def _tail_fault(self, directory: bytes, position: int) -> list[str]:
        due = directory + _end_records(len(self.entries), len(directory), position)
        tail = self._at(self.base + position, len(due) + 1)
        if tail == due:
            return []
        if tail.startswith(due):
            return ["suffix"]
        return ["directory"] if self.has_end else ["cut"]

    def _find_entries(self) -> list[Entry]:
        try:
            found = self._directory()
            if sum(entry.size for entry in found) > self.size:
                raise Unreadable("entries overlap")  # a bomb: a packet's byte belongs to one file
        except _NoDirectory:
            found = self._walk()
        if not found:
            raise Unreadable("no ZIP")
        return found

    def _directory(self) -> list[Entry]:
        """Read the directory at the end.  Raises _NoDirectory where it cannot be."""
        tail_at = max(0, self.size - MAX_TAIL_BYTES)
        tail = self._at(tail_at, self.size - tail_at)
        end = tail.rfind(b"PK\5\6")
        self.has_end = end >= 0
        if end < 0 or len(tail) - end < END_BYTES:
            raise _NoDirectory
        count, length, offset = struct.unpack_from("<H2L", tail, end + 10)
        wide = end - LOCATOR_BYTES - WIDE_END_BYTES
        if wide >= 0 and tail[wide : wide + 4] == b"PK\6\6":
            count, length, offset = struct.unpack_from("<3Q", tail, wide + 32)
            end = wide
        if length > MAX_TAG_BYTES or count > MAX_ENTRIES:
            raise Unreadable("too large")
        start = tail_at + end - length
        if start < 0:
            raise _NoDirectory
        entries = _parse_directory(self._at(start, length), count)
        if any(entry.offset >= self.size for entry in entries):
            raise _NoDirectory
        self._find_base(entries, start - offset)
        return entries

    def _find_base(self, entries: list[Entry], shift: int) -> None:
        """Learn how many bytes somebody put before the archive."""
        if shift > 0 and self._at(shift + entries[0].offset, 4) == b"PK\3\4":
            self.base = shift

    def _walk(self) -> list[Entry]:
        """Without a directory: go from header to header, as far as they lead."""
        found: list[Entry] = []
        position = 0
        while len(found) <= MAX_ENTRIES:
            fixed = self._at(position, 30)
            if len(fixed) < 30 or fixed[:4] != b"PK\3\4":
                return found
            method, crc, packed, size, n_name, n_extra = struct.unpack_from("<H4xL2L2H", fixed, 8)
            name = self._at(position + 30, n_name)
            extra = self._at(position + 30 + n_name, n_extra)
            size, packed = _wide_numbers(extra, [size, packed])
            found.append(Entry(name, method, crc, packed, size, position))
            position += 30 + n_name + n_extra + packed
        raise Unreadable("too large")

    def _find_top(self) -> str:
        for entry in self.entries:
            top, slash, rest = entry.raw.partition(b"/")
            if slash and rest == b"bagit.txt":
                return top.decode("utf-8", "replace")
        raise Unreadable("no bag" if self.has_end else "cut short")

    def _below_top(self, entry: Entry) -> str:
        name, start = entry.raw.decode("utf-8", "replace"), f"{self.top}/"
        return name[len(start) :] if name.startswith(start) else f"../{name}"

    def _start(self, entry: Entry) -> int:
        """Where the bytes of a file begin, also behind a header that is not as we write them."""
        at = self.base + entry.offset
        fixed = self._at(at, 30)
        if len(fixed) == 30:
            n_name, n_extra = struct.unpack_from("<2H", fixed, 26)
            if n_name == len(entry.raw) and self._at(at + 30, n_name) == entry.raw:
                return at + 30 + n_name + n_extra
        return at + len(_header(entry))

    def _at(self, offset: int, size: int) -> bytes:
        if offset < 0 or offset >= self.size:
            return b""
        self.file.seek(offset)
        return self.file.read(min(size, self.size - offset))


class _NoDirectory(Exception):
    """The end of the archive tells nothing; its files may still be there."""


def _parse_directory(data: bytes, count: int) -> list[Entry]:
    entries, position = [], 0
    while position < len(data):
        if len(data) - position < 46 or data[position : position + 4] != b"PK\1\2":
            raise _NoDirectory
        method, crc, packed, size = struct.unpack_from("<H4x3L", data, position + 10)
        n_name, n_extra, n_note = struct.unpack_from("<3H", data, position + 28)
        (offset,) = struct.unpack_from("<L", data, position + 42)
        name_at = position + 46
        extra = data[name_at + n_name : name_at + n_name + n_extra]
        size, packed, offset = _wide_numbers(extra, [size, packed, offset])
        name = data[name_at : name_at + n_name]
        entries.append(Entry(name, method, crc, packed, size, offset))
        position = name_at + n_name + n_extra + n_note
    if len(entries) != count or not entries:
        raise _NoDirectory
    return entries


def _wide_numbers(extra: bytes, numbers: list[int]) -> list[int]:
    """Take from a ZIP64 field what did not fit into 32 bits."""
    wide: list[int] = []
    if len(extra) >= 4 and struct.unpack_from("<H", extra)[0] == 1:
        told = min(struct.unpack_from("<H", extra, 2)[0], len(extra) - 4) // 8
        wide = list(struct.unpack_from(f"<{told}Q", extra, 4))
    return [wide.pop(0) if n == FULL and wide else n for n in numbers]


def _is_plain(entry: Entry) -> bool:
    """Whether a name can be unpacked anywhere, and nowhere but below the top folder."""
    is_text = entry.raw.endswith(entry.name.encode("utf-8"))
    if not is_text or re.search(r"[\0-\x1f\x7f\\:]", entry.name):
        return False
    return not {"", ".", ".."} & set(entry.name.split("/"))


def _flag(entry: Entry) -> int:
    return 0x800 if any(byte > 0x7F for byte in entry.raw) else 0


def _header(entry: Entry) -> bytes:
    """Write the header before a file's bytes as the issuing system does."""
    size, version, extra = entry.size, 20, b""
    if size >= FULL:
        version, extra, size = 45, struct.pack("<2H2Q", 1, 16, size, size), FULL
    lengths = (len(entry.raw), len(extra))
    fixed = (version, _flag(entry), 0, 0, FIXED_DAY, entry.crc, size, size, *lengths)
    return struct.pack("<4s5H3L2H", b"PK\3\4", *fixed) + entry.raw + extra


def _directory_line(entry: Entry) -> bytes:
    """Write a file's line in the directory as the issuing system does."""
    size, offset, wide = entry.size, entry.offset, b""
    if size >= FULL:
        wide, size = struct.pack("<2Q", size, size), FULL
    if offset > HALF:
        wide, offset = wide + struct.pack("<Q", offset), FULL
    version = 45 if wide else 20
    extra = struct.pack("<2H", 1, len(wide)) + wide if wide else b""
    fixed = (version, 3, version, 0, _flag(entry), 0, 0, FIXED_DAY, entry.crc, size, size)
    lengths = (len(entry.raw), len(extra), 0, 0, 0, ISSUED_MODE, offset)
    return struct.pack("<4s4B4H3L5H2L", b"PK\1\2", *fixed, *lengths) + entry.raw + extra


def _end_records(count: int, size: int, offset: int) -> bytes:
    """Write the end of the archive as the issuing system does; ZIP64 when it must."""
    wide = b""
    if count > 0xFFFF or max(size, offset) > HALF:
        numbers = (44, 45, 45, 0, 0, count, count, size, offset)
        wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", *numbers)
        wide += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
        count, size, offset = min(count, 0xFFFF), min(size, FULL), min(offset, FULL)
    return wide + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := file.read(min(CHUNK_BYTES, size))):
        size -= len(chunk)
        yield chunk


# -- The check ---------------------------------------------------------------------------------


def verify(path: Path) -> Report:
    """Check the packet at `path`, a ZIP or an unpacked folder.

    Raises:
        Unreadable: it is neither.
        OSError: it is not there, or the disk does not give it.
    """
    if path.is_dir():
        return _check(FolderBag(path), Report())
    with path.open("rb") as file:
        report = _check(ZipBag(file, os.fstat(file.fileno()).st_size), Report())
        report.sha256 = _file_sha256(file)
        return report


def check(path: Path) -> Report:
    """The same for a command: a file that cannot be read is unreadable too."""
    try:
        return verify(path)
    except OSError as error:
        raise Unreadable(error.strerror or "no file") from error


def _file_sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _check(bag: Any, report: Report) -> Report:
    names = set(bag.names())
    if not {"bagit.txt", MANIFEST} <= names:
        raise Unreadable("no bag" if getattr(bag, "has_end", True) else "cut short")
    info = _read_info(bag, report) if INFO in names else {}
    listed = _manifest(bag, MANIFEST)
    tags = _manifest(bag, TAG_MANIFEST) if TAG_MANIFEST in names else {}
    expected = {**listed, **tags}
    report.missing = sorted((set(REQUIRED) | set(expected)) - names)
    report.added = sorted(names - set(expected) - {*REQUIRED, SIGNATURE})
    octets = _check_files(bag, report, expected, listed)
    _check_signature(bag, report, names, _number(info.get("Lakthan-Format")) or 1)
    report.altered.sort()
    report.files = len(listed)
    oxum = f"{octets}.{len(set(listed) & names)}"
    if INFO in names and info.get("Payload-Oxum") != oxum:
        report.damaged.append(f"oxum {info.get('Payload-Oxum', 'none')} {oxum}")
    told = {f"checksum {name}" for name in report.altered}  # an altered file says it already
    faults = bag.faults([*listed, *tags, TAG_MANIFEST, SIGNATURE], info)
    report.damaged += [fault for fault in faults if fault not in told]
    return report


def _check_files(bag: Any, report: Report, expected: dict[str, str], listed: Any) -> int:
    """Compare every file with its manifest; returns the bytes of the payload."""
    octets, missing = 0, set(report.missing)
    for name, due in expected.items():
        if name in missing:
            continue
        digest, size = bag.digest(name)
        octets += size if name in listed else 0
        if digest is not None and digest != due:
            report.altered.append(name)
    return octets


def _manifest(bag: Any, name: str) -> dict[str, str]:
    """Read a manifest: file name -> SHA-256, in the order of its lines."""
    listed = {}
    for line in _text(bag, name).split("\n"):
        digest, _space, file_name = line.partition("  ")
        if file_name:
            listed[file_name] = digest.lower()
    return listed


def _text(bag: Any, name: str) -> str:
    try:
        return str(bag.read(name).decode("utf-8", "replace"))
    except OSError:
        return ""  # its digest will not match either, and names it


def _read_info(bag: Any, report: Report) -> dict[str, str]:
    pairs = (line.partition(": ") for line in _text(bag, INFO).split("\n"))
    info = {key: value for key, _colon, value in pairs}
    report.title = info.get("External-Description", "")
    report.identifier = info.get("External-Identifier", "")
    report.edition = _number(info.get("Lakthan-Edition"))
    report.signer = info.get("Lakthan-Signer", "")
    report.site = info.get("Lakthan-Site", "")
    report.masked = {"masked": True, "unmasked": False}.get(info.get("Lakthan-Personal-Data", ""))
    return info


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[1-9][0-9]{0,5}", text) else None


def _check_signature(bag: Any, report: Report, names: set[str], format_: int) -> None:
    if TAG_MANIFEST in names:
        report.fingerprint = hashlib.sha256(_bytes(bag, TAG_MANIFEST)).hexdigest()
    if SIGNATURE not in names:
        if format_ >= SIGNED_FORMAT:
            report.missing = sorted([*report.missing, SIGNATURE])
        return
    signed = read_signature(_bytes(bag, SIGNATURE))
    report.signature = "valid" if signed and signed[0] == report.fingerprint else "invalid"
    if signed is None:
        report.altered.append(SIGNATURE)
    elif report.signature == "valid":
        report.key_id = signed[1]
    elif TAG_MANIFEST in names:  # a true signature, of another tag manifest
        report.altered.append(TAG_MANIFEST)


def _bytes(bag: Any, name: str) -> bytes:
    try:
        return bytes(bag.read(name))
    except OSError:
        return b""


# -- Ed25519 (RFC 8032, section 5.1), for checking only: nothing here is secret ----------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def read_signature(data: bytes) -> tuple[str, str] | None:
    """Fingerprint and key id of a signature.json that holds good in itself; None otherwise."""
    told = SPELLING.fullmatch(data)
    if told is None:
        return None
    fingerprint, key_text, key_id, signature_text = told.groups()
    key, signature = _base64url(key_text), _base64url(signature_text)
    if key is None or signature is None or hashlib.sha256(key).hexdigest()[:16] != key_id.decode():
        return None
    if not is_signed(key, SIGNED_START + fingerprint + b"\n", signature):
        return None
    return fingerprint.decode(), key_id.decode()


def _base64url(text: bytes) -> bytes | None:
    """Read base64url in its one spelling."""
    try:
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return None
    return data if base64.urlsafe_b64encode(data).rstrip(b"=") == text else None


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is the one of `message` by `key` (32 bytes).

    Strict: numbers beyond their range, points in another spelling and keys of small order are
    refused, so that nobody finds two signatures, or two keys, that mean the same.
    """
    if len(key) != 32 or len(signature) != 64:
        return False
    point, nonce = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if point is None or nonce is None or s >= ORDER or _same(_times(8, point), ZERO):
        return False
    h = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(h, "little") % ORDER
    return _same(_times(s, BASE), _plus(nonce, _times(k, point)))


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(n: int, p: Point) -> Point:
    found = ZERO
    while n:
        if n & 1:
            found = _plus(found, p)
        p, n = _plus(p, p), n >> 1
    return found


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _point(data: bytes) -> Point | None:
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


ZERO: Point = (0, 1, 1, 0)
BASE: Point = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or ZERO


# -- The command -------------------------------------------------------------------------------


def ask(address: str) -> dict[str, Any]:
    """Ask a register over the network.  An answer that is none is told as {"error": …}."""
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=ASK_TIMEOUT_S) as answer:  # noqa: S310
            told = json.loads(answer.read(MAX_ANSWER_BYTES))
    except (OSError, ValueError) as error:
        return {"error": str(getattr(error, "reason", error))}
    return told if isinstance(told, dict) else {"error": "no answer of a register"}


def unreadable_line(error: Unreadable) -> str:
    """Say that this is no packet, and what may have happened to it."""
    hint = {
        "cut short": "ไฟล์ขาดหาย ดาวน์โหลดไม่ครบ / cut short: download it again",
        "packed again": (
            "ถูกบีบอัดใหม่ด้วยโปรแกรมอื่น ให้แตกไฟล์แล้วตรวจโฟลเดอร์ "
            "/ another program packed it again: unpack it and check the folder"
        ),
    }.get(str(error), str(error))
    return f"อ่านไม่ได้ ไม่ใช่ไฟล์ชุดหลักฐาน / unreadable, not a packet: {hint}"


def unreadable_json(error: Unreadable) -> dict[str, Any]:
    """The answer for a program where there is no packet to speak of."""
    return Report(damaged=[str(error)]).as_json()


def say(line: str) -> str:
    """Make a line safe to print: a file's name may hold what steers a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line) + "\n"


def main(arguments: list[str]) -> int:
    """Check the packet named on the command line and say what was found."""
    options = _options(arguments)
    if options is None:
        sys.stderr.write(__doc__ or "")
        return 2
    path, key, flags = options
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="replace")  # a console that has no Thai letters still gets the English
    try:
        report = check(path)
    except Unreadable as error:
        as_json = json.dumps(unreadable_json(error), ensure_ascii=False, indent=2)
        sys.stdout.write(as_json + "\n" if "--json" in flags else say(unreadable_line(error)))
        return 2
    if key:
        report.trusted = report.key_id == key
    if "--ask" in flags:
        report.register = ask(report.address()) if report.address() else {"error": "no site named"}
    _print(report, "--json" in flags)
    return 0 if report.whole and report.trusted is not False else 1


def _options(arguments: list[str]) -> tuple[Path, str, set[str]] | None:
    flags, paths, key, rest = set(), [], "", list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("--json", "--ask"):
            flags.add(word)
        elif word == "--key" and rest:
            key = rest.pop(0).strip().lower()
        elif word.startswith("-"):
            return None
        else:
            paths.append(word)
    if len(paths) > 1:
        return None
    return Path(paths[0]) if paths else Path(__file__).resolve().parent, key, flags


def _print(report: Report, as_json: bool) -> None:
    if not as_json:
        sys.stdout.writelines(say(line) for line in report.lines())
        return
    more = {"trusted": report.trusted, "register": report.register}
    told = {**report.as_json(), **{k: v for k, v in more.items() if v is not None}}
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # whoever read the lines has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
