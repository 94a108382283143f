"""What phones send is taken once, whatever the line does; each answer says what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.devices.models import CaptureProof
from app.followups.models import Followup
from app.shared.db import db
from app.shared.ids import new_id
from app.sync.models import HeldItem
from app.visits.models import Visit, VisitRevision
from tests.conftest import SentJobs, World
from tests.sync.phone_client import Phone, item_sha256

PhoneOf = Callable[[str], Phone]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The volunteer's own phone."""
    return phone_of("volunteer")


def rows(app: Flask, model: Any, *where: Any) -> list[Any]:
    """What the database holds, read apart from any request."""
    with app.app_context():
        found = list(db.session.scalars(select(model).where(*where)))
        db.session.remove()
    return found


def count(app: Flask, model: Any, *where: Any) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(model).where(*where))
        db.session.remove()
    return int(found or 0)


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


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


def test_the_same_id_with_other_content_keeps_both(app: Flask, world: World, phone: Phone):
    first = phone.visit(world.centre)
    other = phone.item("visit", "create", first["data"] | {"n_male": 7})
    phone.put(first)

    result = phone.put(other)

    assert (result["status"], result["code"]) == ("conflict", "visit_conflict")
    current = result["current"]
    assert current["data"] == first["data"] | {
        "clock_skew_s": current["data"]["clock_skew_s"],
        "captured_at": first["data"]["captured_at"],
    }
    assert (current["version"], current["edited_by"], current["deleted"]) == (
        1, "Test volunteer", False,
    )  # fmt: skip
    (held,) = rows(app, HeldItem)
    assert (held.state, held.body["item"]["data"]["n_male"], held.centre_id) == (
        "conflict", 7, world.centre,
    )  # fmt: skip
    assert phone.put(other)["status"] == "conflict"
    assert count(app, HeldItem) == 1


def test_an_edit_makes_the_next_version_and_its_replay_none(app: Flask, world: World, phone: Phone):
    first = phone.visit(world.centre)
    phone.put(first)
    edit = phone.edit("visit", first["data"] | {"n_male": 5}, 1)

    assert statuses([phone.put(edit), phone.put(edit)]) == ["created", "known"]

    again = phone.edit("visit", first["data"] | {"n_male": 6}, 2)
    assert phone.put(again)["receipt"]["version"] == 3
    replayed = phone.put(edit)
    assert (replayed["status"], replayed["receipt"]["version"]) == ("known", 2)
    assert rows(app, Visit)[0].n_male == 6


def test_a_correction_back_to_the_first_version_is_a_new_one(
    app: Flask, world: World, phone: Phone
):
    first = phone.visit(world.centre)
    phone.put(first)
    phone.put(phone.edit("visit", first["data"] | {"n_male": 5}, 1))
    back = phone.put(phone.edit("visit", first["data"], 2))
    assert (back["status"], back["receipt"]["version"]) == ("created", 3)
    assert rows(app, Visit)[0].n_male == 20


def test_two_phones_correct_one_visit_and_nothing_is_overwritten(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf
):
    first = phone.visit(world.centre)
    phone.put(first)
    officer = phone_of("officer")
    officer.put(officer.edit("visit", first["data"] | {"n_male": 1}, 1))

    mine = phone.edit("visit", first["data"] | {"n_male": 2}, 1)
    result = phone.put(mine)

    assert (result["status"], result["code"]) == ("conflict", "stale_version")
    assert (result["current"]["version"], result["current"]["data"]["n_male"]) == (2, 1)
    assert result["current"]["edited_by"] == "Test officer"
    assert rows(app, Visit)[0].n_male == 1
    assert rows(app, HeldItem)[0].body["item"]["data"]["n_male"] == 2


