"""How long the pages people wait for take with five million visits in the book, on PostgreSQL.

    python -m bench.millions [--visits 5000000] [--rounds 15] [--database URL]

Nine districts of 60 centres over four fiscal years; for every ten visits one follow-up and for
every twenty one photo.  Pages are asked for through the test client, as the people who use them;
the bar is 200 ms at the median.  With `--database` the filled database is kept, and used again by
the next run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.areas.models import Area
from app.areas.service import load_areas
from app.centres.models import Centre
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.followups.models import Followup
from app.photos.models import Photo
from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from app.visits.tallies import VisitTally, rebuild
from bench.figures import Figure, keep
from bench.lookup_places import own_postgresql, product_on
from bench.millions_rows import FOLLOWUPS, PHOTOS, VISITS

PASSWORD = "a long bench password"  # noqa: S105
NOW = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)
CENTRES = 60  # of each district
AT_ONCE = 250_000  # rows of one statement
PAGES = {
    "reviewer": (
        "/", "/board?quarter=2567Q1", "/board/5606?quarter=2567Q1",
        "/map/centres.geojson?quarter=2567Q1", "/review", "/assessments?year=2567", "/visits",
        "/visits?quarter=2567Q1", "/visits?kind=study", "/visits?district=5606",
        "/visits?q=ต้นกล้า", "/visits?q=ไม่มีใครเขียน", "/followups", "/photos", "/centres",
    ),
    "officer": (
        "/", "/board/5606?quarter=2567Q1", "/submissions", "/visits", "/visits?quarter=2567Q1",
        "/followups", "/photos", "/centres",
    ),
    "volunteer": ("/?online=1", "/visits", "/followups", "/photos"),
}  # fmt: skip


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--visits", type=int, default=5_000_000)
    asked.add_argument("--rounds", type=int, default=15)
    asked.add_argument("--database", default="")
    options = asked.parse_args()
    with _database(options.database) as url, product_on(url) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            _fill(options.visits)
        _measure(app, options.rounds)


@contextmanager
def _database(url: str) -> Iterator[str]:
    if url:
        yield url
    else:
        with own_postgresql() as own:
            yield own


def _fill(visits: int) -> None:
    db.create_all()
    with work() as w:
        if not w.session.scalar(select(func.count(Centre.id))):
            _people(w.session)
    started = time.perf_counter()
    if _is_empty(Visit):
        for first in range(0, visits, AT_ONCE):
            with work() as w:
                w.session.execute(text("ALTER TABLE visit DISABLE TRIGGER USER"))
                values = {"first": first, "last": min(first + AT_ONCE, visits)}
                w.session.execute(text(VISITS), values)
                w.session.execute(text("ALTER TABLE visit ENABLE TRIGGER USER"))
    for model, statement in ((Followup, FOLLOWUPS), (Photo, PHOTOS)):
        if _is_empty(model):
            with work() as w:
                w.session.execute(text(statement))
    counted = time.perf_counter()
    if _is_empty(VisitTally):
        with work() as w:
            rebuild(w.session)
        done = time.perf_counter()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        print(f"filled in {counted - started:.0f} s; tallies counted in {done - counted:.1f} s")
    for model in (Centre, Visit, Followup, Photo):
        print(f"  {db.session().scalar(select(func.count(model.id)))} {model.__tablename__}s")
    db.session.remove()


def _is_empty(model: Any) -> bool:
    empty = db.session().scalar(select(model.id).limit(1)) is None
    db.session.remove()
    return empty


def _people(session: Session) -> None:
    load_areas(session)
    first = select(func.min(Area.code)).where(func.length(Area.code) == 6)
    district = func.substr(Area.code, 1, 4)
    subdistricts = session.scalars(first.group_by(district).order_by(district)).all()
    for code in subdistricts:
        for number in range(1, CENTRES + 1):
            draft = CentreDraft(
                f"{code[:4]}-{number:03}", f"ศูนย์เรียนรู้ {number}", "HLM3", code,
                19.0 + number / 1_000, 100.0 + number / 1_000,
            )  # fmt: skip
            centre = add_centre(session, draft, actor=None, now=NOW)
    for role, area, own in (
        ("volunteer", centre.subdistrict_code, centre.id),
        ("officer", "5606", None),
        ("reviewer", "56", None),
    ):
        account = AccountDraft(
            role, f"Bench {role}", role, area, PASSWORD, centre_id=own, is_demo=True
        )  # type: ignore[arg-type]
        add_account(session, account, actor_id=None, now=NOW)


def _measure(app: Flask, rounds: int) -> None:
    figures: list[Figure] = []
    for who, pages in PAGES.items():
        client = app.test_client()
        client.post("/sign-in", data={"login": who, "password": PASSWORD})
        for page in pages:
            spent = sorted(_spent_ms(client, page) for _ in range(rounds))
            p95 = spent[max(0, int(len(spent) * 0.95) - 1)]
            figures += [
                Figure(f"{who} {page}, median", statistics.median(spent), "ms", "low", 200),
                Figure("the same, 95 of 100", p95, "ms", "low", 500),
            ]
    keep("millions", figures)


def _spent_ms(client: FlaskClient, page: str) -> float:
    started = time.perf_counter()
    answer = client.get(page)
    answer.get_data()
    if answer.status_code != 200:
        raise SystemExit(f"{page}: {answer.status}")
    return (time.perf_counter() - started) * 1_000


if __name__ == "__main__":
    main()
