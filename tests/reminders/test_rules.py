"""When somebody is told, and where a message may go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.reminders import rules
from config import PUSH_SERVICES

STEPS = (7, 3, 1, 0)


@pytest.mark.parametrize(
    ("days_left", "step"),
    [
        (30, None), (8, None), (7, 7), (6, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0),
        (-1, -1), (-7, -1), (-8, None), (-400, None),
    ],
)  # fmt: skip
def test_only_the_nearest_step_reached_is_told(days_left: int, step: int | None) -> None:
    assert rules.step_reached(days_left, STEPS) == step


def test_a_programme_without_steps_tells_only_what_is_late() -> None:
    assert rules.step_reached(0, ()) is None
    assert rules.step_reached(-1, ()) == rules.LATE


@pytest.mark.parametrize(
    ("utc_hour", "rings"), [(0, False), (1, True), (10, True), (11, False), (17, False)]
)
def test_nobodys_phone_rings_at_night(utc_hour: int, rings: bool) -> None:
    assert rules.may_ring(datetime(2024, 2, 1, utc_hour, 30, tzinfo=UTC)) is rings


def test_the_next_morning_is_bangkoks() -> None:
    late_evening_utc = datetime(2023, 12, 31, 18, tzinfo=UTC)  # 1 January, 1 o'clock there
    assert rules.next_morning(late_evening_utc) == datetime(2024, 1, 2, 1, tzinfo=UTC)


def test_waits_grow_and_end() -> None:
    waits = [rules.wait_after(n) for n in range(1, rules.MOST_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:DEF",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QK",
        "https://wns2-sg2p.notify.windows.com/w/?token=AwY%3d",
    ],
)
def test_the_known_push_services_are_called(endpoint: str) -> None:
    assert rules.endpoint_allowed(endpoint, PUSH_SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/?fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://evilnotify.windows.com/x",
        "https://.notify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://fcm.googleapis.com/\nHost: x",
        "https://fcm.googleapis.com/" + "x" * 1_000,
        "https://ｆcm.googleapis.com/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_nothing_else_is_called(endpoint: str) -> None:
    assert not rules.endpoint_allowed(endpoint, PUSH_SERVICES)


@pytest.mark.parametrize("address", ["a@b.go.th", "first.last+x@cdd.example.go.th"])
def test_an_address_is_taken(address: str) -> None:
    assert rules.check_email(address) == []


@pytest.mark.parametrize(
    "address",
    ["a", "a@b", "a b@c.th", "a@b.th\nBcc: x@y.th", "a@b.th, c@d.th", "<a@b.th>", "ก@b.th",
     "a@" + "b" * 250 + ".th"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    assert [one.code for one in rules.check_email(address)] == ["email_invalid"]


def test_keys_that_are_no_keys_are_refused() -> None:
    point, secret = "B" + "A" * 86, "A" * 22
    assert not rules.keys_usable(point, secret)  # no point of the curve
    assert not rules.keys_usable("", "")
    assert not rules.keys_usable("ก", secret)


def test_a_day_counts_in_bangkok() -> None:
    assert rules.next_morning(datetime(2024, 2, 1, 16, 59, tzinfo=UTC)).date() == date(2024, 2, 2)
