"""Links, readings and sums, without a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.publicity.months import month_named, month_of, months_asked
from app.publicity.rules import channel_of, clean_link, readings_of, sums_by, without_post
from app.rounds.programme import load_programme
from app.shared.errors import NotFound

CASES = json.loads((Path(__file__).parent.parent / "contract" / "link_cases.json").read_text())
PROGRAMME = load_programme()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_link_loses_what_follows_people_and_tells_its_channel(case: dict[str, str]):
    assert clean_link(case["typed"]) == case["link"]
    assert clean_link(case["link"]) == case["link"]
    assert (channel_of(case["link"], PROGRAMME.channels) or "") == case["channel"]


def post(**facts: Any) -> Any:
    usual = {"channel": "line", "district_code": "5606", "centre_id": None, "side": None}
    numbers = {"read_on": None, "views": None, "likes": None, "shares": None}
    return SimpleNamespace(**usual | numbers | facts)


def test_earlier_readings_are_worked_back_from_the_versions():
    now = post(read_on=date(2024, 2, 20), views=300, likes=20, shares=4)
    versions = [
        SimpleNamespace(changes={"views": [250, 300]}),  # the same day's, corrected
        SimpleNamespace(changes={"read_on": ["2024-02-14", "2024-02-20"], "views": [100, 250]}),
        SimpleNamespace(changes={"title": ["a", "b"]}),
        SimpleNamespace(changes={}),
    ]
    readings = readings_of(now, versions)
    assert [(one.read_on.day, one.views, one.likes) for one in readings] == [
        (20, 300, 20),
        (14, 100, 20),
    ]


def test_a_post_that_nobody_read_has_no_reading():
    assert readings_of(post(), [SimpleNamespace(changes={})]) == []


def test_sums_count_posts_without_numbers_apart():
    posts = [post(views=10, likes=1, side="place"), post(), post(channel="x", views=5)]
    by_channel = sums_by(posts, "channel")
    assert (by_channel[("line",)].posts, by_channel[("line",)].unread) == (2, 1)
    total = sums_by(posts)[()]
    assert (total.posts, total.views, total.likes, total.by_side) == (3, 15, 1, {"place": 1, "": 2})


def test_closed_centres_owe_no_post():
    centres = [
        SimpleNamespace(id=n, status=s) for n, s in enumerate(("active", "closed", "active"))
    ]
    assert [one.id for one in without_post(centres, [post(centre_id=0)])] == [2]


def test_a_month_is_the_days_that_its_report_covers():
    month = month_named((PROGRAMME,), "publicity_2024_02")
    assert (month.first, month.last) == (date(2024, 1, 16), date(2024, 2, 15))
    calendar = month_named((), "2024-02")
    assert (calendar.first, calendar.last) == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize("key", ["2024-13", "plan", "publicity_2031_01", "..", "0000-01"])
def test_what_is_no_month_is_not_found(key: str):
    with pytest.raises(NotFound):
        month_named((PROGRAMME,), key)


def test_the_running_month_is_shown_unasked():
    assert month_of((PROGRAMME,), date(2024, 2, 16)).key == "publicity_2024_03"
    assert month_of((PROGRAMME,), date(2030, 1, 1)).key == "publicity_2024_09"
    assert month_of((), date(2024, 2, 16)).key == "2024-02"
    assert months_asked((PROGRAMME,), date(2024, 1, 15)) == []
