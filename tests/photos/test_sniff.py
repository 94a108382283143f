"""What a file is, told without decoding it - and what is not let near a decoder."""

from __future__ import annotations

from contextlib import suppress

import pytest

from app.photos.header import HeaderDamaged
from app.photos.sniff import check_limits, media_type_of, read_header
from tests.photos import makers


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (makers.jpeg(), "image/jpeg"),
        (makers.container("PNG"), "image/png"),
        (makers.container("WEBP"), "image/webp"),
        (makers.container("WEBP", lossless=True), "image/webp"),
        (makers.container("AVIF"), "image/avif"),
        (makers.heic(), "image/heic"),
    ],
)
def test_a_picture_is_known_by_its_bytes_and_its_size_by_its_header(data, media_type):
    header = read_header(data)

    assert (media_type_of(data), header.media_type) == (media_type, media_type)
    assert (header.width, header.height) in {(96, 64), (128, 96)}
    assert check_limits(header) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"GIF89a\x01\x00\x01\x00",
        b"BM" + b"\0" * 60,
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04",
        b"II*\0" + b"\0" * 40,
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"<?php echo 1;",
    ],
)
def test_what_only_calls_itself_a_picture_is_none(data):
    assert media_type_of(data) is None
    with pytest.raises(HeaderDamaged):
        read_header(data)


def test_a_generic_container_is_told_by_its_other_brands():
    avif = makers.heif_header_only(10, 10, b"avif")

    assert media_type_of(avif.replace(b"ftypavif", b"ftypmif1")) == "image/avif"
    assert media_type_of(makers.heif_header_only(10, 10, b"mif1")) == "image/heic"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (makers.jpeg_of_size(15_000, 14_000), None),  # 210 MP, as the largest phone sensors make
        (makers.jpeg_of_size(16_000, 15_000), "too_many_pixels"),
        (makers.jpeg_of_size(8_000, 7_000, progressive=True), None),
        (makers.jpeg_of_size(8_000, 8_000, progressive=True), "too_many_pixels"),
        (makers.jpeg_of_size(65_500, 65_500), "too_many_pixels"),
        (makers.jpeg_of_size(40_000, 10), "too_many_pixels"),
        (makers.png_header_only(50_000, 50_000), "too_many_pixels"),
        (makers.png_header_only(2**31 - 1, 2**31 - 1), "too_many_pixels"),
        (makers.png_header_only(0, 10), "no_size"),
        (makers.webp_canvas(16_000, 11_000), "too_many_pixels"),
        (makers.heif_header_only(13_000, 13_000, b"avif"), "too_many_pixels"),
        (makers.heif_header_only(2**32 - 1, 2**32 - 1), "too_many_pixels"),
        (makers.jpeg_with_scans(60), None),
        (makers.jpeg_with_scans(101), "too_many_scans"),
        (makers.jpeg_with_scans(20_000), "too_many_scans"),
    ],
)
def test_a_header_that_promises_too_much_is_refused_before_any_decoder(data, code):
    assert check_limits(read_header(data)) == code


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff" + b"\xff" * 5_000_000 + b"\0",
        b"\xff\xd8" + makers.segment(0xFE, b"") * 500_000,
        b"\xff\xd8" + b"\xff\xda\0\x02" * 500_000,
        b"\xff\xd8\xff\xc0\0\0" * 200_000,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + b"\0\0\0\x09" * 3 + b"\0\0\0\0tEXt" * 500_000,
        b"RIFF\0\0\0\0WEBP" + b"junk\0\0\0\0" * 500_000,
        makers.heif_header_only(10, 10) + b"\0\0\0\x08free" * 500_000,
        makers.heif_header_only(10, 10)[:28] + b"\0\0\0\0meta\0\0\0\0" * 300_000,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x01meta" + b"\0" * 8 + b"\0" * 1_000_000,
    ],
    ids=["ff", "comments", "scans", "no-length", "png", "webp", "boxes", "metas", "no-box"],
)
@pytest.mark.timeout(30)  # without bounds these take minutes
def test_megabytes_of_hostile_markers_are_walked_within_bounds(data):
    with suppress(HeaderDamaged):  # either answer will do, as long as there is one
        read_header(data)


def test_a_motion_photos_film_behind_the_picture_is_not_counted_as_scans():
    film = bytes.fromhex("ffda00020000") * 5_000

    assert read_header(makers.jpeg() + film).scans == 1


def test_a_header_cut_off_before_the_size_is_damaged():
    data = makers.jpeg(makers.exif([makers.INK.text(makers.MAKE, "Camera")]))

    with pytest.raises(HeaderDamaged) as refusal:
        read_header(data[:60])

    assert refusal.value.code == "no_size"


def test_a_coding_that_no_decoder_reads_is_named():
    lossless = makers.jpeg().replace(b"\xff\xc0", b"\xff\xc3", 1)

    with pytest.raises(HeaderDamaged) as refusal:
        read_header(lossless)

    assert refusal.value.code == "coding_unknown"
