"""Who looked at whose name or number: written down at every door, and told to who may ask."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from app.audit.models import AuditEntry
from app.looks import queries
from app.looks.rules import DOORS, MANY_AN_HOUR
from app.networks.kinds import NETWORK_ORDER
from app.networks.models import NetworkOrder
from app.records.service import record as record_entry
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import World
from tests.networks.drafts import make_order, member
from tests.visits.drafts import CONSENTED, make_draft

SignInAs = Callable[[str], FlaskClient]


@pytest.fixture
def visit_id(app: Flask, world: World) -> UUID:
    """A visit with a name and a number, in the officer's district."""
    draft = make_draft(world.centre, **CONSENTED)
    with app.app_context(), work() as w:
        record_visit(w.session, draft, actor=world["volunteer"], now=now())
    return draft.id


def _look(client: FlaskClient, visit_id: UUID) -> None:
    assert client.post(f"/visits/{visit_id}/contact").status_code == 200


def _many(app: Flask, world: World, who: str, count: int) -> None:
    instant = now().replace(minute=30, second=0) - timedelta(hours=1)
    row = {
        "actor_id": world[who].account_id, "action": "visit.contact_seen", "kind": "visit",
        "object_id": str(UUID(int=1)), "facts": {},
    }  # fmt: skip
    rows = [row | {"at": instant + timedelta(seconds=n)} for n in range(count)]
    with app.app_context(), work() as w:
        w.session.execute(insert(AuditEntry), rows)


def test_a_look_stands_in_the_log_and_on_the_visits_page(
    app: Flask, visit_id: UUID, sign_in: SignInAs
) -> None:
    officer = sign_in("officer")
    _look(officer, visit_id)
    for who in ("officer", "reviewer", "admin"):
        page = sign_in(who).get("/views").text
        assert "Test officer" in page and str(visit_id) in page
        assert "Test officer" in sign_in(who).get(f"/visits/{visit_id}").text
    assert "ครูสมศรี" not in officer.get("/views").text
    assert str(visit_id) not in sign_in("other_officer").get("/views").text  # not their people
    assert sign_in("volunteer").get("/views").status_code in (403, 404)


def test_correcting_a_visit_shows_name_and_number_only_when_asked(
    app: Flask, visit_id: UUID, sign_in: SignInAs
) -> None:
    """And a correction that never saw them keeps them; taking the consent back takes them away."""
    officer = sign_in("officer")
    form = officer.get(f"/visits/{visit_id}/edit").text
    assert "ครูสมศรี" not in form and "0812345678" not in form
    shown = officer.post(f"/visits/{visit_id}/edit/contact").text
    assert "ครูสมศรี" in shown and "0812345678" in shown
    with app.app_context():
        entry = (
            db.session()
            .scalars(select(AuditEntry).where(AuditEntry.action == "visit.contact_seen"))
            .one()
        )
        assert entry.facts["door"] == "edit"
        stored = db.session().get_one(Visit, visit_id)
        values = {
            "centre_id": str(stored.centre_id), "visit_date": stored.visit_date.isoformat(),
            "kind": stored.kind, "group_name": "คณะใหม่", "n_male": "20", "n_female": "22",
            "n_child": "20", "n_other": "0", "version": "1", "satisfaction": "",
        }  # fmt: skip
    address = f"/visits/{visit_id}/edit"
    kept = officer.post(address, data=values | {"consent_followup": "y"})
    assert kept.status_code == 303, kept.text
    with app.app_context():
        stored = db.session().get_one(Visit, visit_id)
        assert (stored.group_name, stored.phone) == ("คณะใหม่", "0812345678")
        assert stored.leader_name == "ครูสมศรี ใจดี"
    assert officer.post(address, data=values | {"version": "2"}).status_code == 303
    with app.app_context():
        stored = db.session().get_one(Visit, visit_id)
        assert (stored.leader_name, stored.phone, stored.consent_followup) == (None, None, False)


def test_correcting_an_order_shows_nobodys_number_and_keeps_it(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    people = [member("government", "นายบุญมี", "0815550001"), member("academia", "นางมาลี")]
    draft = make_order(members=people)
    with app.app_context(), work() as w:
        record_entry(
            w.session, NETWORK_ORDER, draft, actor=world["officer"], now=now(),
            programme=load_programme(),
        )  # fmt: skip
    officer = sign_in("officer")
    form = officer.get(f"/networks/{draft.id}/edit").text
    assert "0815550001" not in form and "08x-xxx-xx01" in form
    values = {
        "district_code": "5606", "order_no": "15/2567", "dated_on": "2024-01-22",
        "fiscal_year": "2567", "act": "appoint", "version": "1",
        "members-0-name": "นายบุญมี", "members-0-sector": "government",
        "members-0-phone": "08x-xxx-xx01", "members-1-name": "นางมาลี",
        "members-1-sector": "academia", "members-1-phone": "0815550002",
    }  # fmt: skip
    answer = officer.post(f"/networks/{draft.id}/edit", data=values)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        members = db.session().get_one(NetworkOrder, draft.id).members
    assert [one["phone"] for one in members] == ["0815550001", "0815550002"]
    wrong = officer.post(
        f"/networks/{draft.id}/edit",
        data=values | {"version": "2", "members-0-phone": "09x-xxx-xx99"},
    )
    assert wrong.status_code == 422  # a mask of nobody's number is no number


def test_many_in_one_hour_are_marked(app: Flask, world: World, sign_in: SignInAs) -> None:
    _many(app, world, "officer", MANY_AN_HOUR)
    _many(app, world, "other_officer", MANY_AN_HOUR - 1)
    with app.app_context():
        session = db.session()
        people = queries.people_in_scope(session, world["reviewer"])
        (burst,) = queries.bursts(session, people, now())
    assert (burst.name, burst.count) == ("Test officer", MANY_AN_HOUR)
    assert "Test officer" in sign_in("reviewer").get("/views").text


def test_filters_pages_and_the_table_to_take_away(
    app: Flask, world: World, visit_id: UUID, sign_in: SignInAs
) -> None:
    _many(app, world, "officer", 60)
    reviewer = sign_in("reviewer")
    _look(sign_in("volunteer"), visit_id)
    first = reviewer.get("/views").text
    assert "after=" in first
    mine = f"account={world['volunteer'].account_id}"
    rows = list(
        csv.reader(io.StringIO(reviewer.get(f"/views.csv?{mine}").get_data().decode("utf-8-sig")))
    )
    assert len(rows) == 2 and rows[1][2] == "Test volunteer" and str(visit_id) in rows[1][7]
    every = reviewer.get("/views.csv").get_data().decode("utf-8-sig")
    assert len(every.strip().splitlines()) == 62
    day = (bangkok_day(now()) - timedelta(days=30)).isoformat()
    assert len(reviewer.get(f"/views.csv?day={day}").get_data().splitlines()) == 1
    assert len(reviewer.get("/views.csv?kind=member").get_data().splitlines()) == 1
    with app.app_context():
        session = db.session()
        people = queries.people_in_scope(session, world["reviewer"])
        seen, after = [], None
        while True:
            page = queries.list_looks(session, people, queries.LookFilter(), after=after)
            seen += [entry.id for entry in page.items]
            after = page.next_cursor
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 61


def test_every_door_is_known(app: Flask) -> None:
    """An action that says that contacts were seen or left is in the log's list."""
    written = {
        action
        for path in Path("app").rglob("*.py")
        for action in DOORS
        if "looks" not in path.parts and f'"{action}"' in path.read_text("utf-8")
    }
    assert written == set(DOORS)
