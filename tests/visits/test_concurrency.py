"""Twenty at once: the database, not luck, keeps one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from app.followups.models import Followup
from app.followups.service import record_followup
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.work import work
from app.visits.models import Visit, VisitRevision
from app.visits.service import edit_visit, record_visit
from tests.conftest import World
from tests.followups.drafts import VISITED, make_followup
from tests.visits.drafts import CONSENTED, NOW, make_draft

AT_ONCE = 20


def at_once(app: Flask, act: Callable[[int], object]) -> list[object]:
    """Run `act` in twenty threads that start together; an answer or a refusal's code each."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> object:
        with app.app_context():
            start.wait()
            try:
                with work():
                    return act(number)
            except DomainError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_twenty_posts_of_one_visit_store_one(app: Flask, world: World):
    draft = make_draft(world.centre)
    answers = at_once(
        app, lambda _: record_visit(db.session(), draft, actor=world["volunteer"], now=NOW)[1]
    )
    assert sorted(map(str, answers)) == ["False"] * (AT_ONCE - 1) + ["True"]
    with app.app_context():
        assert db.session.scalar(select(func.count(Visit.id))) == 1
        assert db.session.scalar(select(func.count()).select_from(VisitRevision)) == 1


def test_of_twenty_different_contents_of_one_id_one_is_kept(app: Flask, world: World):
    first = make_draft(world.centre)
    drafts = [make_draft(world.centre, id=first.id, n_male=n + 1) for n in range(AT_ONCE)]
    answers = at_once(
        app, lambda n: record_visit(db.session(), drafts[n], actor=world["volunteer"], now=NOW)[1]
    )
    assert answers.count(True) == 1
    assert answers.count("visit_conflict") == AT_ONCE - 1


def test_of_twenty_corrections_of_one_version_one_is_kept(app: Flask, world: World):
    first = make_draft(world.centre)
    with app.app_context(), work() as w:
        record_visit(w.session, first, actor=world["volunteer"], now=NOW)
    drafts = [make_draft(world.centre, id=first.id, n_male=n + 30) for n in range(AT_ONCE)]

    def correct(number: int) -> int:
        return edit_visit(
            db.session(), drafts[number], expected_version=1, actor=world["officer"], now=NOW
        ).version

    answers = at_once(app, correct)
    assert answers.count(2) == 1
    assert answers.count("stale_version") == AT_ONCE - 1


def test_twenty_posts_of_one_followup_store_one(app: Flask, world: World):
    visit = make_draft(world.centre, **CONSENTED | {"visit_date": VISITED})
    with app.app_context(), work() as w:
        record_visit(w.session, visit, actor=world["volunteer"], now=NOW)
    draft = make_followup(visit.id)
    answers = at_once(
        app, lambda _: record_followup(db.session(), draft, actor=world["officer"], now=NOW)[1]
    )
    assert sorted(map(str, answers)) == ["False"] * (AT_ONCE - 1) + ["True"]
    with app.app_context():
        assert db.session.scalar(select(func.count(Followup.id))) == 1
