"""What a file says is found in every container it may stand in, and in programs' notes."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from app.photos.boxes import unhooked
from app.photos.exif import PhotoFacts, read_facts
from app.photos.pipeline import render
from app.photos.sniff import check_limits, read_header
from tests.photos import makers
from tests.photos.makers import INK, XMP, exif

BLOCK = exif([INK.text(makers.MAKE, "Camera")], makers.MORNING, makers.PHAYAO)
THERE = (pytest.approx(19.166423, abs=1e-6), pytest.approx(99.900416, abs=1e-6))
THEN = datetime(2024, 2, 13, 2, 30, tzinfo=UTC)


def facts_in(data: bytes) -> PhotoFacts:
    header = read_header(data)
    return read_facts(header.media_type, header.exif, header.notes)


def with_segment(marker: int, body: bytes, *blocks: bytes) -> bytes:
    data = makers.jpeg(*blocks)
    return data[:2] + makers.segment(marker, body) + data[2:]


def with_xmp(packet: bytes, *blocks: bytes) -> bytes:
    return with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet, *blocks)


CONTAINERS = {
    "jpeg": makers.jpeg(BLOCK),
    "progressive jpeg": makers.jpeg(BLOCK, progressive=True),
    "name in capitals, behind stray bytes": with_segment(0xE1, b"\0\0EXIF\0\0" + BLOCK),
    "png": makers.container("PNG", BLOCK),
    "png, packed profile": makers.png_with(b"zTXt", makers.raw_profile(BLOCK)),
    "webp": makers.container("WEBP", BLOCK),
    "avif": makers.container("AVIF", BLOCK),
    "heic": makers.heic(BLOCK),
}


@pytest.mark.parametrize("data", CONTAINERS.values(), ids=CONTAINERS.keys())
def test_a_description_is_found_wherever_it_may_stand(data: bytes):
    facts = facts_in(data)

    assert (facts.exif_lat, facts.exif_lon) == THERE
    assert (facts.taken_at, facts.camera) == (THEN, "Camera")
    assert facts.flags == ("time_zone_assumed",)


NOTED = {
    "jpeg": with_xmp(XMP),
    "png": makers.png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    "webp": makers.container("WEBP", xmp=XMP),
    "avif": makers.container("AVIF", xmp=XMP),
    "as elements": with_xmp(
        b"<exif:GPSLatitude>19,9,59.1234N</exif:GPSLatitude>"
        b"<exif:GPSLongitude>99,54,1.5E</exif:GPSLongitude>"
        b"<xmp:CreateDate>2024-02-13T02:30:00Z</xmp:CreateDate>"
    ),
}


@pytest.mark.parametrize("data", NOTED.values(), ids=NOTED.keys())
def test_a_programs_notes_are_heard_where_the_camera_says_nothing(data: bytes):
    facts = facts_in(data)

    assert (facts.exif_lat, facts.exif_lon) == THERE
    assert (facts.taken_at, facts.taken_source) == (THEN, "xmp")
    assert set(facts.flags) == {"exif_none", "gps_from_xmp"}


def test_a_programs_notes_never_overrule_the_camera():
    south = XMP.replace(b"N'", b"S'").replace(b"2024", b"2020")

    facts = facts_in(with_xmp(south, BLOCK))

    assert (facts.exif_lat, facts.exif_lon) == THERE
    assert (facts.taken_at, facts.taken_source) == (THEN, "exif_bangkok")
    assert "gps_from_xmp" not in facts.flags


def test_a_panoramas_angles_are_no_direction_and_no_place():
    pose = b"<x GPano:PoseHeadingDegrees='90' GPano:InitialViewHeadingDegrees='10'/>"

    facts = facts_in(with_xmp(pose))

    assert (facts.exif_lat, facts.direction_deg) == (None, None)


@pytest.mark.parametrize(
    ("packet", "flag"),
    [
        (XMP.replace(b"19,9.98539N", b"0,0N").replace(b"99,54.025E", b"0,0E"), "gps_zero"),
        (XMP.replace(b"99,54.025E", b"199,54.025E"), "gps_out_of_range"),
        (XMP.replace(b"2024-02-13", b"2024-02-31"), "time_invalid"),
    ],
)
def test_a_note_of_no_place_or_no_day_is_none_and_says_so(packet: bytes, flag: str):
    facts = facts_in(with_xmp(packet))

    assert flag in facts.flags
    assert (facts.taken_at if flag == "time_invalid" else facts.exif_lat) is None


def test_a_newspapers_date_is_heard_last():
    iptc = b"8BIM\x04\x04\0\0\0\0\0\x1c\x1c\x02\x37\0\x0820240213\x1c\x02\x3c\0\x0b093000+0700"

    facts = facts_in(with_segment(0xED, b"Photoshop 3.0\0" + iptc))

    assert (facts.taken_at, facts.taken_source) == (THEN, "xmp")


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_of_a_picture_with_others_behind_it_the_first_counts(options: dict[str, bool]):
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\xff\xd8\xff\xe1\0\x10Exif\0\0" * 50
    gain_map = makers.jpeg(exif([INK.short(makers.ORIENTATION, 6)]), picture=makers.scene((4, 4)))

    header = read_header(makers.jpeg(BLOCK, **options) + gain_map + film)

    assert (header.width, header.height, len(header.exif)) == (96, 64, 1)
    assert check_limits(header) is None


def test_a_baseline_picture_of_several_scans_is_held_to_the_smaller_limit():
    """Such a picture is held whole as coefficients, whatever its size comes out as."""
    data = makers.jpeg_of_size(15_000, 14_000)
    scan = data.index(b"\xff\xda")

    header = read_header(data[:-2] + data[scan:])

    assert header.scans == 2
    assert check_limits(header) == "too_many_pixels"


@pytest.mark.parametrize("brands", [b"msf1\0\0\0\0hevcmsf1", b"MiHB\0\0\0\0mif1heic"])
def test_sequences_and_makers_own_brands_are_heic(brands: bytes):
    data = makers.heic(BLOCK)
    length = int.from_bytes(data[:4], "big")

    header = read_header(makers.box(b"ftyp", brands) + data[length:])

    assert (header.media_type, header.width, header.height) == ("image/heic", 128, 96)


def test_a_sequence_that_says_its_size_only_in_its_track_is_measured():
    head = b"\0" * 76 + (640 << 16).to_bytes(4, "big") + (480 << 16).to_bytes(4, "big")
    track = makers.box(b"moov", makers.box(b"trak", makers.box(b"tkhd", head)))

    header = read_header(makers.box(b"ftyp", b"msf1\0\0\0\0hevcmsf1") + track)

    assert (header.width, header.height) == (640, 480)


def test_a_bursts_first_picture_is_described_by_its_own_note():
    """Two notes, one for each of two pictures: the file does not describe itself twice."""
    later = exif(taken=[INK.text(makers.TAKEN, "2024:02:13 09:30:02")])
    data = _burst(first_picture=2, notes={11: (1, later), 12: (2, BLOCK)})

    header = read_header(data)

    assert header.exif == (BLOCK,)


def _burst(first_picture: int, notes: dict[int, tuple[int, bytes]]) -> bytes:
    def two(number: int) -> bytes:
        return number.to_bytes(2, "big")

    names, refs, places, stock = b"", b"", b"", b""
    for number, (picture, block) in notes.items():
        names += makers.box(b"infe", b"\2\0\0\0" + two(number) + b"\0\0Exif\0")
        refs += makers.box(b"cdsc", two(number) + two(1) + two(picture))
        body = b"\0\0\0\0" + block
        places += two(number) + two(1) + two(0) + two(1)
        places += len(stock).to_bytes(4, "big") + len(body).to_bytes(4, "big")
        stock += body
    ispe = makers.box(b"ispe", b"\0" * 4 + (10).to_bytes(4, "big") * 2)
    meta = b"".join([
        makers.box(b"pitm", b"\0" * 4 + two(first_picture)),
        makers.box(b"iinf", b"\0" * 4 + two(len(notes)) + names),
        makers.box(b"iref", b"\0" * 4 + refs),
        makers.box(b"iloc", b"\1\0\0\0\x44\0" + two(len(notes)) + places),
        makers.box(b"iprp", makers.box(b"ipco", ispe)),
        makers.box(b"idat", stock),
    ])  # fmt: skip
    return makers.box(b"ftyp", b"heic\0\0\0\0mif1heic") + makers.box(b"meta", b"\0" * 4 + meta)


def test_the_decoder_gets_a_heic_without_its_notes():
    data = makers.heic(BLOCK)

    bare = unhooked(data)

    assert b"cdsc" in data
    assert b"cdsc" not in bare
    assert len(bare) == len(data)
    assert unhooked(bare) is bare


def test_a_heic_with_a_note_of_no_true_kind_or_a_brand_of_its_own_is_opened():
    """The first of the two killed the decoder, and the work-horse with it."""
    plain = makers.heic(BLOCK)

    for data in (
        plain.replace(b"Exif\0", b"Exi\xff\0", 1),
        plain[:8] + b"MiHB" + plain[12:],
    ):
        assert render(data, expected_sha256=sha256(data).hexdigest()).facts.width == 128
