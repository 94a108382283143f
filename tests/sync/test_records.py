"""What phones send is taken once, whatever the line does; each answer says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.audit.models import AuditEntry
from app.devices.models import CaptureProof
from app.shared.ids import new_id
from app.visits.models import Visit, VisitRevision
from tests.conftest import World
from tests.sync.phone_client import Phone, item_sha256
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The volunteer's own phone."""
    return phone_of("volunteer")


def test_a_visit_arrives_with_a_receipt_that_names_its_bytes(
    app: Flask, world: World, phone: Phone
):
    item = phone.visit(world.centre)

    result = phone.put(item)

    assert (result["status"], result["code"], result["problems"]) == ("created", None, [])
    assert result["receipt"] | {"received_at": "…"} == {
        "v": 1, "id": item["id"], "kind": "visit", "op": "create", "status": "created",
        "version": 1, "item_sha256": item_sha256(item), "held": [], "missing": [],
        "device_id": phone.device_id, "received_at": "…",
    }  # fmt: skip
    (visit,) = rows(app, Visit)
    assert (str(visit.id), visit.recorder_id) == (item["id"], world["volunteer"].account_id)
    assert str(visit.device_id) == phone.device_id


def test_the_line_dies_after_the_commit_and_the_phone_sends_again(
    app: Flask, world: World, phone: Phone
):
    item = phone.visit(world.centre)
    first, again = phone.put(item), phone.put(item)

    assert statuses([first, again]) == ["created", "known"]
    assert again["receipt"]["version"] == 1
    assert again["receipt"]["received_at"] == first["receipt"]["received_at"]
    assert (count(app, Visit), count(app, VisitRevision), count(app, CaptureProof)) == (1, 1, 1)


def test_one_id_twice_in_a_batch_is_one_row(app: Flask, world: World, phone: Phone):
    item = phone.visit(world.centre)
    assert sorted(statuses(phone.post([item, item]))) == ["created", "known"]
    assert count(app, Visit) == 1


def test_a_foreign_centre_is_refused(world: World, phone: Phone):
    for centre_id in (world.stranger, world.neighbour, new_id()):
        result = phone.put(phone.visit(centre_id))
        assert (result["status"], result["code"]) == ("refused", "unknown_centre")
        photo = phone.photo("centre", centre_id, b"\xff\xd8\xff" + bytes(100))
        assert phone.put(photo)["code"] == "unknown_centre"


def test_an_id_taken_elsewhere_tells_nothing_of_whom(world: World, phone: Phone, phone_of: PhoneOf):
    theirs = phone_of("other_officer")
    foreign = theirs.visit(world.stranger)
    theirs.put(foreign)
    mine = phone.item("visit", "create", phone.visit_data(world.centre, id=foreign["id"]))
    result = phone.put(mine)
    assert (result["status"], result["current"]) == ("conflict", None)


def test_the_phone_in_the_data_must_be_the_one_that_sends(world: World, phone: Phone):
    own = phone.visit(world.centre, device_id=phone.device_id)
    foreign = phone.visit(world.centre, device_id=str(new_id()))
    results = phone.post([own, foreign])
    assert [(r["status"], r["code"]) for r in results] == [
        ("created", None), ("refused", "device_mismatch"),
    ]  # fmt: skip


def test_a_wrong_clock_is_noted_and_costs_nothing(app: Flask, world: World, phone: Phone):
    fast = datetime.now(UTC) + timedelta(days=3)
    told = phone.visit(world.centre, clock_skew_s=99)
    untold = phone.visit(world.centre)
    body = {"items": [told, untold], "device_time": fast.isoformat()}
    assert phone.send("POST", "/records", json=body).status_code == 200
    skews = {str(visit.id): visit.clock_skew_s for visit in rows(app, Visit)}
    assert skews[told["id"]] == 99
    assert abs(skews[untold["id"]] - 3 * 86400) < 60


@pytest.mark.parametrize("clock", ["1970-01-01T00:00:05+00:00", "2567-11-22T10:00:00+07:00"])
def test_a_phone_in_1970_or_2567_can_send(app: Flask, world: World, phone: Phone, clock: str):
    body = {"items": [phone.visit(world.centre)], "device_time": clock}
    answer = phone.send("POST", "/records", json=body)
    assert statuses(answer.json["results"]) == ["created"]


