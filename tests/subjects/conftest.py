"""A visit that names somebody, and the code they were given."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.subjects.receipts import make_receipt
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import World
from tests.visits.drafts import CONSENTED, NOW, make_draft

NAME, PHONE = "ครูสมศรี ใจดี", "081-234-5678"


@pytest.fixture
def visit_id(app: Flask, world: World) -> UUID:
    """A teacher who agreed to be called and to have pictures published."""
    draft = make_draft(
        world.centre, **CONSENTED, consent_photo=True, suggestion="ชอบแปลงของลุง โทรหาครูสมศรีได้"
    )
    with app.app_context(), work() as w:
        visit, _ = record_visit(w.session, draft, actor=world["volunteer"], now=NOW)
        return visit.id


@pytest.fixture
def give_code(app: Flask, world: World) -> Callable[[UUID], str]:
    """Make a code for a visit, as the volunteer's desk does."""

    def make(visit_id: UUID) -> str:
        with app.app_context(), work() as w:
            visit = w.session.get_one(Visit, visit_id)
            seed = app.config["SETTINGS"].signing_key
            return make_receipt(w.session, visit, actor=world["volunteer"], seed=seed, now=now())

    return make


@pytest.fixture
def person(client: FlaskClient, visit_id: UUID, give_code: Callable[[UUID], str]) -> FlaskClient:
    """The teacher's own browser, with their code open.  No account."""
    answer = client.post("/my-data", data={"code": give_code(visit_id)})
    assert answer.status_code == 303, answer.text
    return client


def visit_now(app: Flask, visit_id: UUID) -> Visit:
    """The visit as it is in the database."""
    with app.app_context():
        visit = db.session().get_one(Visit, visit_id)
        db.session().expunge(visit)
        return visit
