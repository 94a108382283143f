"""The container: a valid BagIt bag, the same bytes each time, whatever its size and its disk."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import bagit
import pyogrio
import pytest

from app.packets.bag import container
from app.packets.bag.writer import BagWriter, PhotoChanged
from tests.faults.field import FULL
from tests.packets.reading import unpack

TOP = "lakthan-test"
INFO = {
    "Bag-Software-Agent": "Lakthan",
    "External-Description": "ชุดหลักฐานทดสอบ",
    "Lakthan-Site": "none",
    "Source-Organization": "สำนักงานพัฒนาชุมชน\nอำเภอปง",
}
PHOTO = b"\xff\xd8 a picture " * 5_000
REPORT = b"%PDF a report " * 200_000  # 2.8 MB: several pieces
PLACES = b'{"type":"Point","coordinates":[99.9,19.2]}'
MiB = 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """What a part notes of a file."""

    sha256: str
    size_bytes: int
    crc32: int
    changed_ns: int


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(PHOTO)
    return path


def check(path: Path) -> Checked:
    data, changed_ns = path.read_bytes(), path.stat().st_ctime_ns
    return Checked(hashlib.sha256(data).hexdigest(), len(data), zlib.crc32(data), changed_ns)


def fill(bag: BagWriter, photo: Path, known: Checked) -> None:
    with bag.writing("data/report.pdf") as slot:
        for start in range(0, len(REPORT), 300_001):
            slot.write(REPORT[start : start + 300_001])
    bag.add_file("data/photos/5601/a.jpg", photo, known)
    bag.add_bytes("data/places.geojson", PLACES)
    bag.add_bytes("data/แผนที่.txt", b"")
    bag.add_bytes("verify.py", b"pass\n")


def sign(fingerprint: str) -> bytes:
    return f"signed {fingerprint}\n".encode()


def write(target: IO[bytes], photo: Path, known: Checked | None = None) -> BagWriter:
    with BagWriter(target, TOP, INFO, sign) as bag:
        fill(bag, photo, known or check(photo))
    return bag


@pytest.fixture
def packet(tmp_path: Path, photo: Path) -> Path:
    path = tmp_path / "packet.zip"
    with path.open("w+b") as target:
        write(target, photo)
    return path


def test_the_library_of_congress_tool_finds_the_bag_valid(packet: Path, tmp_path: Path) -> None:
    bag = bagit.Bag(str(unpack(packet, tmp_path / "out")))

    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Description"] == "ชุดหลักฐานทดสอบ"
    assert bag.info["Payload-Oxum"] == f"{len(PHOTO) + len(REPORT) + len(PLACES)}.4"
    assert set(bag.tagfile_entries()) == {
        "bag-info.txt",
        "bagit.txt",
        "manifest-sha256.txt",
        "verify.py",
    }


def test_what_the_bag_says_of_itself_has_one_order_and_one_line_each(packet: Path) -> None:
    with zipfile.ZipFile(packet) as archive:
        lines = archive.read(f"{TOP}/bag-info.txt").decode().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "Bag-Software-Agent",
        "External-Description",
        "Lakthan-Site",
        "Payload-Oxum",
        "Source-Organization",
    ]
    assert lines[-1] == "Source-Organization: สำนักงานพัฒนาชุมชน อำเภอปง"


def test_every_reader_of_zip_files_takes_it(packet: Path) -> None:
    with zipfile.ZipFile(packet) as archive:
        assert archive.testzip() is None
        assert archive.read(f"{TOP}/data/report.pdf") == REPORT
        assert archive.read(f"{TOP}/data/photos/5601/a.jpg") == PHOTO
    places = pyogrio.read_info(f"/vsizip/{packet}/{TOP}/data/places.geojson")
    assert places["features"] == 1
    unzip = subprocess.run(["unzip", "-tqq", packet], capture_output=True, check=False)
    assert (unzip.returncode, unzip.stdout, unzip.stderr) == (0, b"", b"")


def test_nothing_in_the_archive_is_compressed_or_dated(packet: Path) -> None:
    with zipfile.ZipFile(packet) as archive:
        entries = archive.infolist()
    assert {e.compress_type for e in entries} == {zipfile.ZIP_STORED}
    assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {e.external_attr >> 16 for e in entries} == {0o100644}
    assert {(e.extract_version, e.extra) for e in entries} == {(20, b"")}


def test_the_fingerprint_stands_for_every_file_and_is_what_is_signed(
    packet: Path, photo: Path
) -> None:
    with zipfile.ZipFile(packet) as archive:
        tags = archive.read(f"{TOP}/tagmanifest-sha256.txt")
        signed = archive.read(f"{TOP}/signature.json")
        manifest = archive.read(f"{TOP}/manifest-sha256.txt").decode()
    bag = write(io.BytesIO(), photo)
    assert bag.fingerprint == hashlib.sha256(tags).hexdigest()
    assert signed == sign(bag.fingerprint)
    assert f"{hashlib.sha256(manifest.encode()).hexdigest()}  manifest-sha256.txt" in tags.decode()
    assert [line[66:] for line in manifest.splitlines()] == [each.name for each in bag.payload()]
    assert (bag.files, bag.octets) == (4, len(PHOTO) + len(REPORT) + len(PLACES))
    assert [each.name for each in bag.payload()] == [
        "data/report.pdf",
        "data/photos/5601/a.jpg",
        "data/places.geojson",
        "data/แผนที่.txt",
    ]


def refused(*_arguments: object) -> int:
    raise OSError(errno.EXDEV, "another file system")


def pretended(*_arguments: object) -> int:
    return 0


@pytest.mark.parametrize("kernel", [refused, pretended, None])
def test_a_kernel_that_does_not_copy_changes_no_byte(
    packet: Path, photo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kernel: object
) -> None:
    if kernel is None:
        monkeypatch.delattr(os, "copy_file_range")
    else:
        monkeypatch.setattr(os, "copy_file_range", kernel)
    path = tmp_path / "other.zip"
    with path.open("w+b") as target:
        write(target, photo)
        assert target.tell() == path.stat().st_size
    assert path.read_bytes() == packet.read_bytes()


def test_a_target_that_is_no_file_gets_the_same_bytes(packet: Path, photo: Path) -> None:
    target = io.BytesIO()
    write(target, photo)
    assert target.getvalue() == packet.read_bytes()


def test_a_full_disk_is_said_and_not_mistaken_for_a_kernel_that_cannot_copy(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "copy_file_range", full)
    with (tmp_path / "full.zip").open("w+b") as target, pytest.raises(OSError, match="no space"):
        write(target, photo)


def other_bytes(photo: Path) -> None:
    photo.write_bytes(PHOTO[:-1] + b"!")


def shorter(photo: Path) -> None:
    photo.write_bytes(PHOTO[:-1])


@pytest.mark.parametrize("change", [other_bytes, shorter])
def test_a_photo_that_changed_since_it_was_checked_stops_the_packet(
    tmp_path: Path, photo: Path, change: object
) -> None:
    known = check(photo)
    change(photo)  # type: ignore[operator]
    path = tmp_path / "packet.zip"
    with path.open("w+b") as target, pytest.raises(PhotoChanged, match=r"photos/5601/a\.jpg"):
        write(target, photo, known)
    assert not zipfile.is_zipfile(path)


def test_a_photo_that_changes_while_it_is_copied_stops_the_packet(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = os.copy_file_range

    def slow(source: int, target: int, count: int, *places: int) -> int:
        copied = copy(source, target, count, *places)
        other_bytes(photo)
        return copied

    monkeypatch.setattr(os, "copy_file_range", slow)
    with (tmp_path / "p.zip").open("w+b") as target, pytest.raises(PhotoChanged):
        write(target, photo)


def test_a_photo_that_was_only_touched_or_never_dated_is_read_once_more(
    tmp_path: Path, photo: Path, packet: Path
) -> None:
    known = check(photo)
    photo.rename(photo.with_name("moved.jpg"))
    photo.write_bytes(
        PHOTO
    )  # the store received the same photo again: another file, no other bytes
    for noted in (known, replace(known, changed_ns=0)):
        path = tmp_path / "again.zip"
        with path.open("w+b") as target:
            write(target, photo, noted)
        assert path.read_bytes() == packet.read_bytes()


@pytest.mark.parametrize(
    "name",
    ["data/../x", "/x", "data//x", "", "data/a\nb", "data/a\\b", "data/50%", "data/.", "data/c:x"],
)
def test_names_that_mean_another_file_somewhere_are_refused(name: str) -> None:
    bag = BagWriter(io.BytesIO(), TOP, INFO)
    with pytest.raises(ValueError, match="not a name"):
        bag.add_bytes(name, b"")


def test_no_file_is_there_twice() -> None:
    bag = BagWriter(io.BytesIO(), TOP, INFO)
    bag.add_bytes("data/a", b"1")
    with pytest.raises(ValueError, match="not a name"):
        bag.add_bytes("data/a", b"2")


def test_payload_comes_first() -> None:
    bag = BagWriter(io.BytesIO(), TOP, INFO)
    bag.add_bytes("verify.py", b"pass\n")
    with pytest.raises(ValueError, match="not a name"):
        bag.add_bytes("data/a", b"1")


def test_after_an_error_nothing_is_finished() -> None:
    target = io.BytesIO()
    with pytest.raises(KeyError), BagWriter(target, TOP, INFO) as bag:
        bag.add_bytes("data/a", b"1")
        raise KeyError("a table")
    assert not zipfile.is_zipfile(target)
    assert bag.fingerprint == ""


def test_more_files_than_a_plain_zip_can_count(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    many = 0xFFFF  # with the four files of the bag itself it is more
    with path.open("w+b") as target, BagWriter(target, "t", {}) as bag:
        for number in range(many):
            bag.add_bytes(f"data/{number}", b"")
    assert b"PK\x06\x06" in path.read_bytes()[-200:]
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) == many + 4
        assert len(archive.read("t/manifest-sha256.txt").splitlines()) == many
        assert archive.read(f"t/data/{many - 1}") == b""


# Sizes beyond what 32 bits can say.  The everyday test lowers the limits - the fields say ZIP64
# all the same, and readers must follow them; the long one uses true sizes.


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "WIDE_SIZE", 50_000)
    monkeypatch.setattr(container, "WIDE_OFFSET", 100)


@pytest.mark.usefixtures("low_limits")
@pytest.mark.parametrize("in_memory", [False, True])
def test_large_entries_have_one_form_however_they_were_written(
    tmp_path: Path, photo: Path, in_memory: bool
) -> None:
    path = tmp_path / "large.zip"
    with path.open("w+b") as file:
        target = io.BytesIO() if in_memory else file
        write(target, photo)
        if isinstance(target, io.BytesIO):
            file.write(target.getvalue())
    assert is_canonical(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        wide = {e.filename: e.extract_version for e in archive.infolist()}
        assert archive.read(f"{TOP}/data/report.pdf") == REPORT
    assert wide[f"{TOP}/data/report.pdf"] == 45


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.skipif(not FULL, reason="takes a minute and 10 GB of the disk")
def test_sizes_beyond_four_gigabytes_are_read_back(tmp_path: Path) -> None:
    """One 5 GiB entry copied by the kernel, one written through: both holes, 10 GiB to read."""
    hole = tmp_path / "hole"
    with hole.open("wb") as file:
        file.truncate(5 * 1024 * MiB)
    digest, crc = hashlib.sha256(), 0
    for _ in range(5 * 1024):
        digest.update(bytes(MiB))
        crc = zlib.crc32(bytes(MiB), crc)
    known = Checked(digest.hexdigest(), 5 * 1024 * MiB, crc, hole.stat().st_ctime_ns)
    path = tmp_path / "huge.zip"
    with path.open("w+b") as target, BagWriter(target, "t", {}) as bag:
        bag.add_file("data/copied", hole, known)
        bag.add_file("data/written", hole)
        bag.add_bytes("data/after", b"after")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("t/data/after") == b"after"
        assert archive.getinfo("t/data/written").file_size == 5 * 1024 * MiB
        sums = archive.read("t/manifest-sha256.txt").decode().splitlines()
    assert {line[:64] for line in sums if "after" not in line} == {known.sha256}
    path.unlink()  # pytest would keep it for three more runs


def is_canonical(path: Path) -> bool:
    """Whether the file is its entries, contiguous, and the directory - written anew from itself."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        expected = b"".join(
            container._header(e.filename, e.CRC, e.file_size) + archive.read(e)
            for e in archive.infolist()
        )
        directory = b"".join(
            container._directory_entry(e.filename, e.CRC, e.file_size, e.header_offset)
            for e in archive.infolist()
        )
        end = container._end_records(len(archive.infolist()), len(directory), len(expected))
    return data == expected + directory + end
