"""Damaged files by the hundred: each is opened or told off, and none takes its reader with it.

The short form runs with the suite, `make test-faults` the long one.  `LAKTHAN_SAMPLES` may name
a folder of true pictures that are then damaged too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.photos.exif import PhotoFacts, read_facts
from app.photos.header import HeaderDamaged
from app.photos.models import Photo
from app.photos.sniff import check_limits, read_header
from app.shared.fence import FENCES
from tests.photos import makers, mutations
from tests.photos.makers import INK

SignIn = Callable[[str], FlaskClient]
FULL = os.environ.get("LAKTHAN_FAULTS") == "full"  # as `make test-faults` asks
SAMPLES = os.environ.get("LAKTHAN_SAMPLES")
READ = 200_000 if FULL else 2_500
OPENED = 20_000 if FULL else 220
SEED = 4

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3_600 if FULL else 120)]


def facts_in(data: bytes) -> PhotoFacts | None:
    """What the intake learns of a file before any decoder: the header, then the notes."""
    with suppress(HeaderDamaged):
        header = read_header(data)
        check_limits(header)
        return read_facts(header.media_type, header.exif, header.notes)
    return None


@pytest.fixture(scope="module")
def pool() -> dict[str, bytes]:
    return mutations.seeds() | (mutations.samples(Path(SAMPLES)) if SAMPLES else {})


def test_every_seed_is_read_before_it_is_damaged(pool: dict[str, bytes]):
    for name, data in mutations.seeds().items():
        facts = facts_in(data)
        assert facts is not None, name
        if name not in ("deep", "avif frames"):  # those two are made without a description
            assert facts.exif_lat == pytest.approx(19.166423, abs=1e-6), name


def test_no_damage_makes_the_reading_of_facts_fail(pool: dict[str, bytes]):
    for number in range(READ):
        _name, data = mutations.mutant(pool, SEED, number)
        facts = facts_in(data)
        if facts is not None:
            assert (facts.exif_lat is None) == (facts.exif_lon is None)
            assert facts.exif_lat is None or abs(facts.exif_lat) <= 90
            assert facts.orientation in range(1, 9)
            assert len(facts.camera or "") <= 80


def test_no_damage_kills_hangs_or_swells_what_opens_it():
    made, trouble, first = 0, [], 0
    while first < OPENED:
        lines, code = _opened(first)
        made += sum(line.get("made", 0) for line in lines)
        trouble += [line for line in lines if "raised" in line]
        peaks = [line["peak_bytes"] for line in lines if "peak_bytes" in line]
        assert all(peak < FENCES["photos"].memory_bytes for peak in peaks)
        reached = max((line["at"] for line in lines if "at" in line), default=first)
        if code:  # it died of this one; the next process goes on behind it
            trouble.append({"died": code, "seed": SEED, "number": reached})
        first = reached + 1

    assert trouble == []
    assert made > OPENED / 20  # or the damage is so great that nothing is tried


def _opened(first: int) -> tuple[list[dict[str, int]], int]:
    words = [str(SEED), str(first), str(OPENED), *([SAMPLES] if SAMPLES else [])]
    done = subprocess.run(
        [sys.executable, "-m", "tests.photos.mutations", *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


NO_PICTURES = {
    "gif": b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
    "tiff": makers.exif([INK.text(makers.MAKE, "Camera")], makers.MORNING, makers.PHAYAO),
    "pdf": b"%PDF-1.7\n%%EOF",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 400,
    "one byte": b"\0",
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_picture_is_kept_aside_with_a_clear_answer(
    put: Callable[..., Photo], sign_in: SignIn, data: bytes
):
    photo = put(data, processed=True)

    assert (photo.state, photo.last_error_code) == ("unreadable", "not_a_picture")
    client = sign_in("volunteer")
    page = client.get(f"/photos/{photo.id}?lang=en").text
    assert "The file is not a picture of a kind that we read" in page
    with client.get(f"/photos/{photo.id}/original") as original:
        assert (original.data, original.mimetype) == (data, "application/octet-stream")
        assert f"{photo.id}.bin" in original.headers["Content-Disposition"]
        assert original.headers["Content-Disposition"].startswith("attachment")
        assert original.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_photos_page_tells_the_place_in_words(put: Callable[..., Photo], sign_in: SignIn):
    photo = put(makers.jpeg(makers.exif(gps=makers.PHAYAO)), processed=True)

    page = sign_in("volunteer").get(f"/photos/{photo.id}").text

    assert "แถว ต." in page
    assert "อ.เมืองพะเยา จ.พะเยา" in page


def test_a_file_kept_aside_fits_its_row_on_every_database(app: Flask, put: Callable[..., Photo]):
    photo = put(NO_PICTURES["mp4"], processed=True)

    assert photo.media_type == "application/octet-stream"


def _infe(number: int, kind: bytes) -> bytes:
    return makers.box(b"infe", b"\2\0\0\0" + number.to_bytes(2, "big") + b"\0\0" + kind + b"\0")


def _iloc(count: int, entries: Sequence[bytes], sizes: int = 0x4400) -> bytes:
    head = b"\0\0\0\0" + sizes.to_bytes(2, "big") + count.to_bytes(2, "big")
    return makers.box(b"iloc", head + b"".join(entries))


def _heif(*boxes: bytes) -> bytes:
    ispe = makers.box(b"ispe", b"\0\0\0\0\0\0\0\x0a\0\0\0\x0a")
    size = makers.box(b"iprp", makers.box(b"ipco", ispe))
    meta = makers.box(b"meta", b"\0\0\0\0" + size + b"".join(boxes))
    return makers.box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta


MANY = makers.box(b"iinf", b"\0\0\0\0\xff\xff" + b"".join(_infe(n, b"Exif") for n in range(6_000)))
WHOLE = (0).to_bytes(4, "big") + (2**32 - 1).to_bytes(4, "big")
HEIFS = {
    "no sizes, endless extents": _heif(
        MANY, _iloc(65_535, [b"\0\1\0\0\xff\xff"] * 5_000, sizes=0)
    ),
    "every note is the whole file": _heif(
        MANY, _iloc(5_000, [n.to_bytes(2, "big") + b"\0\0\0\1" + WHOLE for n in range(5_000)])
    ),
    "one note, thousandfold": _heif(
        MANY, _iloc(1, [b"\0\1\0\0\xff\xff" + WHOLE * 20_000])
    ),
    "cut off": _heif(MANY, _iloc(9, []))[:-3],
    "no list": _heif(makers.box(b"iloc", b"")),
    "empty boxes": _heif(*(makers.box(name, b"") for name in (b"iinf", b"iref", b"pitm"))),
}  # fmt: skip


@pytest.mark.parametrize("data", HEIFS.values(), ids=HEIFS.keys())
@pytest.mark.timeout(20)  # without bounds some take hours
def test_hostile_lists_of_items_are_walked_within_bounds(data: bytes):
    header = read_header(data)

    assert len(header.exif) <= 2
    assert sum(map(len, header.exif)) < 10_000_000


def test_a_packed_note_that_grows_without_end_is_cut_off():
    bomb = zlib.compress(b"0" * 200_000_000, 9)
    header = read_header(makers.png_with(b"zTXt", b"Raw profile type exif\0\0" + bomb))

    assert header.exif == ()


@pytest.mark.parametrize(
    "packet",
    [
        b"<!DOCTYPE x [<!ENTITY a '" + b"b" * 1_000 + b"'>]><x exif:GPSLatitude='&a;&a;&a;N'/>",
        b"exif:GPSLatitude" * 100_000,
        b"exif:GPSLatitude=" + b" " * 1_000_000,
        b"exif:GPSLatitude='" * 100_000,
        b"exif:GPSLatitude='99999,99999,99999N' exif:GPSLongitude='1,1E'",
        b"exif:GPSLatitude='nanN' exif:GPSLongitude='infE'",
        b"\xff\xfe\0" * 100_000,
        makers.XMP.replace(b"19,9.98539N", b"19,99.9N"),
        makers.XMP.replace(b"19,9.98539N", b"99,54.025E"),
    ],
)
@pytest.mark.timeout(20)
def test_hostile_notes_of_programs_give_no_place(packet: bytes):
    assert read_facts("image/jpeg", [], [packet]).exif_lat is None
