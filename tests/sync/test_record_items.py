"""Records of every kind go through one door: taken once, judged alone, kept when they must wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.devices.models import CaptureProof
from app.documents.models import Document
from app.photos.models import Photo
from app.plans.models import PlanResult
from app.records.draft import draft_from_json
from app.records.kinds import KINDS
from app.records.models import RecordRevision
from app.records.service import record
from app.rounds.programme import load_programme
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from app.sync.held_upkeep import ready
from app.sync.jobs import sweep_held
from app.sync.kinds import KINDS as SYNCED
from app.sync.models import HeldItem
from tests.conftest import World
from tests.sync.phone_client import Item, Phone
from tests.sync.record_facts import PDF, record_data, record_item
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]
EVERY_KIND = list(KINDS)
OF_THE_DISTRICT = ("network_order",)
FREE = [kind for kind in EVERY_KIND if kind != "plan_result"]  # a result needs its item


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The officer's phone."""
    return phone_of("officer")


def _place(world: World, kind: str) -> UUID | None:
    return None if kind in OF_THE_DISTRICT else world.centre


def _new(phone: Phone, world: World, kind: str, **facts: Any) -> Item:
    """A record whose parent is there."""
    if kind == "plan_result" and "item_id" not in facts:
        parent = record_item(phone, "plan_item", world.centre)
        assert phone.put(parent)["status"] == "created"
        facts["item_id"] = parent["id"]
    return record_item(phone, kind, _place(world, kind), **facts)


def _edit(phone: Phone, item: Item, base: int, **facts: Any) -> Item:
    return phone.edit(item["kind"], item["data"] | facts, base)


def _words(kind: str) -> Mapping[str, str]:
    """A change of words that no rule minds."""
    name = {"network_order": "note", "assessment": "needs", "plan_item": "problem"}.get(kind)
    return {name or {"plan_result": "output"}.get(kind, "title"): "แก้ไขแล้ว"}


def test_every_kind_of_record_has_its_door():
    assert set(KINDS) <= set(SYNCED)
    for kind in KINDS.values():
        assert set(SYNCED[kind.name].ops) == {"create", "edit", "delete"}
        assert SYNCED[kind.name].table is kind.model


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_record_is_taken_once_corrected_and_struck_out(
    app: Flask, world: World, phone: Phone, kind: str
):
    item = _new(phone, world, kind)
    first, again = phone.put(item), phone.put(item)
    assert statuses([first, again]) == ["created", "known"], first

    better = _edit(phone, item, 1, **_words(kind))
    assert statuses([phone.put(better), phone.put(better)]) == ["created", "known"]
    gone = phone.delete(kind, item["id"], 2, "เขียนซ้ำ")
    assert statuses([phone.put(gone), phone.put(gone)]) == ["created", "known"]

    [row] = rows(app, KINDS[kind].model)
    assert (row.version, row.deleted_at is None, str(row.device_id)) == (3, False, phone.device_id)
    assert row.district_code == "5606"
    mine = RecordRevision.record_id == UUID(item["id"])
    assert [one.action for one in rows(app, RecordRevision, mine)] == [
        "recorded", "edited", "deleted",
    ]  # fmt: skip
    proofs = rows(app, CaptureProof, CaptureProof.record_id == UUID(item["id"]))
    assert [(one.record_kind, one.verified) for one in proofs] == [(kind, True)] * 3


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_two_versions_are_both_kept(app: Flask, world: World, phone: Phone, kind: str):
    item = _new(phone, world, kind)
    phone.put(item)
    other = phone.item(kind, "create", item["data"] | _words(kind), attachments=item["attachments"])
    phone.put(_edit(phone, item, 1, **_words(kind)))
    stale = _edit(phone, item, 1, **dict.fromkeys(_words(kind), "อีกแบบหนึ่ง"))

    conflict, late = phone.put(other | {"captured": None}), phone.put(stale)

    assert (conflict["status"], late["status"]) == ("known", "conflict")  # it once had those words
    assert late["code"] == "stale_version"
    assert late["current"]["version"] == 2
    told = late["current"]["data"]
    assert set(told) == set(item["data"])
    assert {name: told[name] for name in _words(kind)} == dict(_words(kind))
    taken_over = phone.put(phone.edit(kind, told | {"device_id": None}, 2))
    assert taken_over["status"] in ("created", "known"), taken_over  # it reads what it wrote
    assert count(app, HeldItem, HeldItem.state == "conflict") == 1


