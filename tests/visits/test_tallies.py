"""Tallies: whatever is done to the visitor book, the sums the database keeps are its sums."""

from __future__ import annotations

import threading
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from app.visits.service import delete_visit, edit_visit, record_visit
from app.visits.tallies import VisitTally, first_wrong, fold, rebuild
from tests.conftest import NOW, World
from tests.visits.drafts import make_draft

MONTHS = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31)]


def write(session: Session, world: World, **told: object) -> Visit:
    draft = make_draft(centre_id=told.pop("centre_id", world.centre), n_child=0, **told)
    return record_visit(session, draft, actor=world["admin"], now=NOW)[0]


def told(session: Session) -> list[tuple[UUID, date, str, int, int]]:
    sums = (func.sum(VisitTally.visits), func.sum(VisitTally.people))
    key = (VisitTally.centre_id, VisitTally.month, VisitTally.kind)
    rows = session.execute(select(*key, *sums).group_by(*key).order_by(*key))
    return [tuple(row) for row in rows if any(row[3:])]  # type: ignore[misc]


def test_a_visit_counts_in_its_month_and_once(session: Session, world: World) -> None:
    visit = write(session, world, visit_date=MONTHS[2], n_male=20, n_female=22)
    record_visit(session, make_draft(id=visit.id, centre_id=world.centre, visit_date=MONTHS[2],
                 n_male=20, n_female=22, n_child=0), actor=world["admin"], now=NOW)  # fmt: skip
    assert told(session) == [(world.centre, date(2024, 1, 1), visit.kind, 1, 42)]


def test_a_correction_moves_it_and_a_striking_out_takes_it_away(
    session: Session, world: World
) -> None:
    visit = write(session, world, visit_date=MONTHS[1], n_male=1, n_female=1)
    draft = make_draft(
        id=visit.id, centre_id=world.centre, visit_date=MONTHS[0], n_male=5, n_female=0, n_child=0
    )
    edit_visit(session, draft, expected_version=1, actor=world["admin"], now=NOW)
    assert told(session) == [(world.centre, date(2023, 12, 1), visit.kind, 1, 5)]
    delete_visit(session, visit.id, expected_version=2, reason="ซ้ำ", actor=world["admin"], now=NOW)
    assert told(session) == []
    assert first_wrong(session) is None


def test_what_does_not_count_makes_no_row(session: Session, world: World) -> None:
    visit = write(session, world)
    before = session.scalar(select(func.count(VisitTally.id)))
    session.execute(update(Visit).where(Visit.id == visit.id).values(trainer="ครูพาทำ"))
    assert session.scalar(select(func.count(VisitTally.id))) == before


def test_folding_changes_no_sum_and_leaves_one_row_each(session: Session, world: World) -> None:
    for n in range(6):
        write(session, world, visit_date=MONTHS[n % 3], n_male=n, n_female=1)
    before = told(session)
    assert fold(session) == 6
    assert told(session) == before
    assert session.scalar(select(func.count(VisitTally.id))) == 2  # two months
    write(session, world, visit_date=MONTHS[0])
    fold(session)
    assert (fold(session), first_wrong(session)) == (0, None)


def test_a_sum_of_nothing_is_no_row(session: Session, world: World) -> None:
    visit = write(session, world)
    delete_visit(session, visit.id, expected_version=1, reason="ซ้ำ", actor=world["admin"], now=NOW)
    fold(session)
    assert session.scalar(select(func.count(VisitTally.id))) == 0


def test_a_wrong_tally_is_found_and_counted_anew(session: Session, world: World) -> None:
    write(session, world, visit_date=MONTHS[2])
    session.execute(delete(VisitTally))
    assert first_wrong(session) == (world.centre, date(2024, 1, 1))
    rebuild(session)
    assert first_wrong(session) is None


def test_the_command_tells_a_wrong_sum_and_mends_it(app: Flask, world: World) -> None:
    with app.app_context(), work() as w:
        write(w.session, world)
        w.session.execute(delete(VisitTally))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["visit", "tallies"]).exit_code == 1
    assert runner.invoke(args=["visit", "tallies", "--rebuild"]).exit_code == 0
    assert "Every sum" in runner.invoke(args=["visit", "tallies"]).output


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "edit", "strike", "fold"]),
        st.integers(0, 5), st.sampled_from(MONTHS), st.integers(1, 9),
    ),
    max_size=14,
)  # fmt: skip


@given(steps=STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_the_sums_stay_true(
    session: Session, world: World, steps: list[tuple[str, int, date, int]]
) -> None:
    session.rollback()
    visits: list[Visit] = []
    for what, which, day, people in steps:
        if what == "write":
            visits.append(write(session, world, visit_date=day, n_male=people, n_female=0))
        elif what == "fold":
            fold(session)
        elif visits and (visit := visits[which % len(visits)]).deleted_at is None:
            if what == "strike":
                delete_visit(
                    session, visit.id, expected_version=visit.version, reason="ซ้ำ",
                    actor=world["admin"], now=NOW,
                )  # fmt: skip
            else:
                draft = make_draft(
                    id=visit.id,
                    centre_id=world.centre,
                    visit_date=day,
                    n_male=0,
                    n_female=people,
                    n_child=0,
                )
                edit_visit(
                    session, draft, expected_version=visit.version, actor=world["admin"], now=NOW
                )
    assert first_wrong(session) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_folds_and_a_writer_at_once_lose_nothing(app: Flask, world: World) -> None:
    """On SQLite they take turns anyway."""

    def write_some() -> None:
        with app.app_context():
            for n in range(20):
                with work() as w:
                    write(w.session, world, visit_date=MONTHS[n % 3])

    def fold_some() -> None:
        with app.app_context():
            for _ in range(20):
                with work() as w:
                    fold(w.session)

    threads = [threading.Thread(target=run) for run in (write_some, fold_some, fold_some)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        session = db.session()
        assert session.scalar(select(func.sum(VisitTally.visits))) == 20
        assert first_wrong(session) is None
        db.session.remove()