def test_one_bad_item_of_a_hundred_holds_up_no_other(app: Flask, world: World, phone: Phone):
    good = [phone.visit(world.centre) for _ in range(90)]
    visit = good[0]["id"]
    bad: list[Any] = [
        phone.visit(world.centre, n_male=-1),
        phone.visit(world.centre, kind="party"),
        phone.visit(world.centre) | {"data": None},
        phone.visit(world.centre) | {"kind": "sheep"},
        phone.visit(world.stranger),
        phone.followup(visit, n_used=99),
        phone.item("visit", "edit", phone.visit_data(world.centre, id=visit)),
        {"id": "no id", "kind": "visit"},
        None,
        phone.visit(world.centre) | {"surprise": 1},
    ]
    body = {
        "items": [*bad[:5], *good, *bad[5:]], "device_time": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    results = phone.send("POST", "/records", json=body).json["results"]
    said = [(r["status"], r["code"]) for r in results[:5] + results[-5:]]
    assert said == [
        ("invalid", "invalid"), ("invalid", "invalid"), ("malformed", "malformed"),
        ("refused", "unknown_kind"), ("refused", "unknown_centre"), ("invalid", "invalid"),
        ("malformed", "malformed"), ("malformed", "malformed"), ("malformed", "malformed"),
        ("malformed", "malformed"),
    ]  # fmt: skip
    assert statuses(results[5:-5]) == ["created"] * 90
    assert count(app, Visit) == 90
    assert results[0]["problems"] == [{"field": "n_male", "code": "negative", "facts": {}}]
    assert results[-3]["id"] is None
    assert results[-2] == {
        "id": None, "kind": None, "op": None, "item_sha256": None, "status": "malformed",
        "code": "malformed", "current": None, "receipt": None, "signature": None,
        "problems": [{"field": "record", "code": "malformed", "facts": {"expected": "object"}}],
    }  # fmt: skip


def test_a_look_at_the_contact_is_logged_once(app: Flask, world: World, phone: Phone):
    visit = phone.visit(world.centre)
    seen = {"visit_id": visit["id"], "seen_at": "2024-02-13T10:00:00+07:00"}
    look = phone.item("contact_seen", "create", seen, record_id=new_id())

    assert phone.put(look)["status"] == "pending"
    phone.put(visit)
    assert statuses([phone.put(look), phone.put(look)]) == ["known", "known"]

    (entry,) = rows(app, AuditEntry, AuditEntry.action == "visit.contact_seen")
    looked = {"door": "phone", "seen_at": "2024-02-13T03:00:00+00:00"}
    assert (entry.object_id, entry.facts) == (visit["id"], looked)
    assert entry.actor_id == world["volunteer"].account_id


def test_a_reason_is_asked_for_and_judged(world: World, phone: Phone):
    visit = phone.visit(world.centre)
    phone.put(visit)
    for reason, code in (("", "required"), ("x" * 301, "too_long"), ("1234567890121", None)):
        result = phone.put(phone.delete("visit", visit["id"], 1, reason))
        assert result["status"] == "invalid"
        assert code is None or result["problems"][0]["code"] == code


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": []}, 400, "malformed"),
        ({"items": [{}]}, 400, "malformed"),  # no device_time
        ({"items": [{}] * 101, "device_time": "2024-02-13T10:00:00Z"}, 400, "malformed"),
        ({"items": [{}], "device_time": "2024-02-13T10:00:00"}, 400, "malformed"),
        ({"items": [{}], "device_time": "2024-02-13T10:00:00Z", "x": 1}, 400, "malformed"),
        ([], 400, "malformed"),
        ("text", 400, "malformed"),
    ],
)
def test_a_body_that_is_wrong_as_a_whole_applies_nothing(
    app: Flask, phone: Phone, body: Any, status: int, code: str
):
    answer = phone.send("POST", "/records", json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers["Lakthan-Api"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_of_more_than_a_mebibyte_is_sent_back(phone: Phone):
    body = b'{"items": [' + b" " * (1024 * 1024) + b"]}"
    answer = phone.send("POST", "/records", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "request_too_large")


def test_a_signature_is_checked_and_a_bad_one_costs_nothing(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf
):
    signed, other = phone.visit(world.centre), phone_of("volunteer")
    unsigned = phone.visit(world.centre) | {"captured": None}
    swapped = phone.visit(world.centre) | {"captured": signed["captured"]}
    foreign = other.visit(world.centre)
    mad = phone.visit(world.centre) | {"captured": {"nonce": 5, "key_id": [], "signature": {}}}
    made_up = phone.visit(world.centre)
    made_up["captured"] = made_up["captured"] | {"nonce": "A" * 43}

    results = phone.post([signed, unsigned, swapped, foreign, mad, made_up])

    assert statuses(results) == ["created"] * 6
    proofs = {str(proof.record_id): proof for proof in rows(app, CaptureProof)}
    right = proofs[signed["id"]]
    assert (right.verified, str(right.key_id), right.version) == (True, phone.key_id, 1)
    assert right.nonce_at is not None
    assert right.nonce_at <= right.received_at
    assert (right.nonce, right.signature) == tuple(
        signed["captured"][name] for name in ("nonce", "signature")
    )  # whoever checks the packet later can check it again
    for item in (unsigned, swapped, foreign, mad, made_up):
        proof = proofs[item["id"]]
        assert (proof.verified, proof.nonce_at) == (False, None)
        assert proof.item_sha256 == item_sha256(item)