@pytest.mark.parametrize("kind", FREE)
def test_other_content_under_the_same_id_is_kept_beside(
    app: Flask, world: World, phone: Phone, kind: str
):
    item = _new(phone, world, kind)
    phone.put(item)
    changed = item["data"] | _words(kind)
    result = phone.put(phone.item(kind, "create", changed, attachments=item["attachments"]))
    assert (result["status"], result["code"]) == ("conflict", "record_conflict")
    assert count(app, KINDS[kind].model) == 1


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_cannot_be_read_names_the_field(world: World, phone: Phone, kind: str):
    item = _new(phone, world, kind)
    for field in KINDS[kind].fields:
        wrong = 7 if field.type not in ("whole",) else "เจ็ด"
        bad = phone.item(
            kind, "create", item["data"] | {field.name: wrong}, attachments=item["attachments"]
        )
        result = phone.put(bad)
        assert result["status"] == "malformed", (field.name, result)
        assert result["problems"][0]["field"] == field.name
    unknown = phone.item(
        kind, "create", item["data"] | {"extra": 1}, attachments=item["attachments"]
    )
    assert phone.put(unknown)["problems"][0]["field"] == "extra"


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_is_missing_is_said_for_each_field(app: Flask, world: World, phone: Phone, kind: str):
    item = _new(phone, world, kind)
    needed = [f for f in KINDS[kind].fields if f.needed and not f.name.startswith("file_")]
    blank = {field.name: field.nothing for field in needed}
    bad = phone.item(kind, "create", item["data"] | blank, attachments=item["attachments"])
    result = phone.put(bad)
    assert result["status"] == "invalid"
    said = {(wrong["field"], wrong["code"]) for wrong in result["problems"]}
    assert {(field.name, "required") for field in needed} <= said
    assert count(app, KINDS[kind].model) == 0


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_another_area_is_as_if_it_were_not_there(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf, kind: str
):
    item = _new(phone, world, kind)
    phone.put(item)
    stranger = phone_of("other_officer")
    touched = stranger.put(_edit(stranger, item, 1, **_words(kind)))
    assert (touched["status"], touched["code"]) == ("pending", "waits_for_parent")
    copied = stranger.item(kind, "create", item["data"], attachments=item["attachments"])
    answer = stranger.put(copied)
    assert answer["status"] in ("refused", "pending", "known"), answer
    assert answer["current"] is None
    [row] = rows(app, KINDS[kind].model)
    assert row.version == 1


@pytest.mark.parametrize("kind", ["network_order", "assessment", "plan_item", "plan_result"])
def test_a_volunteer_writes_no_office_papers(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf, kind: str
):
    item, volunteer = _new(phone, world, kind), phone_of("volunteer")
    mine = volunteer.item(kind, "create", item["data"])
    assert (volunteer.put(mine)["status"], volunteer.put(mine)["code"]) == ("refused", "forbidden")
    phone.put(item)
    for op in (
        _edit(volunteer, item, 1, **_words(kind)),
        volunteer.delete(kind, item["id"], 1, "ไม่ใช่"),
    ):
        assert volunteer.put(op)["code"] == "forbidden"
    [row] = rows(app, KINDS[kind].model)
    assert row.version == 1


@pytest.mark.parametrize("kind", ["activity", "document", "post"])
def test_a_volunteer_writes_for_the_own_centre_only(world: World, phone_of: PhoneOf, kind: str):
    volunteer = phone_of("volunteer")
    assert volunteer.put(record_item(volunteer, kind, world.centre))["status"] == "created"
    for centre_id in (world.neighbour, world.stranger, None):
        answer = volunteer.put(record_item(volunteer, kind, centre_id))
        assert answer["status"] == "refused", answer
        assert answer["code"] in ("unknown_centre", "unknown_area")


def test_a_result_waits_for_its_plan_item(app: Flask, world: World, phone: Phone):
    parent = record_item(phone, "plan_item")
    child = record_item(phone, "plan_result", item_id=parent["id"])

    waiting = phone.put(child)
    assert (waiting["status"], waiting["code"]) == ("pending", "waits_for_parent")
    assert phone.put(parent)["status"] == "created"

    [result] = rows(app, PlanResult)
    assert (str(result.id), str(result.item_id)) == (child["id"], parent["id"])
    assert phone.put(child)["status"] == "known"
    both = record_item(phone, "plan_item")
    results = phone.post([record_item(phone, "plan_result", item_id=both["id"]), both])
    assert statuses(results) == ["created", "created"]  # parents are taken first


