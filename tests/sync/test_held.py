"""What cannot be applied is kept, shown, decided about by a person - and forgets with the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.followups.models import Followup
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from app.sync.jobs import sweep_held
from app.sync.models import HeldItem
from app.visits.models import Visit, VisitRevision
from app.visits.service import delete_visit, forget_visitor
from tests.conftest import World
from tests.sync.phone_client import Item, Phone
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The volunteer's own phone."""
    return phone_of("volunteer")


@pytest.fixture
def in_conflict(world: World, phone: Phone, phone_of: PhoneOf) -> tuple[Item, Item]:
    """A visit that an officer corrected, and the volunteer's correction of its first version."""
    first = phone.visit(world.centre)
    phone.put(first)
    officer = phone_of("officer")
    officer.put(officer.edit("visit", first["data"] | {"n_male": 1, "phone": "0898765432"}, 1))
    mine = phone.edit("visit", first["data"] | {"n_male": 2, "kind": "activity"}, 1)
    assert phone.put(mine)["status"] == "conflict"
    return first, mine


def held(app: Flask, **where: Any) -> HeldItem:
    """The one held item there is."""
    (found,) = rows(app, HeldItem, *(getattr(HeldItem, name) == v for name, v in where.items()))
    return found


def sweep(app: Flask, *, at: datetime | None = None, monkeypatch: Any = None) -> None:
    if at and monkeypatch:
        monkeypatch.setattr("app.sync.jobs.now", lambda: at)
    with app.app_context():
        sweep_held()
        db.session.remove()


def everything(app: Flask) -> str:
    """All that the tables of what is held and recorded say, as text."""
    said: list[str] = []
    with app.app_context():
        for model in (HeldItem, Visit, VisitRevision, AuditEntry):
            for row in db.session.execute(select(*model.__table__.c)):
                said.append(str(row._asdict()))
        db.session.remove()
    return "\n".join(said)


# --- the page --------------------------------------------------------------------------------


def test_an_officer_sees_both_versions_in_words_and_nobodys_number(
    in_conflict: tuple[Item, Item], sign_in: SignIn
):
    page = sign_in("officer").get("/held?lang=en").text
    for words in ("Test volunteer", "Android", "Somebody else corrected it", "Men", "Came for"):
        assert words in page
    assert "0812345678" not in page
    assert "0898765432" not in page
    assert "สมศรี" not in page


def test_the_page_is_empty_for_those_of_other_areas(
    in_conflict: tuple[Item, Item], sign_in: SignIn, app: Flask
):
    page = sign_in("other_officer").get("/held").text
    item = held(app)
    assert str(item.id) not in page
    for act in ("take", "keep"):
        answer = sign_in("other_officer").post(f"/held/{item.id}/{act}", data={"version": 2})
        assert answer.status_code == 404
    assert sign_in("volunteer").get("/held").status_code == 404


def test_a_reviewer_reads_and_cannot_decide(
    in_conflict: tuple[Item, Item], sign_in: SignIn, app: Flask
):
    client, item = sign_in("reviewer"), held(app)
    page = client.get("/held").text
    assert f"held-{item.id}" in page
    assert f"/held/{item.id}/take" not in page
    assert client.post(f"/held/{item.id}/take", data={"version": 2}).status_code == 404


def test_taking_the_phones_version_makes_it_the_newest_by_the_officer(
    in_conflict: tuple[Item, Item], sign_in: SignIn, app: Flask, world: World, phone: Phone
):
    client = sign_in("officer")
    answer = client.post(f"/held/{held(app).id}/take", data={"version": 2})
    assert answer.status_code == 303

    (visit,) = rows(app, Visit)
    assert (visit.n_male, visit.kind, visit.version) == (2, "activity", 3)
    newest = rows(app, VisitRevision, VisitRevision.version == 3)[0]
    assert newest.made_by == world["officer"].account_id
    assert "Test volunteer" in newest.reason
    item = held(app)
    assert (item.state, item.body, item.settled_by) == (
        "applied", None, world["officer"].account_id,
    )  # fmt: skip
    assert count(app, AuditEntry, AuditEntry.action == "held.applied") == 1
    # The phone may let go now.
    assert phone.put(in_conflict[1])["status"] == "known"


