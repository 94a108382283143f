"""This phone was lost: out of use at once, and who was on it is answered."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Account, SignIn
from app.audit.models import AuditEntry
from app.devices import codes
from app.devices.carried import note_carried
from app.devices.models import CarriedContact, Device
from app.incidents.models import Incident, IncidentStep
from app.incidents.on_phone import DUE_DAYS, on_phone
from app.shared.clock import bangkok_day, day_starts_at, now
from app.shared.db import db
from app.shared.work import work
from app.sync import changes_sections
from app.visits.service import forget_visitor, record_visit
from tests.conftest import World
from tests.devices.phones import SEED
from tests.sync.phone_client import Phone
from tests.visits.drafts import CONSENTED, make_draft

SignInAs = Callable[[str], FlaskClient]
PhoneOf = Callable[[str], Phone]


def _book(app: Flask, world: World, who: str = "volunteer", **facts: Any) -> UUID:
    """A visit of the centre, written on a desk and due to be followed up."""
    told = CONSENTED | {"visit_date": bangkok_day(now())} | facts
    draft = make_draft(world.centre, **told)
    with app.app_context(), work() as w:
        visit, _ = record_visit(w.session, draft, actor=world[who], now=now())
        visit.next_followup_on = bangkok_day(now())
    return draft.id


def _captured(phone: Phone, world: World, /, **facts: Any) -> UUID:
    told = {"consent_followup": True, "leader_name": "นางสาวจันทร์ฉาย", "phone": "0899990000"}
    item = phone.visit(world.centre, **told | facts)
    assert phone.put(item)["status"] == "created"
    return UUID(item["id"])


def _rows(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))[1:]


def _lose(client: FlaskClient, phone: Phone) -> Any:
    return client.post(f"/devices/{phone.device_id}/lost")


def _all(app: Flask, model: Any) -> list[Any]:
    with app.app_context():
        return list(db.session().scalars(select(model)))


def test_one_press_puts_the_phone_out_of_use(
    app: Flask, world: World, sign_in: SignInAs, phone_of: PhoneOf
) -> None:
    phone = phone_of("volunteer")
    page = app.test_client()
    page.post("/sign-in", data={"login": "volunteer", "password": "a long test password"})
    with app.app_context(), work() as w:
        session = w.session
        sign = session.scalars(
            select(SignIn).where(SignIn.account_id == world["volunteer"].account_id)
        ).all()[-1]
        sign.device_id = UUID(phone.device_id)
        code, _entry = codes.make_code(
            session, world["volunteer"].account_id, actor=world["officer"], seed=SEED, now=now()
        )
    assert page.get("/visits").status_code == 200

    answer = _lose(sign_in("officer"), phone)

    (incident,) = _all(app, Incident)
    assert answer.headers["Location"].endswith(f"/incidents/{incident.id}")
    assert (incident.kind, incident.area_code) == ("lost_phone", "560601")
    assert abs(now() - incident.aware_at) < timedelta(minutes=1)
    refused = phone.send("GET", "/changes")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "device_revoked")
    assert page.get("/visits").status_code == 302  # its page session is over
    stranger = app.test_client().post(
        "/api/v1/devices",
        json={
            "install_id": str(UUID(int=7)), "label": "x", "app_version": "1", "public_key": None,
            "code": code,
        },
    )  # fmt: skip
    assert stranger.status_code == 401  # and no code of the account enrols another


def test_pressed_twice_it_is_one_incident(app: Flask, sign_in: SignInAs, phone_of: PhoneOf) -> None:
    phone, officer = phone_of("volunteer"), sign_in("officer")
    assert _lose(officer, phone).status_code == _lose(officer, phone).status_code == 303
    assert len(_all(app, Incident)) == 1


def test_a_volunteer_reports_their_own_phone_and_no_other(
    app: Flask, sign_in: SignInAs, phone_of: PhoneOf
) -> None:
    own, foreign = phone_of("volunteer"), phone_of("other_volunteer")
    client = sign_in("volunteer")
    assert _lose(client, foreign).status_code == 404
    assert _lose(client, own).headers["Location"].endswith(f"/devices/{own.device_id}")
    (incident,) = _all(app, Incident)
    assert client.get(f"/incidents/{incident.id}").status_code in (403, 404)
    assert sign_in("officer").get(f"/incidents/{incident.id}").status_code == 200
    assert sign_in("other_officer").get(f"/incidents/{incident.id}").status_code == 404
    desk = sign_in("officer").get("/").text
    assert f"/incidents/{incident.id}" in desk  # the office hears of it where it begins its day


def test_breach_drill_who_was_on_device_x_lost_on_day_y(
    app: Flask, world: World, sign_in: SignInAs, phone_of: PhoneOf
) -> None:
    """The list names whom the phone wrote down and whom it was to call, and nobody else."""
    to_call = _book(app, world)
    phone = phone_of("volunteer")
    written = _captured(phone, world)
    nameless = _captured(phone, world, consent_followup=False, leader_name=None, phone=None)
    phone.pull()
    other = phone_of("other_volunteer")
    elsewhere = UUID(other.put(other.visit(world.neighbour, **CONSENTED))["id"])
    after = _book(app, world, leader_name="มาทีหลัง")  # the phone never heard of this one

    officer = sign_in("officer")
    _lose(officer, phone)
    today = bangkok_day(now()).isoformat()
    rows = _rows(officer.get(f"/devices/{phone.device_id}/people.csv?day={today}"))

    named = {row[5] for row in rows if row[5]}
    assert named == {str(to_call), str(written)}
    assert not named & {str(nameless), str(elsewhere), str(after)}
    text = "\n".join(",".join(row) for row in rows)
    assert "จันทร์ฉาย" not in text and "0899990000" not in text and "08x-xxx-xx00" in text
    (incident,) = _all(app, Incident)
    assert incident.n_people == len(rows)
    (opened, *_rest) = _all(app, IncidentStep)
    assert (opened.facts["captured"], opened.facts["carried"]) == (1, 1)
    yesterday = (bangkok_day(now()) - timedelta(days=1)).isoformat()
    early = _rows(officer.get(f"/devices/{phone.device_id}/people.csv?day={yesterday}"))
    assert not {row[5] for row in early if row[5]}  # on that day it held nobody yet


def test_the_list_with_names_needs_a_reason_and_is_noted(
    app: Flask, world: World, sign_in: SignInAs, phone_of: PhoneOf
) -> None:
    phone = phone_of("volunteer")
    _captured(phone, world)
    officer = sign_in("officer")
    _lose(officer, phone)
    address = f"/devices/{phone.device_id}/people.csv"
    assert officer.post(address, data={"reason": "ok"}).status_code == 422
    answer = officer.post(address, data={"reason": "เพื่อแจ้งเจ้าของข้อมูลว่าโทรศัพท์หาย"})
    assert "นางสาวจันทร์ฉาย" in answer.get_data().decode("utf-8-sig")
    assert sign_in("other_officer").post(address, data={"reason": "x" * 20}).status_code == 404
    actions = [entry.action for entry in _all(app, AuditEntry)]
    assert actions.count("device.people_taken") == 1
    assert "list_taken" in {step.action for step in _all(app, IncidentStep)}


def test_whom_a_phone_carries_is_noted_as_it_changes(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    first = _book(app, world)
    phone = phone_of("volunteer")
    phone.pull()
    second = _book(app, world)
    phone.pull()
    with app.app_context(), work() as w:
        forget_visitor(w.session, first, actor=world["officer"], now=now(), reason="ขอให้ลบ")
    phone.pull()
    noted = {row.visit_id: row.let_go_at is None for row in _all(app, CarriedContact)}
    assert noted == {first: False, second: True}
    before = len(_all(app, CarriedContact))
    phone.pull()
    assert len(_all(app, CarriedContact)) == before  # nothing new: nothing written


def test_what_was_let_go_long_before_is_not_on_the_list(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    gone, still, last = (_book(app, world) for _ in range(3))
    phone = phone_of("volunteer")
    device_id = UUID(phone.device_id)
    today = day_starts_at(bangkok_day(now()))
    with app.app_context(), work() as w:
        for days, ids in ((9, {gone, still, last}), (5, {still, last}), (2, {still})):
            note_carried(w.session, device_id, ids, now=today - timedelta(days=days))
        session = w.session
        device = session.get_one(Device, device_id)
        account = session.get_one(Account, device.account_id)
        now_on = {p.visit_id for p in on_phone(session, device, account, at=now()).visitors}
        then = today - timedelta(days=6)
        then_on = {p.visit_id for p in on_phone(session, device, account, at=then).visitors}
    assert then_on == {gone, still, last}
    # The last answer may never have arrived: whom it let go is listed rather than left out.
    assert now_on == {still, last}


def test_an_older_phones_contacts_are_given_as_an_upper_bound(
    app: Flask, world: World, phone_of: PhoneOf, sign_in: SignInAs
) -> None:
    """Before whose names left was noted, only how many: the answer says that it is the most."""
    visit_id = _book(app, world)
    phone = phone_of("volunteer")
    phone.pull()
    with app.app_context(), work() as w:
        for row in w.session.scalars(select(CarriedContact)):
            w.session.delete(row)
    page = sign_in("officer").get(f"/devices/{phone.device_id}/people").text
    assert (str(visit_id) in page and "เป็นจำนวนสูงสุด" in page) or "At most these" in page


def test_a_phone_that_is_found_is_enrolled_again(
    app: Flask, sign_in: SignInAs, phone_of: PhoneOf
) -> None:
    phone, officer = phone_of("volunteer"), sign_in("officer")
    _lose(officer, phone)
    (incident,) = _all(app, Incident)
    assert officer.post(f"/incidents/{incident.id}/found", data={}).status_code == 303
    assert phone.send("GET", "/changes").status_code == 401  # found is not yet trusted
    phone.enrol("volunteer", "a long test password")
    assert phone.pull()
    assert [step.action for step in _all(app, IncidentStep)] == ["opened", "found"]


def test_the_horizon_of_the_upper_bound_is_the_phones_own() -> None:
    assert changes_sections.DUE_DAYS == DUE_DAYS