def test_the_present_version_in_a_conflict_can_be_sent_back_as_it_is(
    world: World, phone: Phone, phone_of: PhoneOf
):
    visit, officer = phone.visit(world.centre), phone_of("officer")
    check = phone.followup(visit["id"], plot_rai=2.5)
    phone.post([visit, check])
    officer.put(officer.edit("visit", visit["data"] | {"n_male": 1}, 1))
    officer.put(officer.edit("followup", check["data"] | {"n_used": 1}, 1))

    for kind, data, count_of in (
        ("visit", visit["data"], "n_male"), ("followup", check["data"], "n_used"),
    ):  # fmt: skip
        stale = phone.put(phone.edit(kind, data | {count_of: 3}, 1))
        merged = stale["current"]["data"] | {count_of: 3}
        assert phone.put(phone.edit(kind, merged, 2))["status"] == "created"


def test_an_edit_before_its_create_waits_and_is_applied_with_it(
    app: Flask, world: World, phone: Phone
):
    first = phone.visit(world.centre)
    edit = phone.edit("visit", first["data"] | {"n_male": 5}, 1)

    early = phone.put(edit)
    assert (early["status"], early["code"]) == ("pending", "waits_for_parent")
    assert phone.put(first)["status"] == "created"

    (visit,) = rows(app, Visit)
    assert (visit.n_male, visit.version) == (5, 2)
    (held,) = rows(app, HeldItem)
    assert (held.state, held.body) == ("applied", None)
    assert phone.put(edit)["status"] == "known"


def test_edits_that_come_in_the_wrong_order_are_applied_in_the_right_one(
    app: Flask, world: World, phone: Phone
):
    first = phone.visit(world.centre)
    edits = [phone.edit("visit", first["data"] | {"n_male": n}, n) for n in (1, 2, 3)]
    for edit in reversed(edits):
        assert phone.put(edit)["status"] == "pending"
    phone.put(first)
    (visit,) = rows(app, Visit)
    assert (visit.version, visit.n_male) == (4, 3)


def test_a_delete_before_its_create_wins_in_the_end(app: Flask, world: World, phone: Phone):
    first = phone.visit(world.centre)
    gone = phone.delete("visit", first["id"], 1, "ลงซ้ำ")
    assert phone.put(gone)["status"] == "pending"
    phone.put(first)
    (visit,) = rows(app, Visit)
    assert visit.deleted_at is not None
    assert statuses([phone.put(gone), phone.put(first)]) == ["known", "known"]
    assert count(app, Visit, Visit.deleted_at.is_(None)) == 0


def test_deleting_what_is_deleted_is_known(world: World, phone: Phone, phone_of: PhoneOf):
    first = phone.visit(world.centre)
    phone.put(first)
    officer = phone_of("officer")
    officer.put(officer.delete("visit", first["id"], 1, "ลงซ้ำ"))
    mine = phone.put(phone.delete("visit", first["id"], 1, "พิมพ์ผิด"))
    assert (mine["status"], mine["receipt"]["version"]) == ("known", 2)


def test_a_delete_of_what_somebody_corrected_meanwhile_is_a_conflict(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf
):
    first = phone.visit(world.centre)
    check = phone.followup(first["id"])
    phone.post([first, check])
    officer = phone_of("officer")
    officer.put(officer.edit("visit", first["data"] | {"n_male": 1}, 1))
    officer.put(officer.edit("followup", check["data"] | {"n_used": 1}, 1))
    for kind, item in (("visit", first), ("followup", check)):
        result = phone.put(phone.delete(kind, item["id"], 1, "ลงซ้ำ"))
        assert (result["status"], result["current"]["version"]) == ("conflict", 2)
    assert count(app, Visit, Visit.deleted_at.is_not(None)) == 0


def test_a_create_sent_again_after_the_delete_brings_nothing_back(
    app: Flask, world: World, phone: Phone
):
    first = phone.visit(world.centre)
    phone.post([first])
    phone.put(phone.delete("visit", first["id"], 1, "ลงซ้ำ"))
    assert phone.put(first)["status"] == "known"
    assert count(app, Visit, Visit.deleted_at.is_(None)) == 0