def test_keeping_what_is_there_erases_the_phones_version(
    in_conflict: tuple[Item, Item], sign_in: SignIn, app: Flask, phone: Phone
):
    client, item = sign_in("officer"), held(app)
    for _ in range(2):  # a second click is harmless
        assert client.post(f"/held/{item.id}/keep").status_code == 303
    assert rows(app, Visit)[0].n_male == 1
    assert (held(app).state, held(app).body) == ("dismissed", None)
    again = phone.put(in_conflict[1])
    assert (again["status"], again["receipt"]["version"]) == ("known", 2)
    assert (held(app).state, held(app).body) == ("dismissed", None)


def test_a_version_that_changed_under_the_page_is_not_overwritten(
    in_conflict: tuple[Item, Item], sign_in: SignIn, app: Flask
):
    client = sign_in("officer")
    for version in ("1", "9" * 400, "x", ""):
        client.post(f"/held/{held(app).id}/take", data={"version": version})
    assert rows(app, Visit)[0].version == 2
    assert held(app).state == "conflict"


def test_what_the_rules_refuse_is_not_taken(
    world: World, phone: Phone, phone_of: PhoneOf, sign_in: SignIn, app: Flask
):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"], n_followed=30)
    phone.post([visit, check])
    phone.put(phone.edit("followup", check["data"] | {"n_followed": 20}, 1))
    assert phone.put(phone.edit("followup", check["data"] | {"n_followed": 40}, 1))["status"] == (
        "conflict"
    )
    # Fewer people came than the follow-up speaks for: it fitted when it was sent.
    phone.put(phone.edit("visit", visit["data"] | {"n_male": 1, "n_child": 0}, 1))
    client = sign_in("officer")
    answer = client.post(f"/held/{held(app).id}/take", data={"version": 2}, follow_redirects=True)
    assert "23" in answer.text
    assert (rows(app, Followup)[0].n_followed, held(app).state) == (20, "conflict")


def test_a_followups_and_a_photos_version_can_be_taken_too(
    world: World, phone: Phone, phone_of: PhoneOf, sign_in: SignIn, app: Flask
):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    photo = phone.photo("visit", visit["id"], b"\xff\xd8\xff" + bytes(100))
    phone.post([visit, check, photo])

    def caption(text: str) -> Item:
        return phone.item("photo", "edit", {"caption": text}, record_id=photo["id"], base_version=1)

    phone.post([phone.edit("followup", check["data"] | {"n_used": 1}, 1), caption("หนึ่ง")])
    late = [phone.edit("followup", check["data"] | {"n_used": 3}, 1), caption("สอง")]
    assert statuses(phone.post(late)) == ["conflict"] * 2
    client = sign_in("officer")
    page = client.get("/held").text
    assert "สอง" in page
    for item in rows(app, HeldItem):
        client.post(f"/held/{item.id}/take", data={"version": 2})
    assert rows(app, Followup)[0].n_used == 3
    assert rows(app, Photo)[0].caption == "สอง"
    assert count(app, HeldItem, HeldItem.state == "applied") == 2


def test_a_striking_out_can_be_taken(
    world: World, phone: Phone, phone_of: PhoneOf, sign_in: SignIn, app: Flask
):
    visit = phone.visit(world.centre)
    phone.put(visit)
    officer = phone_of("officer")
    officer.put(officer.edit("visit", visit["data"] | {"n_male": 1}, 1))
    phone.put(phone.delete("visit", visit["id"], 1, "ลงซ้ำสองครั้ง"))
    client = sign_in("officer")
    assert "ลงซ้ำสองครั้ง" in client.get("/held").text
    client.post(f"/held/{held(app).id}/take", data={"version": 2})
    assert rows(app, Visit)[0].deleted_at is not None


