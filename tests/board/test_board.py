"""The landing page: true counts, every unit shown, nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.board.queries import UnitQuarter, quarter_by_unit, totals
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.record import Capture
from app.visits.draft import VisitDraft
from app.visits.service import delete_visit, record_visit
from tests.conftest import NOW, World
from tests.photos import makers
from tests.photos.conftest import receive

QUARTER = Quarter.parse("2567Q2")


def _visit(session: Session, world: World, centre: UUID, day: date, people: int) -> UUID:
    draft = VisitDraft(
        id=new_id(), centre_id=centre, visit_date=day, kind="study", n_male=people, n_female=0,
        capture=Capture(at=NOW), programme_version=load_programme().name,
    )  # fmt: skip
    visit, _created = record_visit(session, draft, actor=world["admin"], now=NOW)
    return visit.id


def _rows(session: Session, world: World, who: str, by: str) -> dict[str, tuple[int, int, int]]:
    units = quarter_by_unit(session, world[who], QUARTER, by=by)  # type: ignore[arg-type]
    return {u.code: (u.visits, u.people, u.centres_quiet) for u in units}


def test_a_unit_where_nothing_happened_has_a_row(session: Session, world: World) -> None:
    _visit(session, world, world.centre, date(2024, 1, 1), 42)
    assert _rows(session, world, "reviewer", "district") == {"5601": (0, 0, 1), "5606": (1, 42, 1)}
    assert _rows(session, world, "officer", "centre") == {
        "5606-001": (1, 42, 0),
        "5606-002": (0, 0, 1),
    }


def test_the_quarters_edges_are_its_own(session: Session, world: World) -> None:
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1)):
        _visit(session, world, world.centre, day, 1)
    assert _rows(session, world, "officer", "centre")["5606-001"] == (2, 2, 0)


def test_what_is_struck_out_does_not_count(session: Session, world: World) -> None:
    visit_id = _visit(session, world, world.centre, date(2024, 2, 1), 5)
    delete_visit(
        session, visit_id, expected_version=1, reason="twice", actor=world["admin"], now=NOW
    )
    assert _rows(session, world, "officer", "centre")["5606-001"] == (0, 0, 1)


def test_totals_are_the_sum_of_the_rows() -> None:
    units = [UnitQuarter("5601", centres=2, visits=3), UnitQuarter("5606", centres=1, people=9)]
    assert totals(units) == UnitQuarter("", centres=3, visits=3, people=9)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["volunteer", "officer", "reviewer", "admin"])
@pytest.mark.parametrize("quarter", ["", "2567Q2", "nonsense", "9999Q9", "๒๕๖๗Q1"])
def test_everyone_lands_somewhere_whatever_the_address_says(
    sign_in: Callable[[str], FlaskClient], who: str, quarter: str
) -> None:
    answer = sign_in(who).get("/", query_string={"quarter": quarter})
    assert answer.status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_home_page_names_no_person(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    draft = VisitDraft(
        id=new_id(), centre_id=world.centre, visit_date=date(2024, 1, 5), kind="private",
        n_male=1, n_female=0, consent_followup=True, leader_name="นายชื่อลับ สกุลลับ",
        phone="0812345678", capture=Capture(at=NOW), programme_version=load_programme().name,
    )  # fmt: skip
    with app.app_context():
        record_visit(db.session(), draft, actor=world["volunteer"], now=NOW)
        db.session.commit()
    for who in ("volunteer", "officer"):
        page = sign_in(who).get("/").text
        assert "/followups/new" in page
        assert "ชื่อลับ" not in page
        assert "0812345678" not in page


def test_photos_still_on_phones_are_counted_apart(
    app: Flask, sign_in: Callable[[str], FlaskClient], world: World
) -> None:
    files = app.extensions["files"]
    with app.app_context():
        for state, quality in (("awaited", 40), ("received", 60)):
            picture = makers.jpeg(quality=quality)
            receive(db.session(), files, world, picture)[0].state = state
        db.session.commit()
        units = quarter_by_unit(db.session(), world["officer"], QUARTER, by="centre")
        db.session.remove()
    unit = units[0]
    client = sign_in("officer")
    client.post("/language", data={"lang": "en"})

    assert (unit.photos, unit.photos_awaited, unit.photos_waiting) == (1, 1, 1)
    assert "1 photo still on a phone" in client.get(f"/?quarter={QUARTER}").text
