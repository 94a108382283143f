"""The map's data: one's own scope, five digits, nothing from elsewhere unless it was set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError

from app.board import points
from app.shared.db import db
from app.web.headers import POLICY, policy_with_tiles
from config import Settings
from tests.board.story import Story
from tests.conftest import World

Client = Callable[[str], FlaskClient]
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture
def placed(app: Flask, world: World, on_day: Callable[[date], None]) -> Iterator[None]:
    """Photos with and without a position, at three centres."""
    on_day(date(2024, 2, 12))
    with app.app_context():
        story = Story(db.session(), world)
        story.assessment(world.centre, "5606", "B", decided="A")
        story.visit(world.centre)
        for centre in (world.centre, world.neighbour, world.stranger):
            far = story.photo(centre, "centre", centre, lat=19.123456789, lon=100.2, band="far")
            far.distance_m = 1_500.0  # not so far that it may be somebody's home
        story.photo(world.centre, "centre", world.centre)
        file = story.photo(world.centre, "centre", world.centre, band="inside")
        file.exif_lat, file.exif_lon, file.distance_m = 19.15, 100.27, 40.0
        story.photo(
            world.centre, "centre", world.centre, lat=19.1, lon=100.2
        ).deleted_at = file.received_at
        db.session.commit()
        db.session.remove()
    yield


def _features(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/geo+json"
    found: list[dict[str, Any]] = json.loads(answer.text)["features"]
    return found


@pytest.mark.parametrize(
    ("who", "centres", "photos", "districts"),
    [("volunteer", 1, 2, 1), ("officer", 2, 3, 1), ("reviewer", 3, 4, 9), ("admin", 3, 4, 9)],
)
def test_everyone_sees_the_own_scope(
    placed: None, sign_in: Client, who: str, centres: int, photos: int, districts: int
) -> None:
    client = sign_in(who)
    assert len(_features(client, "/map/centres.geojson")) == centres
    assert len(_features(client, "/map/photos.geojson")) == photos
    assert len(_features(client, "/map/districts.geojson")) == districts
    assert client.get("/map").status_code == 200


def test_a_foreign_district_or_centre_in_the_address_shows_nothing_more(
    placed: None, sign_in: Client, world: World
) -> None:
    client = sign_in("officer")
    for address in ("/map/centres.geojson", "/map/photos.geojson", "/map/districts.geojson"):
        assert _features(client, f"{address}?district=5601") == _features(client, address)
    assert _features(client, f"/map/photos.geojson?centre={world.stranger}") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_filter_narrows_by_district_and_quarter(placed: None, sign_in: Client) -> None:
    client = sign_in("reviewer")
    assert len(_features(client, "/map/centres.geojson?district=5601")) == 1
    assert len(_features(client, "/map/photos.geojson?district=5606")) == 3
    assert _features(client, "/map/photos.geojson?quarter=2567Q1") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_points_say_what_they_are_without_colour(placed: None, sign_in: Client) -> None:
    client = sign_in("volunteer")
    (centre,) = _features(client, "/map/centres.geojson?lang=en")
    facts = centre["properties"]
    assert [facts["look"], facts["letter"]] == ["best", "A"]
    assert facts["lines"][0].startswith("A model")
    assert facts["lines"][1:] == ["1 visit", "3 photos"]
    assert client.get(facts["href"]).status_code == 200
    photos = _features(client, "/map/photos.geojson?lang=en")
    assert {one["properties"]["look"] for one in photos} == {"inside", "far"}
    assert [100.2, 19.12346] in [one["geometry"]["coordinates"] for one in photos]
    common = json.loads(client.get("/map/photos.geojson?lang=en").text)["common"]
    assert common["looks"]["far"] == "Far from the centre"
    assert client.get(common["href"] + photos[0]["id"]).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_photos_than_a_phone_draws_are_counted_not_sent(
    placed: None, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MOST_PHOTOS", 2)
    found = json.loads(sign_in("reviewer").get("/map/photos.geojson").text)
    assert [len(found["features"]), found["total"]] == [2, 4]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_map_asks_nobody_else_by_default(placed: None, sign_in: Client) -> None:
    answer = sign_in("reviewer").get("/map")
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "data-map-tiles" not in answer.text


def test_tiles_open_the_policy_for_their_host_and_pictures_only() -> None:
    policy = policy_with_tiles(TILES)
    assert policy == POLICY.replace("img-src 'self'", "img-src 'self' https://tiles.example.org")
    assert policy.count("tiles.example.org") == 1


@pytest.mark.parametrize(
    "tiles",
    ["http://tiles.example.org/{z}.png", "https://a.org; script-src *//{z}", "javascript:{z}", "x"],
)
def test_what_is_no_address_of_tiles_is_refused(tiles: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({
            "secret_key": "x" * 40, "signing_key": "A" * 43, "database_url": "sqlite://",
            "redis_url": "unix://x", "var_dir": "/nowhere", "map_tiles": tiles,
        })  # fmt: skip
