"""From an original's bytes to what is shown: upright, small, and without a trace of the rest."""

from __future__ import annotations

import io
import zlib
from hashlib import sha256

import pytest
from PIL import Image

from app.photos.pipeline import Renditions, Unreadable, render
from tests.photos import makers
from tests.photos.makers import INK, exif

ABOUT = exif(
    [INK.text(makers.MAKE, "Camera"), INK.text(makers.MODEL, "One")],
    makers.MORNING,
    makers.PHAYAO,
)


def rendered(data: bytes) -> Renditions:
    return render(data, expected_sha256=sha256(data).hexdigest())


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
@pytest.mark.parametrize("orientation", [1, 6])
def test_other_containers_come_out_upright_too(form, orientation):
    block = exif([INK.short(makers.ORIENTATION, orientation)], makers.MORNING, makers.PHAYAO)
    data = makers.container(form, block, makers.stored_as(SCENE, orientation))

    done = rendered(data)

    assert corners(done.view) == UPRIGHT
    assert (done.facts.width, done.facts.height) == (400, 300)
    assert done.facts.exif_lat == pytest.approx(19.166423, abs=1e-6)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
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
    done = rendered(data)

    for picture in (done.view, done.thumb):
        assert not [word for word in PRIVATE if word in picture]
        assert set(opened(picture).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not opened(picture).getexif()


def test_the_same_original_gives_the_same_bytes_every_time():
    data = makers.jpeg(ABOUT, picture=SCENE)

    first, second = rendered(data), rendered(data)

    assert (first.view, first.thumb) == (second.view, second.thumb)


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


def test_white_shows_where_a_picture_is_transparent():
    done = rendered(makers.container("PNG", picture=Image.new("RGBA", (60, 40), (0, 0, 0, 0))))

    assert opened(done.view).getpixel((30, 20)) == (255, 255, 255)


def test_text_chunks_that_unpack_to_hundreds_of_megabytes_are_refused():
    bomb = makers.png_with(b"zTXt", b"key\0\0" + zlib.compress(b"\0" * 60_000_000))

    with pytest.raises(Unreadable) as answer:
        rendered(bomb)

    assert answer.value.code == "damaged"