def test_the_visits_page_says_that_there_is_another_version(
    in_conflict: tuple[Item, Item], sign_in: SignIn
):
    address = f"/visits/{in_conflict[0]['id']}"
    assert "/held" in sign_in("officer").get(address).text
    assert 'href="/held"' not in sign_in("volunteer").get(address).text


def test_what_was_struck_out_or_has_other_bytes_can_only_be_kept(
    world: World, phone: Phone, sign_in: SignIn, app: Flask
):
    visit = phone.visit(world.centre)
    photo = phone.photo("centre", world.centre, b"\xff\xd8\xff" + bytes(100))
    other = phone.photo("centre", world.centre, b"\xff\xd8\xff" + bytes(101), id=photo["id"])
    phone.post([visit, photo])
    phone.put(phone.delete("visit", visit["id"], 1, "ลงซ้ำ"))
    late = [phone.edit("visit", visit["data"] | {"n_male": 5}, 1), other]
    assert statuses(phone.post(late)) == ["conflict"] * 2
    client = sign_in("officer")
    page = client.get("/held").text
    for item in rows(app, HeldItem):
        assert f"/held/{item.id}/take" not in page
        client.post(f"/held/{item.id}/take", data={"version": 1})
        client.post(f"/held/{item.id}/take", data={"version": 2})
        assert f"/held/{item.id}/keep" in page
    assert count(app, HeldItem, HeldItem.state == "conflict") == 2


# --- forgetting ------------------------------------------------------------------------------


def forget(app: Flask, world: World, visit_id: str) -> None:
    with app.app_context(), work() as w:
        visit = w.session.scalars(select(Visit)).one()
        assert str(visit.id) == visit_id
        forget_visitor(w.session, visit.id, actor=world["officer"], now=now(), reason="ขอลบ")


def test_a_forgotten_person_is_forgotten_in_what_is_held_too(
    in_conflict: tuple[Item, Item], app: Flask, world: World, phone: Phone, sign_in: SignIn
):
    first, mine = in_conflict
    early = phone.edit("visit", first["data"] | {"n_male": 9}, 7)  # builds upon what has not come
    assert phone.put(early)["status"] == "pending"
    assert "0812345678" in everything(app)

    forget(app, world, first["id"])

    assert "0812345678" not in everything(app)
    assert "สมศรี" not in everything(app)
    for item in (first, mine, early):
        phone.put(item)  # an old phone knows nothing of it, and sends all again
    assert "0812345678" not in everything(app)
    sign_in("officer").post(f"/held/{held(app, state='conflict').id}/take", data={"version": 3})
    (visit,) = rows(app, Visit)
    assert (visit.n_male, visit.phone, visit.leader_name, visit.consent_followup) == (
        2, None, None, False,
    )  # fmt: skip


def test_the_sweeper_forgets_what_slipped_in_at_the_same_moment(
    in_conflict: tuple[Item, Item], app: Flask, world: World
):
    body = held(app).body
    forget(app, world, in_conflict[0]["id"])
    with app.app_context(), work() as w:
        w.session.scalars(select(HeldItem)).one().body = body
    assert "0812345678" in everything(app)
    sweep(app)
    assert "0812345678" not in everything(app)


# --- time ------------------------------------------------------------------------------------


def test_what_nobody_decided_about_goes_after_ninety_days(
    in_conflict: tuple[Item, Item], app: Flask, monkeypatch: pytest.MonkeyPatch, phone: Phone
):
    phone.put(phone.followup(new_id()))
    sweep(app, at=now() + timedelta(days=89), monkeypatch=monkeypatch)
    assert count(app, HeldItem, HeldItem.body.is_not(None)) == 2
    sweep(app, at=now() + timedelta(days=91), monkeypatch=monkeypatch)
    assert [(item.state, item.body) for item in rows(app, HeldItem)] == [("dismissed", None)] * 2
    # Nobody has decided: should its phone come back, it is held anew.
    assert phone.put(in_conflict[1])["status"] == "conflict"
    assert held(app, state="conflict").body is not None


