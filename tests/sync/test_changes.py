"""What a phone is told of its own area: only what is new, only what is its own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.followups.service import record_followup
from app.photos.models import Photo
from app.shared.clock import Quarter, bangkok_day
from app.shared.db import db
from app.shared.work import work
from app.sync.cursor import SECTIONS, Known, read_cursor, write_cursor
from app.visits.models import Visit
from app.visits.service import delete_visit, record_visit
from tests.conftest import World
from tests.followups.drafts import make_followup
from tests.sync.phone_client import Phone, Refused
from tests.sync.statements import statements_of
from tests.visits.drafts import CONSENTED, make_draft

NOW = datetime.now(UTC)
TODAY = bangkok_day(NOW)
LONG_AGO = NOW - timedelta(days=200)
PhoneOf = Callable[[str], Phone]


def _record(app: Flask, world: World, who: str, centre: UUID, **facts: Any) -> UUID:
    """A visit recorded on some other way than this phone."""
    received = facts.pop("received", NOW)
    draft = make_draft(centre, **{"visit_date": TODAY} | facts)
    with app.app_context(), work() as w:
        record_visit(w.session, draft, actor=world[who], now=received)
    return draft.id


def _follow(app: Flask, world: World, visit_id: UUID) -> UUID:
    draft = make_followup(visit_id, followed_on=TODAY, step_months=None)
    with app.app_context(), work() as w:
        record_followup(w.session, draft, actor=world["officer"], now=NOW)
    return draft.id


def _strike(app: Flask, world: World, visit_id: UUID) -> None:
    with app.app_context(), work() as w:
        delete_visit(
            w.session, visit_id, expected_version=1, reason="เขียนผิด", actor=world["officer"],
            now=NOW,
        )  # fmt: skip


def _add_photo(app: Flask, world: World, visit_id: UUID, **facts: Any) -> UUID:
    photo_id = uuid4()
    values: dict[str, Any] = {
        "id": photo_id, "centre_id": world.centre, "subject_kind": "visit",
        "subject_id": visit_id, "day": TODAY, "original_sha256": "a" * 64, "size_bytes": 1,
        "media_type": "image/jpeg", "source": "camera", "state": "awaited", "state_since": NOW,
        "captured_at": NOW, "received_at": NOW, "recorder_id": world["volunteer"].account_id,
        "content_sha256": "b" * 64, "programme_version": "x",
    }  # fmt: skip
    with app.app_context(), work() as w:
        w.session.add(Photo(**values | facts))
    return photo_id


def _listed(phone: Phone, kind: str) -> dict[UUID, dict[str, Any]]:
    return {UUID(entry["id"]): entry for entry in phone.held["records"][kind]}


def _contacts_noted(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        wanted = select(AuditEntry).where(AuditEntry.action == "contacts.pulled")
        return [entry.facts for entry in db.session.scalars(wanted.order_by(AuditEntry.id))]


def test_a_new_phone_gets_its_whole_area(app: Flask, world: World, phone_of: PhoneOf) -> None:
    visit_id = _record(app, world, "volunteer", world.centre)
    phone = phone_of("volunteer")
    assert tuple(phone.pull()) == SECTIONS
    assert phone.held["account"]["centre_id"] == str(world.centre)
    assert phone.held["account"] == phone.account  # as enrolment told it
    assert phone.held["centres"][0]["place"].startswith("ต.")
    [centre] = phone.held["centres"]
    assert (centre["code"], centre["visits"], centre["people"]) == ("5606-001", 1, 42)
    assert centre["quarter"] == str(Quarter.of_day(TODAY))
    assert {choice["key"] for choice in phone.held["programme"]["topics"]} >= {"water", "mulch"}
    assert _listed(phone, "visits")[visit_id]["mine"] is True


def test_only_what_changed_comes_again(app: Flask, world: World, phone_of: PhoneOf) -> None:
    phone = phone_of("officer")
    phone.pull()
    assert phone.pull() == {}
    _record(app, world, "volunteer", world.centre)
    assert set(phone.pull()) == {"centres", "records"}
    assert phone.pull() == {}


def test_a_phone_that_lost_the_answer_gets_it_again(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    phone.pull()
    before = phone.cursor
    _record(app, world, "volunteer", world.centre)
    first = phone.pull()
    phone.cursor = before
    assert phone.pull() == first


@pytest.mark.parametrize("who", ["volunteer", "officer"])
def test_nothing_of_another_area_is_told(
    app: Flask, world: World, phone_of: PhoneOf, who: str
) -> None:
    foreign = world.stranger if who == "officer" else world.neighbour
    visit_id = _record(app, world, "admin", foreign, group_name="ของคนอื่น", **CONSENTED)
    _follow_as_admin(app, world, visit_id)
    _add_photo(app, world, visit_id, centre_id=foreign)
    with app.app_context(), work() as w:
        w.session.execute(
            update(Visit).values(recorder_id=world[who].account_id, next_followup_on=TODAY)
        )
    phone = phone_of(who)
    answer = phone.send("GET", "/changes").text
    for hidden in (foreign, visit_id, "ของคนอื่น", "ครูสมศรี", "0812345678"):
        assert str(hidden) not in answer


def _follow_as_admin(app: Flask, world: World, visit_id: UUID) -> None:
    with app.app_context(), work() as w:
        draft = make_followup(visit_id, followed_on=TODAY, step_months=None)
        record_followup(w.session, draft, actor=world["admin"], now=NOW)


def test_a_moved_officer_keeps_nothing_of_the_old_area(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    _record(app, world, "officer", world.centre, **CONSENTED)
    phone = phone_of("officer")
    phone.pull()
    with app.app_context(), work() as w:
        officer = Account.id == world["officer"].account_id
        w.session.execute(update(Account).where(officer).values(area_code="5601"))
    phone.pull()
    assert [centre["code"] for centre in phone.held["centres"]] == ["5601-001"]
    assert phone.held["due"] == []
    assert phone.held["records"] == {
        "visits": [], "followups": [], "photos": [], "entries": [], "forgotten": [],
    }  # fmt: skip


def test_due_tells_whom_to_call_and_the_log_keeps_that_it_did(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    month_ago = TODAY - timedelta(days=20)
    visit_id = _record(app, world, "volunteer", world.centre, visit_date=month_ago, **CONSENTED)
    _record(app, world, "volunteer", world.centre, visit_date=month_ago)
    phone = phone_of("officer")
    phone.pull()
    [due] = phone.held["due"]
    assert (due["visit_id"], due["step_months"]) == (str(visit_id), 1)
    assert (due["leader_name"], due["phone"]) == (CONSENTED["leader_name"], CONSENTED["phone"])
    assert _contacts_noted(app) == [{"count": 1}]
    phone.pull()
    assert len(_contacts_noted(app)) == 1  # not sent again, so not noted again


def test_names_of_people_are_told_nowhere_but_in_due(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    _record(app, world, "volunteer", world.centre, suggestion="ฝากบอกลุงคำ", **CONSENTED)
    phone = phone_of("officer")
    phone.pull()
    told = str({name: section for name, section in phone.held.items() if name != "due"})
    for secret in (CONSENTED["leader_name"], CONSENTED["phone"], "ลุงคำ"):
        assert str(secret) not in told


def test_due_without_a_name_leaves_no_entry_in_the_log(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    _record(app, world, "volunteer", world.centre, consent_followup=True)
    phone = phone_of("officer")
    phone.pull()
    assert len(phone.held["due"]) == 1
    assert _contacts_noted(app) == []


def test_due_looks_45_days_ahead_and_comes_soonest_first(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    days = {45: "last", -3: "overdue", 46: "too far", 0: "today"}
    for ahead, name in days.items():
        visit_id = _record(app, world, "volunteer", world.centre, group_name=name, **CONSENTED)
        with app.app_context(), work() as w:
            due_on = TODAY + timedelta(days=ahead)
            this = update(Visit).where(Visit.id == visit_id)
            w.session.execute(this.values(next_followup_on=due_on))
    phone = phone_of("officer")
    phone.pull()
    assert [due["group_name"] for due in phone.held["due"]] == ["overdue", "today", "last"]


def test_a_struck_out_visit_comes_once_more_as_a_tombstone(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    visit_id = _record(app, world, "volunteer", world.centre, **CONSENTED)
    check_id = _follow(app, world, visit_id)
    phone = phone_of("volunteer")
    phone.pull()
    assert _listed(phone, "visits")[visit_id]["deleted"] is False
    _strike(app, world, visit_id)
    phone.pull()
    assert _listed(phone, "visits")[visit_id]["deleted"] is True
    assert _listed(phone, "followups")[check_id]["deleted"] is True
    assert phone.held["due"] == []


def test_records_are_the_own_of_a_quarter_and_the_latest_of_each_centre(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    day = TODAY - timedelta(days=300)
    others = [
        _record(
            app, world, "officer", world.centre,
            visit_date=day + timedelta(days=n), received=LONG_AGO,
        )
        for n in range(7)
    ]  # fmt: skip
    own_new = _record(app, world, "volunteer", world.centre, visit_date=day)
    own_old = _record(
        app, world, "volunteer", world.centre, visit_date=day, received=LONG_AGO
    )  # fmt: skip
    phone = phone_of("volunteer")
    phone.pull()
    listed = _listed(phone, "visits")
    assert set(listed) == {*others[-5:], own_new}
    assert own_old not in listed
    assert [listed[v]["mine"] for v in (own_new, others[-1])] == [True, False]


def test_photos_are_told_with_their_state(app: Flask, world: World, phone_of: PhoneOf) -> None:
    visit_id = _record(app, world, "volunteer", world.centre)
    photo_id = _add_photo(app, world, visit_id)
    _add_photo(app, world, visit_id, deleted_at=NOW)
    phone = phone_of("volunteer")
    phone.pull()
    assert _listed(phone, "visits")[visit_id]["photos"] == 1
    photo = _listed(phone, "photos")[photo_id]
    assert (photo["state"], photo["mine"], photo["deleted"]) == ("awaited", True, False)
    assert len(_listed(phone, "photos")) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cursor", ["x", "AAAA", "ก", "A" * 1_000, "null", "eyJhIjoxfQ", "A" * 119])
def test_a_forged_cursor_is_refused(phone_of: PhoneOf, cursor: str) -> None:
    phone = phone_of("officer")
    answer = phone.send("GET", "/changes", query_string={"since": cursor})
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cursor_without_measure_is_refused_before_it_is_read(phone_of: PhoneOf) -> None:
    answer = phone_of("officer").send("GET", "/changes", query_string={"since": "A" * 100_000})
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (414, "address_too_long")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cursor_is_worth_nothing_on_another_phone(phone_of: PhoneOf) -> None:
    mine, other = phone_of("officer"), phone_of("officer")
    mine.pull()
    other.cursor = mine.cursor
    with pytest.raises(Refused) as refused:
        other.pull()
    assert (refused.value.status, refused.value.code) == (400, "bad_cursor")
    other.cursor = None
    assert tuple(other.pull()) == SECTIONS


def test_any_bit_that_is_changed_breaks_a_cursor() -> None:
    seed, device_id = "A" * 43, uuid4()
    known = {name: Known(bytes([n] * 12), bytes([n + 100] * 12)) for n, name in enumerate(SECTIONS)}
    cursor = write_cursor(seed, device_id, known)
    assert read_cursor(seed, device_id, cursor) == known
    for place in range(len(cursor)):
        changed = "A" if cursor[place] != "A" else "B"
        with pytest.raises(Exception, match="bad_cursor"):
            read_cursor(seed, device_id, cursor[:place] + changed + cursor[place + 1 :])
    for other_seed, other_device in (("B" * 43, device_id), (seed, uuid4())):
        with pytest.raises(Exception, match="bad_cursor"):
            read_cursor(other_seed, other_device, cursor)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("token", ["", "wrong", "\u0e01", "a" * 10_000])
def test_nobody_pulls_without_a_phone_of_their_own(app: Flask, world: World, token: str) -> None:
    phone = Phone(app.test_client(use_cookies=False), token=token)
    answer = phone.send("GET", "/changes")
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (401, "device_unknown")


def test_more_records_cost_no_more_queries(app: Flask, world: World, phone_of: PhoneOf) -> None:
    phone = phone_of("officer")
    _record(app, world, "volunteer", world.centre, **CONSENTED)
    with statements_of(app) as few:
        phone.pull()
    for n in range(12):
        visit_id = _record(
            app, world, "officer", (world.centre, world.neighbour)[n % 2], **CONSENTED
        )  # fmt: skip
        _follow(app, world, visit_id)
        _add_photo(app, world, visit_id)
    with app.app_context(), work() as w:
        w.session.execute(update(Centre).values(steward_name="ลุงคำ"))
    phone.cursor = None
    with statements_of(app) as many:
        phone.pull()
    # The stamps, one for each kind of record, what they stand beside, two for whom it carries.
    assert len(many) <= len(few) <= 34


def test_what_a_phone_pulls_travels_small_and_says_the_same(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    plain = phone.send("GET", "/changes")
    small = phone.send("GET", "/changes", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.data) < len(plain.data) / 2
    assert json.loads(gzip.decompress(small.data))["sections"] == plain.json["sections"]
