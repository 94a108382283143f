"""Whatever order things come in, and whoever was first: nothing is lost, nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.followups.models import Followup
from app.shared.ids import new_id
from app.sync.models import HeldItem
from app.visits.models import Visit
from tests.conftest import World
from tests.sync.phone_client import Phone
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The volunteer's own phone."""
    return phone_of("volunteer")


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
