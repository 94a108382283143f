"""Checking a packet without us: what changed, what is missing, what was added - by name."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.packets.bag.verify import Unreadable, main, verify
from tests.packets.reading import unpack
from tests.packets.signed_packets import (
    INFO,
    KEY,
    OTHER_KEY,
    PHOTO,
    TOP,
    Spoiled,
    bomb,
    entries,
    flip,
    pack,
    signed_packet,
    spoiled_packets,
    unsigned_packet,
    wide_packet,
)

OWN = Path(sys.modules["app.packets.bag.verify"].__file__ or "")


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    """A small packet as issued."""
    path = tmp_path / "packet.zip"
    path.write_bytes(signed_packet())
    return path


@pytest.fixture
def folder(packet: Path, tmp_path: Path) -> Path:
    """The same packet, unpacked."""
    return unpack(packet, tmp_path / "unpacked")


def test_an_issued_packet_is_whole_zipped_and_unpacked(packet: Path, folder: Path) -> None:
    zipped, unpacked = verify(packet).as_json(), verify(folder).as_json()
    assert zipped == unpacked
    assert zipped == {
        "whole": True,
        "identifier": TOP,
        "edition": 2,
        "fingerprint": hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest(),
        "files": 6,
        "altered": [],
        "missing": [],
        "added": [],
        "damaged": [],
        "signature": "valid",
        "key_id": KEY.key_id,
        "signer": INFO["Lakthan-Signer"],
        "masked": True,
    }
    assert verify(packet).sha256 == hashlib.sha256(packet.read_bytes()).hexdigest()


@pytest.mark.parametrize("spoiled", spoiled_packets(), ids=lambda s: s.name)
def test_what_was_done_to_a_packet_is_named_and_nothing_else(
    spoiled: Spoiled, tmp_path: Path
) -> None:
    path = tmp_path / "packet.zip"
    path.write_bytes(spoiled.data)
    report = verify(path)
    found = (report.altered, report.missing, report.added, report.damaged, report.signature)
    due = (spoiled.altered, spoiled.missing, spoiled.added, spoiled.damaged, spoiled.signature)
    assert found == (*map(list, due[:4]), spoiled.signature)
    assert not report.whole


def test_every_flipped_bit_anywhere_in_the_file_is_noticed(tmp_path: Path) -> None:
    """Payload, manifests, signature, headers and directory; a sample, a different bit each."""
    data, path = signed_packet(), tmp_path / "packet.zip"
    unnoticed = []
    for bit in random.Random(7).sample(range(len(data) * 8), 300):
        path.write_bytes(flip(data, bit // 8, bit % 8))
        try:
            if verify(path).whole:
                unnoticed.append(bit)
        except Unreadable:
            continue
    assert unnoticed == []


def test_a_packet_of_before_signatures_verifies_as_it_did(tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    path.write_bytes(unsigned_packet())
    report = verify(path)
    assert (report.whole, report.signature, report.edition) == (True, "missing", None)
    path.write_bytes(flip(path.read_bytes(), 90))
    assert not verify(path).whole


def test_a_packet_of_more_files_than_a_zip_of_old_can_count(tmp_path: Path) -> None:
    path = tmp_path / "wide.zip"
    path.write_bytes(wide_packet())
    assert b"PK\x06\x06" in path.read_bytes()
    report = verify(path)
    assert (report.whole, report.files) == (True, 0x10000)


def test_an_altered_photo_in_a_folder_is_named(folder: Path) -> None:
    (folder / PHOTO).write_bytes(b"other")
    report = verify(folder)
    assert (report.altered, report.missing, report.added) == ([PHOTO], [], [])
    assert not report.whole


def test_a_rewritten_manifest_is_named_even_when_it_fits_the_photo(folder: Path) -> None:
    size = (folder / PHOTO).stat().st_size
    (folder / PHOTO).write_bytes(bytes(size))
    manifest = folder / "manifest-sha256.txt"
    lines = manifest.read_text().splitlines(keepends=True)
    other = hashlib.sha256(bytes(size)).hexdigest()
    manifest.write_text("".join(f"{other}  {PHOTO}\n" if PHOTO in x else x for x in lines))
    assert verify(folder).altered == ["manifest-sha256.txt"]


def test_who_rewrites_every_list_still_lacks_the_key(folder: Path) -> None:
    for listed, manifest in (
        (PHOTO, "manifest-sha256.txt"),
        ("manifest-sha256.txt", "tagmanifest-sha256.txt"),
    ):
        path = folder / listed
        if listed == PHOTO:
            path.write_bytes(bytes(path.stat().st_size))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines = (folder / manifest).read_text().splitlines(keepends=True)
        fitted = (f"{digest}  {listed}\n" if x.endswith(f"  {listed}\n") else x for x in lines)
        (folder / manifest).write_text("".join(fitted))
    report = verify(folder)
    assert (report.signature, report.altered) == ("invalid", ["tagmanifest-sha256.txt"])
    assert not report.whole


def test_what_an_office_computer_leaves_in_a_folder_is_added_and_told_apart(folder: Path) -> None:
    (folder / "data" / "Thumbs.db").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    report = verify(folder)
    assert report.added == [".DS_Store", "data/Thumbs.db"]
    assert not report.whole
    assert any("delete them" in line for line in report.lines())
    (folder / "data" / "planted.jpg").write_bytes(b"x")
    assert not any("delete them" in line for line in verify(folder).lines())


def test_a_link_in_place_of_a_photo_is_not_followed(folder: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.write_bytes((folder / PHOTO).read_bytes())
    (folder / PHOTO).unlink()
    (folder / PHOTO).symlink_to(twin)
    assert verify(folder).altered == [PHOTO]


def test_a_pipe_in_place_of_a_photo_does_not_hang_the_check(folder: Path) -> None:
    (folder / PHOTO).unlink()
    os.mkfifo(folder / PHOTO)
    assert verify(folder).altered == [PHOTO]


def test_a_packet_that_was_compressed_again_is_told_how_to_go_on(
    packet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries(packet.read_bytes()):
            archive.writestr(f"{TOP}/{name}", data)
    packet.write_bytes(target.getvalue())
    assert main([str(packet)]) == 2
    assert "unpack it and check the folder" in capsys.readouterr().out


def test_a_bomb_of_zeros_is_not_unpacked(tmp_path: Path) -> None:
    """A compressed entry that claims a gigabyte: named, and not looked into."""
    target = io.BytesIO(pack([*entries(signed_packet())]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{TOP}/{'data/zeros'}", bytes(8_000_000))
    path = tmp_path / "bomb.zip"
    path.write_bytes(target.getvalue())
    with pytest.raises(Unreadable, match="entries overlap"):
        verify(path)


def _hostile() -> Iterator[tuple[bytes, str]]:
    yield b"", "no ZIP"
    yield b"not a zip at all", "no ZIP"
    yield b"PK\x05\x06" + bytes(18), "no ZIP"
    yield b"PK\x05\x06" + b"\xff" * 18, "too large"
    yield bomb(), "entries overlap"
    yield signed_packet()[:900], "cut short"
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("top/a.txt", "no bag")
    yield empty.getvalue(), "no bag"


@pytest.mark.parametrize(("data", "why"), list(_hostile()), ids=lambda x: str(x)[:20])
def test_what_is_no_packet_is_unreadable_and_says_why(
    tmp_path: Path, data: bytes, why: str
) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=why):
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
    said = capsys.readouterr().out
    assert "ครบถ้วน" in said
    assert f"key {KEY.key_id}" in said
    assert "Compare the key" in said
    assert "https://lakthan.example.go.th/packets/register/" in said
    (folder / PHOTO).unlink()
    assert main([str(folder)]) == 1
    assert f"ขาดหาย / missing: {PHOTO}" in capsys.readouterr().out
    assert main([str(packet.with_name("absent.zip"))]) == 2
    assert main(["--what"]) == 2


def test_a_packet_signed_with_another_key_than_the_trusted_one_is_not_accepted(
    packet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(packet), "--key", KEY.key_id.upper()]) == 0
    packet.write_bytes(signed_packet(sign=OTHER_KEY.sign))
    assert verify(packet).signature == "valid"
    assert main([str(packet), "--key", KEY.key_id]) == 1
    assert "ANOTHER key" in capsys.readouterr().out


def test_a_name_that_steers_a_terminal_is_printed_harmlessly(
    packet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packet.write_bytes(pack([*entries(packet.read_bytes()), ("data/\x1b[2Jx", b"")]))
    assert main([str(packet)]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.fixture
def site() -> Iterator[Callable[[bytes], tuple[str, list[str]]]]:
    """A site that answers with given bytes; and what it was asked for."""
    servers = []

    def serve(answer: bytes) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_asked_to_it_asks_the_site_for_the_fingerprint_and_nothing_else(
    site: Callable[[bytes], tuple[str, list[str]]],
    packet: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = {"known": True, "edition": 2, "newest_edition": 3, "issued_on": "2024-04-02"}
    address, asked = site(json.dumps(answer).encode())
    packet.write_bytes(signed_packet(Lakthan_Site=address))
    assert main([str(packet)]) == 0
    assert asked == []
    capsys.readouterr()
    assert main([str(packet), "--ask"]) == 0
    assert asked == [f"/packets/register/{verify(packet).fingerprint}"]
    assert "a newer edition exists: 3" in capsys.readouterr().out
    assert main([str(packet), "--ask", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["register"] == answer


@pytest.mark.parametrize("answer", [b"", b"<html>sign in", b"[1]", b"\xff\xfe", b"{" * 99_999])
def test_an_answer_that_is_none_is_said_so(
    site: Callable[[bytes], tuple[str, list[str]]],
    packet: Path,
    capsys: pytest.CaptureFixture[str],
    answer: bytes,
) -> None:
    packet.write_bytes(signed_packet(Lakthan_Site=site(answer)[0]))
    assert main([str(packet), "--ask"]) == 0
    assert "could not be asked" in capsys.readouterr().out


@pytest.mark.parametrize("named", ["none", "file:///etc", "https://a.go.th/x?y", "http://a b"])
def test_a_packet_that_names_no_site_is_not_asked_about(
    packet: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    packet.write_bytes(signed_packet(Lakthan_Site=named))
    assert main([str(packet), "--ask"]) == 0
    assert "no site named" in capsys.readouterr().out


def test_the_verifier_inside_a_packet_checks_it_with_the_standard_library_only(
    tmp_path: Path,
) -> None:
    packet = tmp_path / "packet.zip"
    packet.write_bytes(signed_packet(verifier=OWN.read_bytes()))
    folder = unpack(packet, tmp_path / "unpacked")

    for arguments in ([], [str(packet)]):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", str(folder / "verify.py"), *arguments],
            capture_output=True, check=False, env={"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Whole: 6 files" in done.stdout.decode()


def test_the_verifier_speaks_a_python_of_2020() -> None:
    """No newer syntax, and of newer names none outside annotations, which are never run."""
    import ast

    tree = ast.parse(OWN.read_text("utf-8"), feature_version=(3, 9))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"file_digest", "removeprefix_", "pairwise", "UTC"}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not keywords & {"slots", "kw_only", "strict"}


def test_a_console_without_thai_letters_still_gets_the_english(packet: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-B", str(OWN), str(packet)],
        capture_output=True, check=False, env={"PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Whole: 6 files" in done.stdout
