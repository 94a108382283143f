"""The radar holds any number of sides, and its words stay inside the picture."""

from __future__ import annotations

import pytest

from app.assessments.radar import HEIGHT, WIDTH, radar_of
from app.rounds.programme import load_programme

NAMES = [side.th for side in load_programme().five_p]


@pytest.mark.parametrize("count", [3, 5, 8, 12])
def test_every_side_has_its_corner_spoke_and_name(count: int):
    radar = radar_of([f"ด้าน {n}" for n in range(count)], [50.0] * count, [25.0] * count)
    assert radar is not None
    assert len(radar.shape.split()) == len(radar.before.split()) == len(radar.spokes) == count
    assert len(radar.labels) == count


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_sides_have_no_area(count: int):
    assert radar_of(["ก"] * count, [50.0] * count) is None


@pytest.mark.parametrize("names", [NAMES, [f"ด้านที่ {n}" for n in range(8)], ["ก", "ข", "ค"]])
def test_everything_lies_inside_the_picture(names: list[str]):
    radar = radar_of(names, [100.0] * len(names))
    assert radar is not None
    corners = [tuple(map(float, one.split(","))) for one in radar.shape.split()]
    lines = [(label.x, y) for label in radar.labels for y, _text in label.lines]
    for x, y in [*corners, *radar.spokes, *lines]:
        assert 0 <= x <= WIDTH
        assert 12 <= y <= HEIGHT


def test_the_programmes_own_names_fit():
    radar = radar_of(NAMES, [50.0] * len(NAMES))
    assert radar is not None
    assert not radar.numbered


def test_names_too_long_for_the_picture_become_numbers():
    long = ["การบริหารจัดการการบริการของศูนย์เรียนรู้ชุมชน"] * 5
    radar = radar_of(long, [50.0] * 5)
    assert radar is not None
    assert radar.numbered
    assert [label.lines[0][1] for label in radar.labels] == ["1", "2", "3", "4", "5"]


def test_a_full_side_touches_the_outer_ring_and_none_the_middle():
    radar = radar_of(["ก", "ข", "ค"], [100.0, 0.0, 250.0])
    assert radar is not None
    top, middle, beyond = radar.shape.split()
    assert top == radar.rings[-1].split()[0]
    assert middle == f"{WIDTH / 2:g},{HEIGHT / 2 + 2:g}"
    assert beyond == radar.rings[-1].split()[2]