def test_an_edit_of_what_was_struck_out_is_kept_for_a_person_to_see(
    app: Flask, world: World, phone: Phone
):
    first = phone.visit(world.centre)
    phone.put(first)
    phone.put(phone.delete("visit", first["id"], 1, "ลงซ้ำ"))
    result = phone.put(phone.edit("visit", first["data"] | {"n_male": 5}, 1))
    assert (result["status"], result["code"]) == ("conflict", "struck_out")
    assert (result["current"]["deleted"], result["current"]["version"]) == (True, 2)


def test_a_followup_before_its_visit_waits_and_joins_it(app: Flask, world: World, phone: Phone):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    assert phone.put(check)["status"] == "pending"
    assert phone.put(visit)["status"] == "created"
    assert phone.put(check)["status"] == "known"
    (followup,) = rows(app, Followup)
    assert str(followup.visit_id) == visit["id"]


def test_in_one_batch_the_order_does_not_matter(app: Flask, world: World, phone: Phone):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    edit = phone.edit("followup", check["data"] | {"n_used": 9}, 1)
    assert statuses(phone.post([edit, check, visit])) == ["created"] * 3
    assert rows(app, Followup)[0].n_used == 9


def test_whatever_hangs_on_a_visit_comes_with_it_even_in_three_steps(
    app: Flask, world: World, phone: Phone
):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    photo = phone.photo("followup", check["id"], b"\xff\xd8\xff" + bytes(100))
    for early in (photo, check):
        assert phone.put(early)["status"] == "pending"
    phone.put(visit)
    assert statuses(phone.post([visit, check, photo])) == ["known"] * 3


def test_a_foreign_parent_looks_like_one_that_has_not_come(
    world: World, phone: Phone, phone_of: PhoneOf
):
    theirs = phone_of("other_officer")
    foreign = theirs.visit(world.stranger)
    theirs.put(foreign)
    answers = [phone.put(phone.followup(visit_id)) for visit_id in (foreign["id"], new_id())]
    answers += [
        phone.put(phone.edit("visit", foreign["data"], 1)),
        phone.put(phone.delete("visit", foreign["id"], 1, "x")),
        phone.put(phone.delete("visit", new_id(), 1, "x")),
    ]
    assert {(a["status"], a["code"], a["current"]) for a in answers} == {
        ("pending", "waits_for_parent", None)
    }


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
    assert (entry.object_id, entry.facts) == (visit["id"], {"seen_at": "2024-02-13T03:00:00+00:00"})
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


def test_a_photo_is_received_only_when_its_bytes_are(app: Flask, world: World, phone: Phone):
    content = b"\xff\xd8\xff" + bytes(2000)
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], content)
    told = {n: photo["attachments"][0][n] for n in ("id", "sha256", "bytes")}

    results = phone.post([visit, photo])
    phone.upload(photo["attachments"][0], content, pieces=1, piece=500)
    halfway = phone.put(photo)
    phone.upload(photo["attachments"][0], content)
    whole = phone.put(photo)

    assert statuses([*results, halfway, whole]) == ["created", "created", "known", "known"]
    for result in (results[1], halfway):
        assert (result["receipt"]["held"], result["receipt"]["missing"]) == ([], [told])
    assert (whole["receipt"]["held"], whole["receipt"]["missing"]) == ([told], [])


def test_bytes_that_came_before_their_photo_and_its_visit_find_both(
    app: Flask, world: World, phone: Phone, sent: SentJobs
):
    content = b"\xff\xd8\xff" + bytes(2000)
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], content)
    phone.upload(photo["attachments"][0], content)

    waiting = phone.put(photo)
    assert (waiting["status"], len(waiting["receipt"]["held"])) == ("pending", 1)
    phone.put(visit)

    assert ("app.photos.jobs.process", {"photo_id": photo["id"]}) in sent.jobs
    assert phone.put(photo)["receipt"]["missing"] == []


