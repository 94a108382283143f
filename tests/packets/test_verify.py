"""Checking a packet without us: what changed, what is missing, what was added - by name."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.packets.bag.verify import Unreadable, main, verify
from app.packets.bag.writer import Entry, write_bag
from tests.packets.reading import unpack

TOP = "lakthan-5601-2567Q2-e1"
PHOTO = "data/photos/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg"


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    """A small packet as issued."""
    target = io.BytesIO()
    payload = [Entry("report.pdf", b"%PDF report"), Entry(PHOTO.removeprefix("data/"), b"photo")]
    info = {"External-Description": "ชุดหลักฐาน", "External-Identifier": TOP}
    write_bag(target, TOP, payload, [], info)
    path = tmp_path / "packet.zip"
    path.write_bytes(target.getvalue())
    return path


@pytest.fixture
def folder(packet: Path, tmp_path: Path) -> Path:
    """The same packet, unpacked."""
    return unpack(packet, tmp_path / "unpacked")


def test_an_issued_packet_is_whole_zipped_and_unpacked(packet: Path, folder: Path) -> None:
    assert verify(packet).whole
    assert verify(folder).whole
    assert verify(packet).files == 2
    assert verify(packet).identifier == TOP


def test_an_altered_photo_is_named(folder: Path) -> None:
    (folder / PHOTO).write_bytes(b"other")
    report = verify(folder)
    assert (report.altered, report.missing, report.added) == ([PHOTO], [], [])
    assert not report.whole


def test_a_missing_photo_is_named(folder: Path) -> None:
    (folder / PHOTO).unlink()
    assert verify(folder).missing == [PHOTO]


def test_an_added_file_is_named(folder: Path) -> None:
    (folder / "data" / "extra.jpg").write_bytes(b"x")
    assert verify(folder).added == ["data/extra.jpg"]


def test_a_rewritten_manifest_is_named_even_when_it_fits_the_photo(folder: Path) -> None:
    (folder / PHOTO).write_bytes(b"other")
    manifest = folder / "manifest-sha256.txt"
    lines = manifest.read_text().splitlines(keepends=True)
    other = hashlib.sha256(b"other").hexdigest()
    manifest.write_text("".join(f"{other}  {PHOTO}\n" if PHOTO in x else x for x in lines))
    assert verify(folder).altered == ["manifest-sha256.txt"]


def test_a_link_in_place_of_a_photo_is_not_followed(folder: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.write_bytes(b"photo")
    (folder / PHOTO).unlink()
    (folder / PHOTO).symlink_to(twin)
    assert verify(folder).altered == [PHOTO]


@pytest.mark.parametrize("tag", ["tagmanifest-sha256.txt", "bag-info.txt"])
def test_a_missing_tag_file_is_named(folder: Path, tag: str) -> None:
    (folder / tag).unlink()
    assert tag in verify(folder).missing


def _rezip(packet: Path, change: Callable[[zipfile.ZipFile, zipfile.ZipFile], None]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(packet) as old, zipfile.ZipFile(target, "w") as new:
        change(old, new)
    packet.write_bytes(target.getvalue())


def test_a_packet_zipped_again_is_told_from_the_issued_file(packet: Path) -> None:
    def again(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        for name in old.namelist():
            new.writestr(name, old.read(name))

    _rezip(packet, again)
    report = verify(packet)
    assert not report.whole
    assert report.damaged
    assert (report.altered, report.missing, report.added) == ([], [], [])


def test_a_file_added_to_the_zip_is_named(packet: Path) -> None:
    with zipfile.ZipFile(packet, "a") as archive:
        archive.writestr(f"{TOP}/data/planted.jpg", b"x")
    assert verify(packet).added == ["data/planted.jpg"]


def test_a_file_taken_out_of_the_zip_is_named(packet: Path) -> None:
    def without(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        for name in old.namelist():
            if not name.endswith(PHOTO):
                new.writestr(name, old.read(name))

    _rezip(packet, without)
    assert verify(packet).missing == [PHOTO]


def test_two_entries_of_one_name_are_refused(packet: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(packet, "a") as archive,
    ):
        archive.writestr(f"{TOP}/{PHOTO}", b"photo")
    assert any(PHOTO in fault for fault in verify(packet).damaged)


def test_names_that_climb_out_are_reported_not_followed(packet: Path) -> None:
    with zipfile.ZipFile(packet, "a") as archive:
        archive.writestr(f"{TOP}/../../evil", b"x")
    report = verify(packet)
    assert "../../evil" in report.added
    assert not report.whole


def _hostile() -> Iterator[bytes]:
    yield b""
    yield b"not a zip at all"
    yield b"PK\x05\x06" + bytes(18)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("top/a.txt", "no bag")
    yield empty.getvalue()


@pytest.mark.parametrize("data", list(_hostile()))
def test_what_is_no_packet_is_unreadable(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        verify(path)


def test_a_packet_cut_short_is_never_whole(packet: Path) -> None:
    data = packet.read_bytes()
    for size in range(0, len(data), 37):
        packet.write_bytes(data[:size])
        try:
            assert not verify(packet).whole
        except Unreadable:
            continue


def test_exit_status_and_words_tell_whole_from_broken_from_unreadable(
    packet: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(packet)]) == 0
    assert "ครบถ้วน" in capsys.readouterr().out
    (folder / PHOTO).unlink()
    assert main([str(folder)]) == 1
    assert f"ขาดหาย / missing: {PHOTO}" in capsys.readouterr().out
    assert main([str(packet.with_name("absent.zip"))]) == 2


def test_the_verifier_inside_a_packet_checks_it_with_the_standard_library_only(
    tmp_path: Path,
) -> None:
    own = Path(sys.modules["app.packets.bag.verify"].__file__ or "")
    packet = tmp_path / "packet.zip"
    with packet.open("w+b") as target:
        write_bag(target, TOP, [Entry("report.pdf", b"%PDF")], [Entry("verify.py", own)], {})
    folder = unpack(packet, tmp_path / "unpacked")

    for arguments in ([], [str(packet)]):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", str(folder / "verify.py"), *arguments],
            capture_output=True, check=False, env={"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Whole: 1 files" in done.stdout.decode()
