"""The container: a valid BagIt bag, the same bytes each time, and no byte that is not checked."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from pathlib import Path

import bagit
import pytest

from app.packets.bag.verify import Unreadable, verify
from app.packets.bag.writer import Entry, PhotoChanged, write_bag
from tests.packets.reading import unpack

INFO = {"External-Description": "ชุดหลักฐานทดสอบ", "External-Identifier": "lakthan-test"}
FILES = (
    Entry("photos/5601/a.jpg", b"\xff\xd8 a picture"),
    Entry("report.pdf", b"%PDF a report"),
    Entry("content.json", b"{}"),
)


def _bag(target: io.BytesIO | None = None) -> bytes:
    target = target or io.BytesIO()
    write_bag(target, "lakthan-test", FILES, [Entry("verify.py", b"pass\n")], INFO)
    return target.getvalue()


def test_the_same_files_in_any_order_give_the_same_bytes() -> None:
    other = io.BytesIO()
    write_bag(other, "lakthan-test", reversed(FILES), [Entry("verify.py", b"pass\n")], dict(INFO))
    assert other.getvalue() == _bag()


def test_the_library_of_congress_tool_finds_the_bag_valid(tmp_path: Path) -> None:
    packet = tmp_path / "p.zip"
    packet.write_bytes(_bag())

    bag = bagit.Bag(str(unpack(packet, tmp_path / "out")))

    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Description"] == "ชุดหลักฐานทดสอบ"
    assert bag.info["Payload-Oxum"] == f"{sum(len(f.content) for f in FILES)}.{len(FILES)}"


def test_nothing_in_the_archive_is_compressed_or_dated() -> None:
    with zipfile.ZipFile(io.BytesIO(_bag())) as archive:
        entries = archive.infolist()
    assert {e.compress_type for e in entries} == {zipfile.ZIP_STORED}
    assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {e.external_attr >> 16 for e in entries} == {0o100644}


def test_a_photo_that_changed_since_it_was_surveyed_stops_the_build(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"other bytes")
    entry = Entry("photos/a.jpg", photo, hashlib.sha256(b"first bytes").hexdigest())
    with pytest.raises(PhotoChanged, match=r"photos/a\.jpg"):
        write_bag(io.BytesIO(), "top", [entry], [], {})


def test_every_flipped_bit_anywhere_in_the_file_is_noticed(tmp_path: Path) -> None:
    """Payload, manifests, headers and directory alike; a sample of bits, a different one each."""
    data = _bag()
    packet = tmp_path / "p.zip"
    picks = random.Random(7).sample(range(len(data) * 8), 900)
    unnoticed = []
    for bit in picks:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << (bit % 8)
        packet.write_bytes(flipped)
        try:
            if verify(packet).whole:
                unnoticed.append(bit)
        except Unreadable:
            continue
    assert unnoticed == []


def test_zip64_appears_only_where_a_size_asks_for_it_and_is_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"PK\x06\x06" not in _bag()
    # Stands for a packet beyond 2 GiB: the same code, with Python's limit lowered.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 500)
    packet = tmp_path / "p.zip"
    packet.write_bytes(_bag())
    assert b"PK\x06\x06" in packet.read_bytes()
    assert verify(packet).whole
