"""What a phone is told so that reports can be written and mended without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.review.models import ItemVerdict, Submission, SubmissionStep
from app.rounds.programme import load_programme, programme_key
from app.shared.db import db
from app.shared.work import work
from tests.conftest import World
from tests.sync.phone_client import Item, Phone
from tests.sync.record_facts import record_item

NOW = datetime.now(UTC)
PhoneOf = Callable[[str], Phone]


def _written(phone: Phone, world: World) -> dict[str, Item]:
    """One record of each kind that offices look back on."""
    items = {
        "assessment": record_item(phone, "assessment", world.centre),
        "plan_item": record_item(phone, "plan_item", world.centre),
        "activity": record_item(phone, "activity", world.centre),
        "network_order": record_item(phone, "network_order"),
    }
    items["plan_result"] = record_item(
        phone, "plan_result", world.centre, item_id=items["plan_item"]["id"]
    )
    assert {result["status"] for result in phone.post(list(items.values()))} == {"created"}
    return items


def _send_back(app: Flask, world: World, item: Item) -> UUID:
    """The plan's report, sent back for one of its items."""
    with app.app_context(), work() as w:
        reviewer = world["reviewer"].account_id
        sent = Submission(
            id=uuid4(), programme=programme_key(load_programme()), occurrence="plan",
            quarter="2567Q1", unit_code="5606", district_code="5606", due_by=NOW.date(),
            state="returned", edition=1, late=True,
        )  # fmt: skip
        w.session.add(sent)
        w.session.flush()
        steps: dict[str, Any] = {"submission_id": sent.id, "edition": 1, "made_by": reviewer}
        w.session.add(
            SubmissionStep(
                **steps, number=2, step="returned", made_at=NOW, reason_key="detail", reason="สั้นไป"
            )
        )
        w.session.add(
            ItemVerdict(
                **steps,
                item_kind=item["kind"],
                item_id=UUID(item["id"]),
                item_version=1,
                verdict="return",
                reason_key="figures",
                note="งบไม่ตรง",
                made_at=NOW,
            )
        )
        return sent.id


def test_an_officers_phone_has_what_reports_are_written_from(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    items = _written(phone, world)
    phone.pull()
    office = phone.held["office"]
    [item], [assessed], [order] = office["plan_items"], office["assessments"], office["orders"]
    assert (item["id"], item["done_percent"]) == (items["plan_item"]["id"], 40)
    assert (assessed["grade"], set(assessed["points"].values())) == ("B", {4})
    assert [member["name"] for member in order["members"]] == ["นายอำเภอ", "พระครู"]
    assert {entry["kind"]: entry["id"] for entry in phone.held["records"]["entries"]} == {
        kind: sent["id"] for kind, sent in items.items()
    }
    with app.app_context():
        noted = select(AuditEntry.facts).where(AuditEntry.action == "contacts.pulled")
        assert db.session.scalars(noted).all() == [{"count": 2}]  # names left for a phone


def test_a_volunteers_phone_has_its_centres_own_and_no_orders(
    world: World, phone_of: PhoneOf
) -> None:
    officer, phone = phone_of("officer"), phone_of("volunteer")
    items = _written(officer, world)
    officer.put(record_item(officer, "plan_item", world.neighbour))
    phone.pull()
    office = phone.held["office"]
    assert [item["id"] for item in office["plan_items"]] == [items["plan_item"]["id"]]
    assert office["orders"] == []
    told = phone.held["records"]["entries"]
    assert [(entry["kind"], entry["mine"]) for entry in told] == [("activity", False)]


def test_what_was_sent_back_is_told_with_reasons_and_can_be_mended_from_what_is_told(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    plan = _written(phone, world)["plan_item"]
    submission = _send_back(app, world, plan)
    phone.pull()
    [due] = [one for one in phone.held["rounds"] if one["key"] == "plan"]
    [sent] = due["sent"]
    assert (sent["id"], sent["state"], sent["reason_key"]) == (
        str(submission),
        "returned",
        "detail",
    )
    [item] = sent["items"]
    assert (item["kind"], item["id"], item["note"]) == ("plan_item", plan["id"], "งบไม่ตรง")
    mended = phone.edit("plan_item", item["data"] | {"budget_baht": 9000}, item["version"])
    assert phone.put(mended)["status"] == "created"

    stranger = phone_of("other_officer")
    stranger.pull()
    assert [one for one in stranger.held["rounds"] if one["sent"]] == []


def test_an_upgraded_server_asks_for_everything_once(world: World, phone_of: PhoneOf) -> None:
    phone = phone_of("officer")
    phone.cursor = "A" * 138  # as it was before there was an office section
    answer = phone.send("GET", "/changes", query_string={"since": phone.cursor})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_cursor")
