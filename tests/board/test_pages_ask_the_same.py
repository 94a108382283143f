"""However much there is: a page asks the database as often as before.

The pages are found in the application itself, so a new one is held to it as well.
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.shared.db import db
from app.shared.work import work
from bench import millions, millions_mass
from bench.millions_rows import FOLLOWUPS, PHOTOS, VISITS
from tests.conftest import PASSWORD, World
from tests.sync.statements import statements_of

FEW, MANY = 90, 240  # some in every quarter; more than any page shows
# Not read by a list, or filled by hand in the bench: their keys repeat with so few rows.
UNFILLED = (
    "account", "programme_version", "held_item", "retention_run", "photo_pair", "packet_person",
    "carried_contact",
)  # fmt: skip


def _fill(first: int, last: int) -> None:
    with work() as w:
        w.session.execute(text(VISITS), {"first": first - 1, "last": last})
        w.session.execute(text(FOLLOWUPS.replace("% 10", "% 2")))
        w.session.execute(text(PHOTOS.replace("% 5", "% 2")))
    for name in millions_mass.MASS:
        if name not in UNFILLED:
            with work() as w:
                w.session.execute(text("DROP TABLE IF EXISTS bench_some_visit, bench_some_photo"))
                millions_mass.fill(w.session, name, last, first)


def _asked(app: Flask, client: FlaskClient) -> dict[str, int]:
    found: dict[str, int] = {}
    for page in millions._pages(app):
        with statements_of(app) as said:
            answer = client.get(page)
            answer.get_data()
        if answer.status_code == 200:
            found[page] = len(said)
    return found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("who", ["reviewer", "officer", "admin"])
def test_no_page_asks_more_often_the_more_there_is(
    app: Flask, world: World, client: FlaskClient, who: str
) -> None:
    client.post("/sign-in", data={"login": who, "password": PASSWORD})
    with app.app_context():
        db.session.remove()
        _fill(1, FEW)
    _asked(app, client)
    few = _asked(app, client)
    with app.app_context():
        _fill(FEW + 1, MANY)
    many = _asked(app, client)
    assert len(few) > 20
    assert {page: n for page, n in many.items() if n > few.get(page, 0)} == {}