def test_the_sweeper_joins_what_missed_its_parent_by_a_moment(
    app: Flask, world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    phone.put(check)
    monkeypatch.setattr(
        "app.sync.records_routes._apply_what_waited", lambda *_: None
    )  # it died in between
    phone.put(visit)
    assert count(app, Followup) == 0
    for _ in range(2):
        sweep(app)
    assert count(app, Followup) == 1
    assert held(app).state == "applied"


def test_the_sweeper_leaves_alone_what_can_never_join(
    app: Flask, world: World, phone: Phone, phone_of: PhoneOf, monkeypatch: pytest.MonkeyPatch
):
    theirs = phone_of("other_officer")
    foreign, own = theirs.visit(world.stranger), phone.visit(world.centre)
    theirs.put(foreign)
    phone.put(own)
    phone.put(phone.followup(foreign["id"]))
    phone.put(phone.edit("visit", own["data"] | {"n_male": 3}, 2**53 - 1))
    tried: list[object] = []
    monkeypatch.setattr("app.sync.inbox._try_again", lambda *a: tried.append(a))
    sweep(app)
    assert tried == []
    assert count(app, HeldItem, HeldItem.state == "pending") == 2


def test_a_child_that_no_longer_fits_is_shown_to_a_person_not_dropped(
    app: Flask, world: World, phone: Phone, sign_in: SignIn
):
    visit = phone.visit(world.centre, n_male=1, n_female=0, n_child=0)
    check = phone.followup(visit["id"])  # speaks for ten
    assert phone.put(check)["status"] == "pending"
    phone.put(visit)
    item = held(app)
    assert (item.state, item.code, item.body is not None) == ("conflict", "invalid", True)
    page = sign_in("officer").get("/held?lang=en").text
    assert "Answered for" in page
    # Its phone, when it asks again, hears why; and then it is the phone's to put right.
    assert phone.put(check)["status"] == "invalid"
    assert (held(app).state, held(app).body) == ("dismissed", None)


def test_a_late_visit_that_is_struck_out_at_once_refuses_its_child_openly(
    app: Flask, world: World, phone: Phone
):
    visit = phone.visit(world.centre)
    check = phone.followup(visit["id"])
    phone.put(check)
    with app.app_context():
        db.session.remove()
    results = phone.post([visit, phone.delete("visit", visit["id"], 1, "ลงซ้ำ")])
    assert statuses(results) == ["created", "created"]
    assert (held(app).state, held(app).code) == ("conflict", "parent_struck_out")


def test_what_waits_for_an_officer_without_a_centre_is_the_districts(
    app: Flask, world: World, phone_of: PhoneOf, sign_in: SignIn
):
    officer = phone_of("officer")
    visit = officer.visit(world.neighbour, n_male=1, n_female=0, n_child=0)
    officer.put(officer.followup(visit["id"]))
    assert "1" in sign_in("officer").get("/held").text
    officer.put(visit)
    assert str(held(app).id) in sign_in("officer").get("/held").text
    assert str(held(app).id) not in sign_in("other_officer").get("/held").text


def test_a_struck_out_visit_with_a_stale_edit_says_so(
    in_conflict: tuple[Item, Item], app: Flask, world: World, sign_in: SignIn
):
    with app.app_context(), work() as w:
        visit = w.session.scalars(select(Visit)).one()
        delete_visit(
            w.session, visit.id, expected_version=2, reason="x", actor=world["officer"], now=now()
        )
    client = sign_in("officer")
    assert client.get("/held").status_code == 200
    client.post(f"/held/{held(app).id}/take", data={"version": 3})
    assert held(app).state == "conflict"
