"""A position is told its district and the subdistrict it is near, from official data alone."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy.orm import Session

from app.areas.queries import areas_by_code
from app.areas.shipped import DATA
from app.areas.whereabouts import Whereabouts, place_at, place_words
from app.shared.geo import distance_m


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_official_point_is_found_to_be_itself() -> None:
    for row in _rows("subdistricts.csv"):
        found = place_at(float(row["lat"]), float(row["lon"]))
        assert (found.district_code, found.subdistrict_code) == (row["amphoe_code"], row["code"])
        assert found.near_m == pytest.approx(0, abs=1)


def test_every_district_office_lies_in_its_district() -> None:
    for row in _rows("districts.csv"):
        assert place_at(float(row["lat"]), float(row["lon"])).district_code == row["code"]


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (19.1666, 99.9018, "5601"),  # Kwan Phayao, the town's shore
        (19.5237, 100.3019, "5603"),  # Chiang Kham market
        (19.6500, 100.4000, "5608"),  # Phu Sang, towards Laos
    ],
)
def test_known_places_are_in_their_district(lat: float, lon: float, code: str) -> None:
    assert place_at(lat, lon).district_code == code


def test_the_nearest_point_is_nearest_on_earth_and_not_on_a_flat_map() -> None:
    points = {row["code"]: row for row in _rows("subdistricts.csv")}
    for step in range(200):
        lat, lon = 18.85 + step * 0.0045, 99.75 + (step * 37 % 200) * 0.0045
        found = place_at(lat, lon)
        if found.district_code is None:
            continue
        others = {
            code: distance_m(lat, lon, float(row["lat"]), float(row["lon"]))
            for code, row in points.items()
            if row["amphoe_code"] == found.district_code
        }
        assert found.subdistrict_code == min(others, key=others.__getitem__)
        assert found.near_m == min(others.values())


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (18.7883, 98.9853),  # Chiang Mai
        (19.9105, 99.8406),  # Chiang Rai
        (18.7756, 100.7730),  # Nan
        (18.1446, 100.1403),  # Phrae
        (0.0, 0.0),
        (-19.15, 100.27),
        (19.15, -100.27),
        (90.0, 180.0),
        (91.0, 100.0),
        (float("nan"), 100.0),
        (float("inf"), float("-inf")),
    ],
)
def test_outside_the_province_nothing_is_known(lat: float, lon: float) -> None:
    assert place_at(lat, lon) == Whereabouts()


def test_across_a_border_it_is_the_neighbour() -> None:
    """From one district's office to the next the answer changes once, with nothing in between."""
    here, there = (19.1624, 99.9934), (19.1491, 100.2752)  # Dok Khamtai, Pong
    steps = [place_at(*_between(here, there, part / 200)).district_code for part in range(201)]

    assert steps[0] == "5605"
    assert steps[-1] == "5606"
    assert set(steps) <= {"5605", "5606", "5602"}  # the line touches Chun
    assert None not in steps


def _between(a: tuple[float, float], b: tuple[float, float], part: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def test_it_is_said_as_near_and_never_as_in(session: Session) -> None:
    areas, found = areas_by_code(session), place_at(19.1491, 100.2752)

    assert found.district_code == "5606"
    assert place_words(areas, found, "th").startswith("แถว ต.")
    assert place_words(areas, found, "th").endswith("อ.ปง จ.พะเยา")
    assert place_words(areas, found, "en").startswith("near ")
    assert place_words(areas, Whereabouts(), "th") == ""
