"""The demo's pictures carry a camera's true marks, and are the same in every run."""

from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO

import exifread
import pytest
from PIL import Image, ImageStat

from app.demo.darkroom import Order, developed
from app.demo.pictures import SCENES, Picture, photograph, resaved
from app.demo.pictures.exif import Fix, Shot
from app.demo.pictures.weather import LIGHTS, SEASONS, season_of
from app.photos.pipeline import render

BANGKOK = timezone(timedelta(hours=7))
TAKEN = datetime(2024, 1, 15, 10, 15, 23, tzinfo=BANGKOK)
FIX = Fix(lat=19.284117, lon=100.403251, altitude_m=412.5, direction_deg=123.25, error_m=6.5)
SMALL = Picture("pond", seed=7, width=320, height=240)


def _tags(jpeg: bytes) -> dict[str, object]:
    return exifread.process_file(BytesIO(jpeg), details=False)


def _facts(jpeg: bytes):
    return render(jpeg, expected_sha256=sha256(jpeg).hexdigest()).facts


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_is_a_picture_and_no_flat_colour(scene: str) -> None:
    order = Picture(scene, seed=3, crowd="school", people=5, width=320, height=240)

    with Image.open(BytesIO(photograph(order, Shot(TAKEN)))) as image:
        assert image.size == (320, 240)
        assert min(ImageStat.Stat(image).stddev) > 15


@pytest.mark.parametrize("light", sorted(LIGHTS))
@pytest.mark.parametrize("season", sorted(SEASONS))
def test_every_light_and_season_can_be_drawn(light: str, season: str) -> None:
    order = Picture(
        "sign", seed=1, light=light, season=season, lines=("ก", "ข"), width=160, height=120
    )

    assert photograph(order, Shot(TAKEN))[:2] == b"\xff\xd8"


def test_the_exif_says_what_was_asked() -> None:
    facts = _facts(photograph(SMALL, Shot(TAKEN, FIX, "Field Phone 2")))

    assert facts.taken_at == TAKEN
    assert facts.taken_source == "exif"
    assert facts.exif_lat == pytest.approx(FIX.lat, abs=1e-6)
    assert facts.exif_lon == pytest.approx(FIX.lon, abs=1e-6)
    assert facts.exif_accuracy_m == 6.5
    assert facts.direction_deg == 123.25
    assert facts.camera == "Lakthan Demo Field Phone 2"
    assert facts.flags == ()


def test_any_exif_reader_finds_the_altitude_and_the_offset() -> None:
    tags = _tags(photograph(SMALL, Shot(TAKEN, FIX)))

    assert str(tags["EXIF OffsetTimeOriginal"]) == "+07:00"
    assert str(tags["EXIF DateTimeOriginal"]) == "2024:01:15 10:15:23"
    assert float(tags["GPS GPSAltitude"].values[0]) == 412.5
    assert str(tags["GPS GPSDate"]) == "2024:01:15"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_turned_pictures_come_out_upright(orientation: int) -> None:
    upright = photograph(SMALL, Shot(TAKEN))
    turned = photograph(SMALL, Shot(TAKEN, orientation=orientation))

    assert _facts(turned).orientation == orientation
    assert _difference(_view(upright), _view(turned)) < 4


def test_a_phone_without_a_fix_writes_no_position() -> None:
    tags = _tags(photograph(SMALL, Shot(TAKEN)))

    assert [name for name in tags if name.startswith("GPS")] == []


def test_a_buddhist_year_is_written_and_understood() -> None:
    jpeg = photograph(SMALL, Shot(TAKEN, FIX, buddhist_year=True))

    assert str(_tags(jpeg)["EXIF DateTimeOriginal"]).startswith("2567:")
    assert _facts(jpeg).taken_at == TAKEN
    assert "time_buddhist_year" in _facts(jpeg).flags


def test_a_picture_that_is_saved_again_is_smaller_and_has_lost_its_exif() -> None:
    again = resaved(photograph(SMALL, Shot(TAKEN, FIX)))

    assert _tags(again) == {}
    with Image.open(BytesIO(again)) as image:
        assert image.size == (200, 150)


def test_the_same_order_gives_the_same_bytes_here_and_in_other_processes() -> None:
    orders = [
        Order(Picture("garden", seed, width=160, height=120), Shot(TAKEN)) for seed in range(8)
    ]

    assert list(developed(orders, processes=2)) == list(developed(orders, processes=1))


def test_another_seed_gives_another_picture() -> None:
    other = Picture("pond", seed=8, width=320, height=240)

    assert (
        _difference(_view(photograph(SMALL, Shot(TAKEN))), _view(photograph(other, Shot(TAKEN))))
        > 10
    )


def test_the_fields_follow_the_months() -> None:
    assert [season_of(month) for month in (10, 11, 2)] == ["rain", "harvest", "dry"]


def _view(jpeg: bytes) -> Image.Image:
    view = render(jpeg, expected_sha256=sha256(jpeg).hexdigest()).view
    with Image.open(BytesIO(view)) as image:
        return image.convert("L").resize((32, 24))


def _difference(a: Image.Image, b: Image.Image) -> float:
    pairs = zip(a.tobytes(), b.tobytes(), strict=True)
    return sum(abs(x - y) for x, y in pairs) / (32 * 24)
