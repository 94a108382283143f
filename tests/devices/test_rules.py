"""Codes are read as people type them; a phone in danger is named, a healthy one is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.accounts.rules import Actor
from app.devices.models import Device
from app.devices.rules import dangers, may_get_code, normal_code, show_code
from tests.conftest import NOW


@pytest.mark.parametrize(
    "typed",
    [
        "7K3Q9XW0",
        "7k3q-9xw0",
        " 7K3Q 9XW0 ",
        "7k3q9xwo",
        "7K3Q\u20139XWO",
        "๗K๓Q-๙XW๐",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert normal_code(typed) == "7K3Q9XW0"


def test_letters_that_look_like_digits_are_digits() -> None:
    assert normal_code("oOiI-lL01") == "00111101"


@pytest.mark.parametrize(
    "typed", ["", "7K3Q9XW", "7K3Q9XW00", "7K3Q9XWU", "7K3Q9XWก", "\0" * 8, "ß" * 4, "²" * 8]
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert normal_code(typed) is None


def test_a_code_is_shown_in_two_halves_and_read_back() -> None:
    assert show_code("7K3Q9XW0") == "7K3Q-9XW0"
    assert normal_code(show_code("7K3Q9XW0")) == "7K3Q9XW0"


def _device(**changed: Any) -> Device:
    facts: dict[str, Any] = {
        "unsent_records": 0, "unsent_photos": 0, "oldest_unsent_at": None, "last_contact_at": NOW,
        "storage_left_bytes": None, "storage_persisted": None, "clock_skew_s": None,
        "lost_at": None,
    }  # fmt: skip
    return Device(**(facts | changed))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"storage_left_bytes": 200_000_000, "storage_persisted": True, "clock_skew_s": 600}, []),
        ({"unsent_records": 1, "oldest_unsent_at": NOW - timedelta(days=2)}, []),
        ({"unsent_photos": 1, "oldest_unsent_at": NOW - timedelta(days=3)}, ["unsent_long"]),
        ({"oldest_unsent_at": NOW - timedelta(days=9)}, []),
        ({"last_contact_at": NOW - timedelta(days=60)}, []),
        ({"unsent_records": 1, "last_contact_at": NOW - timedelta(days=8)}, ["silent"]),
        ({"storage_left_bytes": 0}, ["storage_low"]),
        ({"storage_persisted": False}, ["not_persisted"]),
        ({"clock_skew_s": -601}, ["clock_off"]),
        ({"clock_skew_s": 543 * 365 * 86400, "lost_at": NOW}, ["lost", "clock_off"]),
    ],
)  # fmt: skip
def test_a_phone_in_danger_is_named(facts: dict[str, Any], expected: list[str]) -> None:
    assert dangers(_device(**facts), NOW) == expected


OFFICER = Actor(uuid4(), "officer", "5606", None, "")
VOLUNTEER = Actor(uuid4(), "volunteer", "560601", uuid4(), "")
REVIEWER = Actor(uuid4(), "reviewer", "56", None, "")
ADMIN = Actor(uuid4(), "admin", "", None, "")


@pytest.mark.parametrize(
    ("actor", "role", "area", "allowed"),
    [
        (OFFICER, "volunteer", "560601", True),
        (OFFICER, "officer", "5606", False),
        (OFFICER, "volunteer", "560101", False),
        (OFFICER, "reviewer", "5606", False),
        (ADMIN, "officer", "5606", True),
        (ADMIN, "reviewer", "56", False),
        (ADMIN, "admin", "56", False),
        (REVIEWER, "volunteer", "560601", False),
        (VOLUNTEER, "volunteer", "560601", False),
    ],
)
def test_a_code_is_made_for_people_below_only(
    actor: Actor, role: str, area: str, allowed: bool
) -> None:
    assert may_get_code(actor, uuid4(), role, area) is allowed


def test_field_workers_make_codes_for_themselves_and_desks_do_not() -> None:
    for actor, allowed in ((VOLUNTEER, True), (OFFICER, True), (REVIEWER, False), (ADMIN, False)):
        assert may_get_code(actor, actor.account_id, actor.role, actor.area_code) is allowed
