#!/usr/bin/env python3
"""ตรวจชุดหลักฐาน - check an evidence packet: nothing altered, nothing missing, nothing added.

Needs Python 3.9 or later and nothing else; a copy travels inside every packet.
    python3 verify.py                   the unpacked packet that this file lies in
    python3 verify.py PACKET.zip        the file as it was issued
    python3 verify.py FOLDER            a folder that a packet was unpacked into
Exit status: 0 whole, 1 not whole, 2 unreadable.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Iterator, Protocol  # noqa: UP035 - must run on Python 3.9 as it stands

CHUNK_BYTES = 1024 * 1024
MAX_TAG_BYTES = 64 * 1024 * 1024  # a manifest of 400 000 files; more is not a packet of ours
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
REQUIRED = ("bag-info.txt", "bagit.txt", MANIFEST, TAG_MANIFEST)
ISSUED_MODE = 0o100644 << 16
FIXED_DAY = 0x21  # 1 January 1980 in a ZIP
# What zipfile raises on damaged bytes: unknown methods, offsets below zero, undecodable names.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error,
    OSError, RuntimeError, ValueError, EOFError, KeyError,
)  # fmt: skip


class Unreadable(Exception):
    """The file is no ZIP or no bag at all."""


@dataclass
class Report:
    """What the check found.  Names are relative to the packet's top folder."""

    title: str = ""
    identifier: str = ""
    sha256: str = ""  # of the ZIP itself; compare it with the one shown where it was issued
    files: int = 0
    altered: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  # the container, in words

    @property
    def whole(self) -> bool:
        """Whether the packet is exactly what was issued."""
        return not (self.altered or self.missing or self.added or self.damaged)

    def lines(self) -> Iterator[str]:
        """Yield the result, a Thai and an English line for each thing to say."""
        if self.title:
            yield f"{self.identifier}  {self.title}"
        for names, thai, english in (
            (self.altered, "ถูกแก้ไข", "altered"),
            (self.missing, "ขาดหาย", "missing"),
            (self.added, "ถูกเพิ่มเข้ามา", "added"),
            (self.damaged, "โครงสร้างไฟล์ผิดไปจากที่ระบบออก", "container differs"),
        ):
            for name in names:
                yield f"{thai} / {english}: {name}"
        if self.whole:
            yield f"ครบถ้วน ไม่มีไฟล์ใดถูกแก้ไข ขาดหาย หรือเพิ่มเข้ามา ({self.files} ไฟล์)"
            yield f"Whole: {self.files} files, nothing altered, missing or added."
        else:
            yield "ไม่ครบถ้วน ห้ามใช้เป็นหลักฐาน โปรดขอไฟล์ใหม่จากระบบ"
            yield "NOT whole: do not use it as evidence; fetch it again."
        if self.sha256:
            yield f"SHA-256: {self.sha256}"


class Bag(Protocol):
    """A bag on disk or in a ZIP."""

    def names(self) -> list[str]:
        """All files, relative to the top folder."""

    def open(self, name: str) -> IO[bytes]:
        """Open one file."""


class FolderBag:
    """A bag unpacked into a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """All files below the folder; links count as files."""
        found = (p for p in self.root.rglob("*") if p.is_symlink() or not p.is_dir())
        return sorted(p.relative_to(self.root).as_posix() for p in found)

    def open(self, name: str) -> IO[bytes]:
        """Open one file.  A link is refused: it may point outside."""
        path = self.root / name
        if path.is_symlink():
            raise OSError(f"link: {name}")
        return path.open("rb")


class ZipBag:
    """A bag inside a ZIP with one top folder."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        tops = {name.split("/", 1)[0] for name in archive.namelist()}
        if len(tops) != 1:
            raise Unreadable("no single top folder")
        self.top = f"{tops.pop()}/"

    def names(self) -> list[str]:
        """All files in the archive."""
        names = self.archive.namelist()
        return sorted({n[len(self.top) :] for n in names if not n.endswith("/")})

    def open(self, name: str) -> IO[bytes]:
        """Open one entry."""
        return self.archive.open(self.top + name)


def verify(path: Path) -> Report:
    """Check the packet at `path`, a ZIP or an unpacked folder.

    Raises:
        Unreadable: it is neither.
    """
    if path.is_dir():
        return _check(FolderBag(path), Report())
    report = Report(sha256=_file_sha256(path))
    try:
        with zipfile.ZipFile(path) as archive:
            report.damaged += _container_faults(archive, path.stat().st_size)
            return _check(ZipBag(archive), report)
    except BROKEN as error:
        raise Unreadable(str(error)) from error


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise Unreadable(str(error)) from error
    return digest.hexdigest()


def _check(bag: Bag, report: Report) -> Report:
    names = set(bag.names())
    if not {"bagit.txt", MANIFEST} <= names:
        raise Unreadable("not a bag: bagit.txt or the manifest is not there")
    report.missing += sorted(set(REQUIRED) - names)
    listed = _manifest(bag, MANIFEST)
    tags = _manifest(bag, TAG_MANIFEST) if TAG_MANIFEST in names else {}
    expected = {**listed, **tags}
    report.added += sorted(names - set(expected) - {TAG_MANIFEST})
    report.missing += sorted(set(expected) - names - set(report.missing))
    octets = 0
    for name in sorted(set(expected) & names):
        digest, size = _digest(bag, name)
        octets += size if name in listed else 0
        if digest != expected[name]:
            report.altered.append(name)
    report.files = len(listed)
    _read_info(bag, report, f"{octets}.{len(set(listed) & names)}")
    return report


