"""The stamp: whole picture above, true words below, whatever the picture's shape."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from app.photos import letters, splice, stamp
from app.photos.exif import PhotoFacts
from app.photos.letters import NoLetters, drawn, font, shortened, wrapped
from app.photos.splice import NotSpliceable, encoded, with_band
from app.photos.stamp import LEAST_WIDTH_PX, band, stamped
from app.photos.stamp_words import StampWords, lines_of
from app.shared.geo import Position
from tests.photos import makers

MORNING = datetime(2024, 2, 13, 2, 30, tzinfo=UTC)
LATER = datetime(2024, 2, 14, 11, 5, tzinfo=UTC)
CENTRE = Position(19.1666, 99.9)
HERE = Position(19.1668, 99.9, 6.0)
WORDS = StampWords(
    code="9VRYKAA970", centre_name="ศูนย์เรียนรู้โคก หนอง นา บ้านน้ำปุก",
    place="ต.ขุนควร อ.ปง จ.พะเยา", centre=CENTRE, radius_m=200, source="camera", signed=True,
    captured_at=MORNING, received_at=LATER, taken_with=HERE,
)  # fmt: skip
SILENT = PhotoFacts("image/jpeg")
LONG = "ศูนย์เรียนรู้ตามหลักปรัชญาของเศรษฐกิจพอเพียงประยุกต์สู่โคกหนองนาโมเดล" * 2


def pixels(jpeg: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


# --- words -------------------------------------------------------------------------------------


def test_the_cameras_time_is_told_with_its_source():
    lines = lines_of(WORDS, replace(SILENT, taken_at=MORNING, taken_source="exif"))

    assert (lines.when, lines.when_source) == ("13 กุมภาพันธ์ 2567 09.30 น.", "เวลาจากกล้อง")


def test_without_the_files_time_the_phones_counts_where_its_camera_was_used():
    in_app = lines_of(WORDS, SILENT)
    chosen = lines_of(replace(WORDS, source="picker"), SILENT)

    assert (in_app.when, in_app.when_source) == ("13 กุมภาพันธ์ 2567 09.30 น.", "เวลาจากโทรศัพท์")
    assert chosen.when == "14 กุมภาพันธ์ 2567 18.05 น."
    assert "ไม่ทราบเวลาถ่าย" in chosen.when_source


def test_the_position_is_told_with_its_error_its_source_and_how_far_away_it_is():
    lines = lines_of(WORDS, SILENT)

    assert lines.where == "19.16680, 99.90000 ±6 ม."
    assert lines.where_source == "พิกัดจากโทรศัพท์ · ห่างศูนย์ 22 ม. (อยู่ที่ศูนย์)"


@pytest.mark.parametrize(
    ("lat", "words"),
    [(19.1700, "376 ม. (ใกล้ศูนย์)"), (19.2666, "11.1 กม. (ไกลจากศูนย์)")],
)
def test_the_files_position_counts_where_the_phone_gave_none(lat, words):
    facts = replace(SILENT, exif_lat=lat, exif_lon=99.9)

    lines = lines_of(replace(WORDS, taken_with=None), facts)

    assert lines.where_source == f"พิกัดจากไฟล์ภาพ · ห่างศูนย์ {words}"


def test_a_photo_without_a_position_says_so():
    lines = lines_of(replace(WORDS, taken_with=None), SILENT)

    assert (lines.where, lines.where_source) == ("ไม่มีพิกัด", "")


@pytest.mark.parametrize(
    ("source", "signed", "words"),
    [
        ("camera", True, "ถ่ายในแอป · มีลายเซ็นของโทรศัพท์"),
        ("camera", False, "ถ่ายในแอป"),
        ("picker", False, "เลือกจากไฟล์"),
        ("unknown", False, "ไม่ทราบที่มาของไฟล์"),
    ],
)
def test_where_the_file_comes_from_is_told_without_guessing(source, signed, words):
    assert lines_of(replace(WORDS, source=source, signed=signed), SILENT).provenance == words


# --- letters -----------------------------------------------------------------------------------


def test_a_tone_stands_above_its_vowel_and_not_in_it():
    face = font("Regular", 64)
    inked = [np.asarray(drawn(text, face)).any(axis=1).argmax() for text in ("ท", "ที", "ที่")]

    assert inked[0] > inked[1] > inked[2]  # each mark higher than what it stands on


def test_a_long_name_is_parted_where_a_syllable_begins_and_cut_where_it_does_not_fit():
    face = font("Bold", 50)

    lines = wrapped(LONG, face, 1_000, 2)

    assert len(lines) == 2
    assert all(face.getlength(line) <= 1_000 for line in lines)
    assert lines[1].endswith("…")
    assert lines[1][0] in "เแโใไ"
    assert LONG.startswith((lines[0] + lines[1])[:-1])


def test_a_name_with_blanks_is_parted_at_one():
    lines = wrapped("บ้านน้ำปุก หมู่ที่สิบสอง ขุนควร", font("Regular", 50), 420, 2)

    assert lines == ["บ้านน้ำปุก", "หมู่ที่สิบสอง ขุนควร"]


def test_no_mark_is_parted_from_its_letter():
    face = font("Regular", 40)
    text = "กี่กุ้กำกั๊กเก้า" * 20

    for width in range(60, 600, 7):
        cut = shortened(text, face, width).removesuffix("…")
        following = text[len(cut)]
        assert following not in "ัิีึืฺุู็่้๊๋์ะาำๅ"
        assert cut[-1] not in "เแโใไ"


@pytest.mark.parametrize(
    "name", ["", "\n", "a\nb", "😀 ชื่อ", "ชื่อ\u202e", "\x00", "ก" * 160, "W" * 160]
)
def test_no_name_breaks_the_band(name):
    assert band(lines_of(replace(WORDS, centre_name=name), SILENT), 800).width == 800


def test_without_its_fonts_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(letters, "FONT_FOLDER", tmp_path)
    font.cache_clear()

    with pytest.raises(NoLetters):
        band(lines_of(WORDS, SILENT), 800)

    font.cache_clear()


# --- the picture -------------------------------------------------------------------------------

SHAPES = [(1600, 1200), (1600, 1067), (1200, 1600), (1600, 200), (640, 1600), (641, 40)]


@pytest.mark.parametrize("size", SHAPES)
def test_the_picture_stays_whole_and_the_band_lies_below_it(size):
    view = makers.grassy(size)
    jpeg, lines = encoded(view), lines_of(WORDS, SILENT)

    made = pixels(stamped(view, jpeg, lines))

    below = band(lines, size[0])
    assert made.shape == (size[1] + below.height, size[0], 3)
    assert np.abs(made[: size[1]] - pixels(jpeg)).mean() < 2
    assert np.abs(made[size[1] :] - np.asarray(below).astype(int)).mean() < 6


def test_nothing_of_the_picture_is_coded_a_second_time():
    view = makers.grassy((1600, 1200))
    jpeg = encoded(view)

    made = pixels(stamped(view, jpeg, lines_of(WORDS, SILENT)))

    # Where picture and band meet a decoder smooths colours across; above, bit for bit the same.
    assert (made[:1198] == pixels(jpeg)[:1198]).all()


@pytest.mark.parametrize("size", [(200, 150), (8, 8), (90, 1600), (639, 300)])
def test_a_picture_too_narrow_for_letters_stands_on_paper(size):
    view = Image.new("RGB", size, (10, 120, 60))

    made = pixels(stamped(view, encoded(view), lines_of(WORDS, SILENT)))

    assert made.shape[1] == LEAST_WIDTH_PX
    middle = made[: size[1], LEAST_WIDTH_PX // 2]
    assert np.abs(middle - (10, 120, 60)).mean() < 30
    assert size[0] > 600 or made[0, 5].min() > 240


def test_the_address_to_ask_at_stands_with_the_code_where_there_is_room():
    usual, far_too_long = (
        replace(WORDS, verify_at=f"{host}/verify") for host in ("lakthan.example.go.th", "w" * 200)
    )
    plain, named, unnamed = (
        np.asarray(band(lines_of(words, SILENT), 800)) for words in (WORDS, usual, far_too_long)
    )

    assert (plain != named).any()
    assert (plain == unnamed).all()


def test_the_letters_grow_with_the_picture_and_a_panoramas_band_is_no_wider():
    heights = {width: band(lines_of(WORDS, SILENT), width).height for width in (640, 1200, 1600)}

    assert heights[640] / 640 == pytest.approx(heights[1600] / 1600, rel=0.05)
    assert heights[1200] / 1200 == pytest.approx(heights[1600] / 1600, rel=0.05)
    assert heights[1600] < 400


def test_other_jpegs_are_not_spliced():
    view = makers.grassy((800, 600))
    below = band(lines_of(WORDS, SILENT), 800)
    others = [
        makers.jpeg(picture=view),  # no restarts
        makers.jpeg(picture=view, quality=50, restart_marker_rows=1),
        makers.jpeg(picture=view, progressive=True, restart_marker_rows=1),
        encoded(view.crop((0, 0, 800, 500))),
        encoded(view)[:-2],
    ]

    for other in others:
        with pytest.raises(NotSpliceable):
            with_band(other, view, below)


def test_a_band_can_be_set_below_a_row_of_any_height():
    for height in range(1, 34):
        view = Image.new("RGB", (48, height), (200, 40, 40))
        made = pixels(with_band(encoded(view), view, Image.new("RGB", (48, 20), (40, 40, 200))))
        assert made.shape == (height + 20, 48, 3)
        assert np.abs(made[height - 1, :] - (200, 40, 40)).max() < 100
        assert np.abs(made[-1] - (40, 40, 200)).max() < 12


def test_drawing_the_same_words_again_is_the_same_band():
    lines = lines_of(WORDS, SILENT)
    before = band(lines, 1600).tobytes()
    drawn.cache_clear()

    assert band(lines, 1600).tobytes() == before
    assert splice.JPEG_QUALITY == 80 and stamp.LEAST_WIDTH_PX == 640
