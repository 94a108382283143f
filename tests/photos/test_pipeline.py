"""From an original's bytes to what is shown: upright, small, and without a trace of the rest."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import cv2
import pytest
from PIL import Image, ImageCms, ImageFilter

from app.photos.colour import PROFILE_MAX_BYTES
from app.photos.letters import NoLetters
from app.photos.pipeline import Renditions, Unreadable, render
from app.photos.stamp_words import StampWords
from app.shared.geo import Position
from tests.conftest import NOW
from tests.photos import makers
from tests.photos.makers import INK, exif

ABOUT = exif(
    [INK.text(makers.MAKE, "Camera"), INK.text(makers.MODEL, "One")],
    makers.MORNING,
    makers.PHAYAO,
)


WORDS = StampWords(
    code="9VRYKAA970", centre_name="โคก หนอง นา บ้านน้ำปุก", place="ต.ขุนควร อ.ปง จ.พะเยา",
    centre=Position(19.1666, 99.9), radius_m=200, source="camera", signed=True,
    captured_at=NOW, received_at=NOW,
)  # fmt: skip


def rendered(data: bytes, words: StampWords | None = None) -> Renditions:
    return render(data, expected_sha256=sha256(data).hexdigest(), words=words)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def corners(data: bytes) -> list[str]:
    """Which of the scene's colours lies in each corner: as the scene was made, if upright."""
    picture = opened(data).convert("RGB")
    width, height = picture.size
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255,) * 3: "white"}
    places = [(x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]
    found = []
    for place in places:
        pixel = picture.getpixel(place)
        nearest = min(names, key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True)))
        found.append(names[nearest])
    return found