def _manifest(bag: Bag, name: str) -> dict[str, str]:
    """Read a manifest: file name -> SHA-256."""
    listed = {}
    for line in _text(bag, name).splitlines():
        digest, _space, file_name = line.partition("  ")
        if file_name:
            listed[file_name] = digest.lower()
    return listed


def _text(bag: Bag, name: str) -> str:
    try:
        with bag.open(name) as file:
            return file.read(MAX_TAG_BYTES).decode("utf-8", "replace")
    except BROKEN:
        return ""  # its digest will not match either, and names it


def _digest(bag: Bag, name: str) -> tuple[str, int]:
    """Return SHA-256 and size of one file; an unreadable one has no digest."""
    digest, size = hashlib.sha256(), 0
    try:
        with bag.open(name) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except BROKEN:
        return "", size
    return digest.hexdigest(), size


def _read_info(bag: Bag, report: Report, oxum: str) -> None:
    pairs = (line.partition(": ") for line in _text(bag, "bag-info.txt").splitlines())
    info = {key: value for key, _colon, value in pairs}
    report.title = info.get("External-Description", "")
    report.identifier = info.get("External-Identifier", "")
    if info.get("Payload-Oxum") != oxum:
        report.damaged.append(f"Payload-Oxum {info.get('Payload-Oxum')} != {oxum}")


def _container_faults(archive: zipfile.ZipFile, size_bytes: int) -> list[str]:
    """List what in the ZIP itself is not as issued: every bit of it is accounted for."""
    faults, names, position, directory = [], set(), 0, b""
    for entry in archive.infolist():
        if entry.filename in names or not _is_plain(entry.filename):
            faults.append(f"name {entry.filename!r}")
        names.add(entry.filename)
        if entry.header_offset != position or entry.compress_size != entry.file_size:
            faults.append(f"entry {entry.filename}")
        header = _issued_header(entry)
        if _bytes_at(archive, entry.header_offset, len(header)) != header:
            faults.append(f"header {entry.filename}")
        directory += _issued_directory_entry(entry)
        position = entry.header_offset + len(header) + entry.file_size
    end = directory + _end_records(len(archive.infolist()), len(directory), position)
    if _bytes_at(archive, position, size_bytes) != end:
        faults.append("directory")
    return faults


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not (name.startswith("/") or "\\" in name or ".." in parts or "\0" in name)


def _name(entry: zipfile.ZipInfo) -> tuple[bytes, int]:
    """Return the name as stored and the flag that says it is UTF-8."""
    name = entry.filename.encode("utf-8", "surrogateescape")
    return name, 0 if name.isascii() else 0x800


def _issued_header(entry: zipfile.ZipInfo) -> bytes:
    """Write the header before a file's bytes as the issuing system does."""
    name, flag = _name(entry)
    size = entry.file_size
    fixed = (20, flag, 0, 0, FIXED_DAY, entry.CRC, size, size, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\3\4", *fixed) + name


def _issued_directory_entry(entry: zipfile.ZipInfo) -> bytes:
    """Write a file's line in the directory as the issuing system does."""
    name, flag = _name(entry)
    size, offset = entry.file_size, entry.header_offset
    version, extra = 20, b""
    if offset > zipfile.ZIP64_LIMIT:
        version, extra, offset = 45, struct.pack("<2HQ", 1, 8, offset), 0xFFFFFFFF
    fixed = (version, 3, version, 0, flag, 0, 0, FIXED_DAY, entry.CRC, size, size)
    lengths = (len(name), len(extra), 0, 0, 0, ISSUED_MODE, offset)
    return struct.pack("<4s4B4H3L5H2L", b"PK\1\2", *fixed, *lengths) + name + extra


def _end_records(count: int, size: int, offset: int) -> bytes:
    """Write the end of the archive as the issuing system does; ZIP64 when it must."""
    wide = b""
    if count > 0xFFFF or max(size, offset) > zipfile.ZIP64_LIMIT:
        numbers = (44, 45, 45, 0, 0, count, count, size, offset)
        wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", *numbers)
        wide += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
        count, size, offset = min(count, 0xFFFF), min(size, 2**32 - 1), min(offset, 2**32 - 1)
    return wide + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def _bytes_at(archive: zipfile.ZipFile, offset: int, size: int) -> bytes:
    file = archive.fp
    if file is None:
        return b""
    file.seek(offset)
    return file.read(size)


def unreadable_line(error: Unreadable) -> str:
    """Say that this is no packet."""
    return f"อ่านไม่ได้ ไม่ใช่ไฟล์ชุดหลักฐาน / unreadable, not a packet: {error}"


def main(arguments: list[str]) -> int:
    """Check the packet named on the command line and say what was found."""
    if len(arguments) > 1 or "--help" in arguments:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        report = verify(Path(arguments[0]) if arguments else Path(__file__).resolve().parent)
    except Unreadable as error:
        sys.stdout.write(f"{unreadable_line(error)}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in report.lines())
    return 0 if report.whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
