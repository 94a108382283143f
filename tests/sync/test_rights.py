"""What an administrator changes, a phone is told at its next sync: all that it may see now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.managing import (
    AccountChange,
    change_account,
    close_account,
    reopen_account,
)
from app.shared.clock import bangkok_day
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import PASSWORD, World
from tests.sync.phone_client import Phone, Refused
from tests.sync.record_facts import record_item
from tests.visits.drafts import CONSENTED, make_draft

NOW = datetime.now(UTC)
PhoneOf = Callable[[str], Phone]


@pytest.fixture
def become(app: Flask, world: World) -> Callable[..., None]:
    """An administrator gives somebody of `world` another role or place."""

    def do(who: str, role: str, area_code: str, centre_id: UUID | None = None) -> None:
        asked = AccountChange(f"Test {who}", None, role, area_code, centre_id)  # type: ignore[arg-type]
        with app.app_context(), work() as w:
            change_account(w.session, world[who].account_id, asked, actor=world["admin"], now=NOW)

    return do


def _visited(app: Flask, world: World, centre: UUID, **facts: Any) -> None:
    draft = make_draft(centre, visit_date=bangkok_day(NOW), **CONSENTED | facts)
    with app.app_context(), work() as w:
        record_visit(w.session, draft, actor=world["admin"], now=NOW)


def test_a_volunteer_of_another_centre_is_told_that_centre_and_nothing_of_the_last(
    app: Flask, world: World, phone_of: PhoneOf, become: Callable[..., None]
) -> None:
    _visited(app, world, world.centre)
    phone = phone_of("volunteer")
    phone.pull()
    become("volunteer", "volunteer", "560602", world.neighbour)
    told = phone.pull()
    assert set(told) >= {"account", "centres", "records"}
    assert [one["id"] for one in phone.held["centres"]] == [str(world.neighbour)]
    assert phone.held["account"]["centre_id"] == str(world.neighbour)
    assert (phone.held["due"], phone.held["records"]["visits"]) == ([], [])


def test_an_officer_who_becomes_a_volunteer_signs_in_anew_and_pulls_nobodys_name(
    app: Flask, world: World, phone_of: PhoneOf, become: Callable[..., None]
) -> None:
    phone = phone_of("officer")
    phone.put(record_item(phone, "network_order", None))
    _visited(app, world, world.neighbour)
    phone.pull()
    assert phone.held["office"]["orders"][0]["members"]
    become("officer", "volunteer", "560601", world.centre)
    with pytest.raises(Refused) as refusal:
        phone.pull()
    assert refusal.value.code == "device_unknown"  # another role: its token is worth nothing
    phone.enrol("officer", PASSWORD)
    phone.pull()
    assert phone.held["office"]["orders"] == []
    assert [one["id"] for one in phone.held["centres"]] == [str(world.centre)]
    assert not [one for one in phone.held["due"] if one["centre_id"] == str(world.neighbour)]
    again = phone.send("GET", "/changes").text
    for name in ("นายอำเภอ", "พระครู"):
        assert name not in again


@pytest.mark.parametrize("path", ["/changes", "/heartbeat", "/records"])
def test_a_closed_account_gets_its_answer_everywhere_and_works_again_when_opened(
    app: Flask, world: World, phone_of: PhoneOf, path: str
) -> None:
    phone = phone_of("volunteer")
    method = "GET" if path == "/changes" else "POST"
    account_id, admin = world["volunteer"].account_id, world["admin"]
    with app.app_context(), work() as w:
        close_account(w.session, account_id, actor=admin, now=NOW)
    refused = phone.send(method, path)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "account_disabled")
    with app.app_context(), work() as w:
        reopen_account(w.session, account_id, actor=admin, now=NOW)
    assert phone.pull()


def test_a_reviewer_has_no_phone_any_more(phone_of: PhoneOf, become: Callable[..., None]) -> None:
    phone = phone_of("officer")
    become("officer", "reviewer", "56")
    with pytest.raises(Refused) as refusal:
        phone.pull()
    assert refusal.value.code == "device_unknown"
    with pytest.raises(Refused) as refusal:
        phone.enrol("officer", PASSWORD)
    assert refusal.value.code == "role_without_phone"