def test_a_preview_is_not_missed_once_its_original_is_here(world: World, phone: Phone):
    content, small = b"\xff\xd8\xff" + bytes(2000), b"\xff\xd8\xff" + bytes(20)
    photo = phone.photo("centre", world.centre, content)
    preview = {
        "id": str(new_id()), "role": "preview", "sha256": hashlib.sha256(small).hexdigest(),
        "bytes": len(small), "type": "image/jpeg",
    }  # fmt: skip
    both = phone.item(
        "photo", "create", photo["data"], attachments=[*photo["attachments"], preview]
    )

    def lacking() -> list[str]:
        return [one["id"] for one in phone.put(both)["receipt"]["missing"]]

    assert lacking() == [photo["id"], preview["id"]]
    phone.upload(preview, small)
    assert lacking() == [photo["id"]]
    phone.upload(photo["attachments"][0], content)
    assert lacking() == []
    other = phone.photo("centre", world.centre, content)
    alone = phone.item(
        "photo", "create", other["data"],
        attachments=[*other["attachments"], preview | {"id": str(new_id())}],
    )  # fmt: skip
    phone.put(alone)
    phone.upload(other["attachments"][0], content)
    assert phone.put(alone)["receipt"]["missing"] == []


@pytest.mark.parametrize(
    "change", ["none", "two originals", "another id", "no picture", "on a visit"]
)
def test_attachments_that_make_no_photo_are_told_so(world: World, phone: Phone, change: str):
    photo = phone.photo("centre", world.centre, b"\xff\xd8\xff" + bytes(100))
    (original,) = photo["attachments"]
    attachments = {
        "none": [],
        "two originals": [original, original],
        "another id": [original | {"id": str(new_id())}],
        "no picture": [original | {"type": "text/html"}],
        "on a visit": [original],
    }[change]
    data, kind = photo["data"], "photo"
    if change == "on a visit":
        data, kind = phone.visit_data(world.centre), "visit"
    result = phone.put(phone.item(kind, "create", data, attachments=attachments))
    assert (result["status"], result["code"]) == ("malformed", "malformed")
    assert result["problems"][0]["field"].startswith("attachments")


def test_a_photos_caption_is_corrected_and_a_photo_struck_out(
    world: World, phone: Phone, phone_of: PhoneOf
):
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], b"\xff\xd8\xff" + bytes(100))
    phone.post([visit, photo])

    def caption(text: str, base: int) -> dict[str, Any]:
        return phone.item(
            "photo", "edit", {"caption": text}, record_id=photo["id"], base_version=base
        )

    first = caption("คันนาทองคำ", 1)
    assert statuses([phone.put(first), phone.put(first)]) == ["created", "known"]
    stale = phone.put(caption("อื่น", 1))
    assert (stale["status"], stale["current"]["data"]["caption"]) == ("conflict", "คันนาทองคำ")
    gone = phone.delete("photo", photo["id"], 2, "เบลอ")
    assert statuses([phone.put(gone), phone.put(gone)]) == ["created", "known"]
    assert phone.put(photo)["status"] == "known"
    assert phone.put(caption("อีก", 2))["code"] == "struck_out"


def test_what_belongs_to_something_struck_out_is_refused(world: World, phone: Phone):
    visit = phone.visit(world.centre)
    phone.put(visit)
    phone.put(phone.delete("visit", visit["id"], 1, "ลงซ้ำ"))
    photo = phone.photo("visit", visit["id"], b"\xff\xd8\xff" + bytes(100))
    for child in (phone.followup(visit["id"]), photo):
        result = phone.put(child)
        assert (result["status"], result["code"]) == ("refused", "parent_struck_out")


def test_an_outbox_that_never_ends_is_refused(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.sync.held.MOST_PENDING", 3)
    results = [phone.put(phone.followup(new_id())) for _ in range(4)]
    assert statuses(results) == ["pending"] * 3 + ["refused"]
    assert results[3]["code"] == "too_many_held"