def test_a_result_of_a_struck_out_item_is_refused(world: World, phone: Phone):
    parent = record_item(phone, "plan_item")
    phone.post([parent, phone.delete("plan_item", parent["id"], 1, "ยกเลิก")])
    answer = phone.put(record_item(phone, "plan_result", item_id=parent["id"]))
    assert (answer["status"], answer["code"]) == ("refused", "parent_struck_out")


def test_a_photo_waits_for_its_activity(app: Flask, world: World, phone_of: PhoneOf):
    phone = phone_of("volunteer")
    activity = record_item(phone, "activity", world.centre)
    photo = phone.photo("activity", activity["id"], b"\xff\xd8\xff" + bytes(200))
    assert phone.put(photo)["status"] == "pending"
    assert phone.put(activity)["status"] == "created"
    [row] = rows(app, Photo)
    assert (row.subject_kind, str(row.subject_id)) == ("activity", activity["id"])
    assert row.centre_id == world.centre


@pytest.mark.parametrize("bytes_first", [True, False])
def test_a_document_is_here_when_its_file_is(
    app: Flask, world: World, phone_of: PhoneOf, bytes_first: bool
):
    phone = phone_of("volunteer")
    item = record_item(phone, "document", world.centre)
    [attachment] = item["attachments"]
    if bytes_first:
        phone.upload(attachment, PDF)
    receipt = phone.put(item)["receipt"]
    assert [one["id"] for one in receipt["held" if bytes_first else "missing"]] == [item["id"]]
    if not bytes_first:
        phone.upload(attachment, PDF)
    again = phone.put(item)["receipt"]
    assert (again["missing"], [one["sha256"] for one in again["held"]]) == (
        [],
        [attachment["sha256"]],
    )
    [row] = rows(app, Document)
    assert (row.state, row.file_sha256) == ("received", attachment["sha256"])


def test_a_document_announces_the_file_it_names(world: World, phone: Phone):
    data = record_data("document", world.centre)
    [right] = record_item(phone, "document", world.centre, id=data["id"])["attachments"]
    for wrong in (
        [],
        [right | {"id": str(new_id())}],
        [right | {"sha256": "0" * 64}],
        [right | {"bytes": 1}],
        [right, right | {"id": str(new_id())}],
    ):
        answer = phone.put(phone.item("document", "create", data, attachments=wrong))
        assert (answer["status"], answer["problems"][0]["field"]) == ("malformed", "attachments")


def test_a_correction_of_a_document_leaves_its_file(app: Flask, world: World, phone: Phone):
    item = record_item(phone, "document", world.centre)
    phone.put(item)
    phone.put(_edit(phone, item, 1, title="ชื่อใหม่", file_sha256="0" * 64))
    [row] = rows(app, Document)
    assert (row.title, row.file_sha256) == ("ชื่อใหม่", item["data"]["file_sha256"])


def test_what_only_documents_have_others_cannot_announce(world: World, phone: Phone):
    [attachment] = record_item(phone, "document", world.centre)["attachments"]
    bad = phone.item("post", "create", record_data("post", world.centre), attachments=[attachment])
    assert phone.put(bad)["problems"][0]["field"] == "attachments"


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_officer_decides_between_two_versions_of_any_kind(
    app: Flask, world: World, phone: Phone, sign_in: Callable[[str], FlaskClient], kind: str
):
    item = _new(phone, world, kind)
    phone.put(item)
    phone.put(_edit(phone, item, 1, **_words(kind)))
    phone.put(_edit(phone, item, 1, **dict.fromkeys(_words(kind), "จากมือถือ")))
    [held] = rows(app, HeldItem)
    officer = sign_in("officer")

    assert "จากมือถือ" in officer.get("/held").text
    officer.post(f"/held/{held.id}/take", data={"version": "2"})

    [row] = rows(app, KINDS[kind].model)
    [name] = _words(kind)
    assert (row.version, getattr(row, name)) == (3, "จากมือถือ")
    assert rows(app, HeldItem)[0].state == "applied"


def test_a_result_that_waits_is_found_by_the_sweeper(app: Flask, world: World, phone: Phone):
    parent = record_item(phone, "plan_item")  # of the district, of no centre
    child = record_item(phone, "plan_result", item_id=parent["id"])
    phone.put(child)
    with app.app_context(), work() as w:
        assert ready(w.session, limit=10) == set()
        draft = draft_from_json("plan_item", KINDS["plan_item"].fields, parent["data"])
        record(
            w.session, KINDS["plan_item"], draft, actor=world["officer"], now=now(),
            programme=load_programme(),
        )  # fmt: skip
        assert ready(w.session, limit=10) == {UUID(parent["id"])}
    with app.app_context():
        sweep_held()
        db.session.remove()
    assert count(app, PlanResult) == 1