UPRIGHT = ["red", "lime", "blue", "white"]
SCENE = makers.scene((400, 300))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_camera_comes_out_upright(orientation):
    block = exif([INK.short(makers.ORIENTATION, orientation)])
    data = makers.jpeg(block, picture=makers.stored_as(SCENE, orientation))

    done = rendered(data)

    assert corners(done.view) == corners(done.thumb) == UPRIGHT
    assert opened(done.view).size == (done.facts.width, done.facts.height) == (400, 300)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_other_containers_come_out_upright_too(form, orientation):
    block = exif([INK.short(makers.ORIENTATION, orientation)], makers.MORNING, makers.PHAYAO)
    data = makers.container(form, block, makers.stored_as(SCENE, orientation))

    done = rendered(data)

    assert corners(done.view) == UPRIGHT
    assert (done.facts.width, done.facts.height) == (400, 300)
    assert done.facts.exif_lat == pytest.approx(19.166423, abs=1e-6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_that_its_decoder_turned_is_not_turned_again(orientation):
    block = exif([INK.short(makers.ORIENTATION, orientation)], makers.MORNING, makers.PHAYAO)
    data = makers.heic(block, makers.stored_as(SCENE, orientation))

    done = rendered(data)

    assert corners(done.view) == UPRIGHT
    assert (done.facts.width, done.facts.height) == (400, 300)
    assert done.facts.exif_lat == pytest.approx(19.166423, abs=1e-6)
    assert done.facts.taken_at is not None


def test_large_pictures_become_small_and_small_ones_stay():
    large = rendered(makers.jpeg(picture=makers.scene((4000, 3000))))
    progressive = rendered(makers.jpeg(picture=makers.scene((4000, 3000)), progressive=True))
    small = rendered(makers.jpeg(picture=makers.scene((200, 100))))
    thin = rendered(makers.container("PNG", picture=Image.new("RGB", (5000, 1))))

    assert [opened(large.view).size, opened(large.thumb).size] == [(1600, 1200), (320, 240)]
    assert opened(progressive.view).size == (1600, 1200)
    assert [opened(small.view).size, opened(small.thumb).size] == [(200, 100), (200, 100)]
    assert opened(thin.thumb).size == (320, 1)
    assert (large.facts.width, large.facts.height) == (4000, 3000)


PRIVATE = [b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"Phetch", b"SECRET", b"Camera"]


# What a JPEG of nothing but pixels is made of: JFIF, tables, frame, restarts, scan.
BARE = {0xE0, 0xDB, 0xC0, 0xC4, 0xDD, 0xDA}


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Marker and body of every segment, and nothing between or after them."""
    assert jpeg[:2] == b"\xff\xd8"
    at, found = 2, []
    while jpeg[at : at + 2] != b"\xff\xd9":
        assert jpeg[at] == 0xFF
        size = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + size]))
        at += 2 + size
        if found[-1][0] == 0xDA:  # coded pixels, up to a marker that is no restart
            at += re.compile(rb"\xff[^\x00\xd0-\xd7]").search(jpeg, at).start() - at
    assert jpeg[at:] == b"\xff\xd9"
    return found


def full_of_secrets() -> bytes:
    data = makers.jpeg(ABOUT, picture=SCENE, icc_profile=b"SECRET" * 40, comment=b"SECRET")
    xmp = makers.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>SECRET</x>")
    return data[:2] + xmp + makers.segment(0xED, b"SECRET") + data[2:]


@pytest.mark.parametrize(
    "data",
    [
        full_of_secrets(),
        makers.container("PNG", ABOUT, SCENE),
        makers.container("WEBP", ABOUT, SCENE, xmp=b"<x>SECRET</x>", icc_profile=b"SECRET" * 40),
        makers.container("AVIF", ABOUT, SCENE),
        makers.heic(ABOUT, SCENE),
    ],
)
def test_nothing_but_pixels_reaches_a_rendition(data):
    done = rendered(data, WORDS)

    for picture in (done.view, done.thumb, done.stamped):
        parts = segments(picture)
        assert {marker for marker, _body in parts} <= BARE
        assert [len(body) for marker, body in parts if marker == 0xE0] == [14]  # no thumbnail
        assert not [word for word in PRIVATE if word in picture]
        assert set(opened(picture).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not opened(picture).getexif()


def test_the_same_original_gives_the_same_bytes_every_time():
    data = makers.jpeg(ABOUT, picture=SCENE)

    first, second = rendered(data, WORDS), rendered(data, WORDS)

    assert first == second


def test_bytes_that_changed_on_disk_are_noticed():
    data = makers.jpeg()

    with pytest.raises(Unreadable) as answer:
        render(data, expected_sha256=sha256(b"others").hexdigest())

    assert answer.value.code == "original_changed"


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_a_cut_off_picture_is_damaged_but_tells_when_and_where(keep):
    data = makers.jpeg(ABOUT, picture=SCENE, quality=95)

    with pytest.raises(Unreadable) as answer:
        rendered(data[: int(len(data) * keep)])

    assert answer.value.code == "damaged"
    assert answer.value.facts is not None
    assert answer.value.facts.exif_lat == pytest.approx(19.166423, abs=1e-6)


REFUSED = [
    (makers.jpeg_of_size(65_500, 65_500), "too_many_pixels"),
    (makers.jpeg_of_size(13_000, 13_000, progressive=True), "too_many_pixels"),
    (makers.png_header_only(50_000, 50_000), "too_many_pixels"),
    (makers.png_header_only(7_700, 7_700), "damaged"),
    (makers.webp_canvas(13_000, 13_000), "too_many_pixels"),
    (makers.webp_canvas(100, 100), "damaged"),
    (makers.heif_header_only(13_000, 13_000), "too_many_pixels"),
    (makers.heif_header_only(100, 100), "damaged"),
    (makers.heif_header_only(100, 100, b"avif"), "damaged"),
    (makers.jpeg_with_scans(101), "too_many_scans"),
    (makers.jpeg()[:20], "no_size"),
    (b"GIF89a" + b"\0" * 100, "not_a_picture"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_a_picture"),
    (b"\0\0\0\x0cftypheic", "no_size"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_a_bomb_or_a_hollow_file_is_an_answer_and_not_an_accident(data, code):
    with pytest.raises(Unreadable) as answer:
        rendered(data)

    assert answer.value.code == code


def test_a_picture_that_is_also_an_archive_or_a_page_is_shown_as_a_picture():
    for tail in (b"PK\x05\x06" + b"\0" * 18, b"<script>alert(1)</script>", b"<?php echo 1;"):
        done = rendered(makers.jpeg(picture=SCENE, comment=tail) + tail)

        assert corners(done.view) == UPRIGHT
        assert tail not in done.view


def test_the_first_of_several_pictures_in_a_file_is_shown():
    several = makers.jpeg(picture=SCENE) + makers.jpeg(picture=Image.new("RGB", (50, 50)))

    assert corners(rendered(several).view) == UPRIGHT


def grey_in(mode: str) -> bytes:
    """A light grey picture (white where there is only black and white) with such pixels."""
    if mode == "I;16":
        picture = Image.frombytes("I;16", (60, 40), b"\0\xc8" * 2400)
    else:
        picture = Image.new("L", (60, 40), 255 if mode == "1" else 200).convert(mode)
    return makers.container("JPEG" if mode == "CMYK" else "PNG", picture=picture)


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_kind_of_pixel_becomes_a_picture(mode):
    done = rendered(grey_in(mode))

    wanted = 255 if mode == "1" else 200
    assert opened(done.view).getpixel((30, 20)) == pytest.approx((wanted,) * 3, abs=6)


SWAPPED = {"r": makers.DISPLAY_P3["b"], "g": makers.DISPLAY_P3["g"], "b": makers.DISPLAY_P3["r"]}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_colours_are_those_that_the_files_profile_means(form):
    red = Image.new("RGB", (60, 40), (200, 0, 0))

    done = rendered(makers.container(form, picture=red, icc_profile=makers.profile(SWAPPED)))

    red, green, blue = opened(done.view).getpixel((30, 20))
    assert blue > 190 and max(red, green) < 40
    assert "icc_ignored" not in done.facts.flags


def test_an_iphones_colours_come_out_stronger_than_their_numbers():
    olive = Image.new("RGB", (60, 40), (90, 140, 60))

    done = rendered(makers.container("JPEG", picture=olive, icc_profile=makers.profile()))

    # Display P3 (90, 140, 60) in sRGB by the published matrices
    assert opened(done.view).getpixel((30, 20)) == pytest.approx((73, 142, 46), abs=4)


def test_srgb_is_left_alone():
    ours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    with_profile = rendered(makers.container("JPEG", picture=SCENE, icc_profile=ours))

    assert with_profile.view == rendered(makers.container("JPEG", picture=SCENE)).view


BROKEN_PROFILES = {
    "of nothing": b"\0" * 200,
    "cut off": makers.profile()[:300],
    "of other pixels": makers.profile().replace(b"RGB XYZ", b"GRAYXYZ"),
    "with offsets into nowhere": makers.profile()[:132] + b"\xff" * 400,
    "too large": makers.profile() + b"\0" * PROFILE_MAX_BYTES,
}


@pytest.mark.parametrize("broken", BROKEN_PROFILES.values(), ids=BROKEN_PROFILES.keys())
def test_a_profile_that_is_no_good_costs_no_more_than_a_remark(broken):
    done = rendered(makers.container("JPEG", picture=SCENE, icc_profile=broken))

    assert corners(done.view) == UPRIGHT
    assert "icc_ignored" in done.facts.flags


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_colours_are_shown_with_a_screens_profile_too(mode):
    done = rendered(
        makers.container("JPEG", picture=SCENE.convert(mode), icc_profile=makers.profile())
    )

    assert "icc_ignored" in done.facts.flags
    assert opened(done.view).mode == "RGB"


@pytest.mark.parametrize(
    ("broken", "flag"),
    [
        ("app.photos.pipeline.stamped", "stamp_failed"),
        ("app.photos.pipeline.features.keys_of", "prints_failed"),
        ("app.photos.pipeline.blurhash", "looks_failed"),
    ],
)
@pytest.mark.parametrize("trouble", [MemoryError, cv2.error, NoLetters, ValueError])
def test_what_fails_beside_the_picture_does_not_cost_the_picture(
    monkeypatch, broken, flag, trouble
):
    def fail(*_any: object) -> None:
        raise trouble

    monkeypatch.setattr(broken, fail)

    done = rendered(makers.jpeg(ABOUT, picture=SCENE), WORDS)

    assert corners(done.view) == UPRIGHT
    assert [f for f in done.facts.flags if f.endswith("_failed")] == [flag]
    assert sum(made is None for made in (done.stamped, done.keys, done.measures)) == 1


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_time_beyond_every_calendar_costs_the_stamp_at_most(instant):
    words = replace(WORDS, captured_at=datetime.fromisoformat(instant))

    assert corners(rendered(makers.jpeg(picture=SCENE), words).view) == UPRIGHT


def test_a_jobs_time_out_is_no_fault_of_the_stamp(monkeypatch):
    class TimeIsUp(Exception):
        pass

    def late(*_any: object) -> None:
        raise TimeIsUp

    monkeypatch.setattr("app.photos.pipeline.stamped", late)

    with pytest.raises(TimeIsUp):
        rendered(makers.jpeg(picture=SCENE), WORDS)


def test_memory_that_opencv_does_not_get_is_said_to_be_missing(monkeypatch):
    def greedy(*_any: object, **_more: object) -> None:
        error = cv2.error("Failed to allocate")
        error.code = -4
        raise error

    monkeypatch.setattr("app.photos.pixels.cv2.resize", greedy)

    with pytest.raises(Unreadable) as answer:
        rendered(makers.jpeg(ABOUT, picture=makers.scene((2000, 1500))))

    assert answer.value.code == "too_much_memory"
    assert answer.value.facts is not None


def test_a_sharp_picture_measures_sharper_than_a_blurred_one_of_the_same_scene():
    sharp = makers.grassy((1600, 1200))
    blurred = sharp.filter(ImageFilter.GaussianBlur(6))

    first, second = (rendered(makers.jpeg(picture=p)).measures for p in (sharp, blurred))

    assert first.sharpness > 5 * second.sharpness


def test_the_same_scene_measures_alike_in_every_size():
    large = makers.grassy((2400, 1800))
    small = large.resize((1200, 900), Image.Resampling.LANCZOS)

    first, second = (rendered(makers.jpeg(picture=p)).measures for p in (large, small))

    assert first.sharpness == pytest.approx(second.sharpness, rel=0.3)
    assert first.brightness == pytest.approx(second.brightness, abs=2)


def test_a_night_without_light_and_a_sky_without_shade_are_told_by_their_shares():
    night, sky = (Image.new("RGB", (400, 300), (level,) * 3) for level in (5, 255))

    dark, bright = (rendered(makers.jpeg(picture=p)).measures for p in (night, sky))

    assert (dark.dark_share, dark.blown_share, dark.sharpness) == (1, 0, 0)
    assert (bright.dark_share, bright.blown_share) == (0, 1)


def test_a_screenshot_has_a_screens_size_and_blocks_of_one_colour():
    screen = Image.new("RGB", (1080, 2400), "white")
    screen.paste(makers.grassy((600, 400)), (240, 300))

    shot = rendered(makers.container("PNG", picture=screen)).measures
    photo = rendered(makers.jpeg(picture=makers.grassy((1600, 1200)))).measures

    assert shot.screen_sized and shot.flat_share > 0.5
    assert not photo.screen_sized and photo.flat_share < 0.1


def test_white_shows_where_a_picture_is_transparent():
    done = rendered(makers.container("PNG", picture=Image.new("RGBA", (60, 40), (0, 0, 0, 0))))

    assert opened(done.view).getpixel((30, 20)) == (255, 255, 255)


def test_text_chunks_that_unpack_to_hundreds_of_megabytes_are_refused():
    bomb = makers.png_with(b"zTXt", b"key\0\0" + zlib.compress(b"\0" * 60_000_000))

    with pytest.raises(Unreadable) as answer:
        rendered(bomb)

    assert answer.value.code == "damaged"
