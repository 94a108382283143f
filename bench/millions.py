"""How long the pages people wait for take with five million visits in the book, on PostgreSQL.

    python -m bench.millions [--visits 5000000] [--provinces 76] [--rounds 15]
        [--database URL]

Nine districts of 60 centres over four years; for every ten visits one follow-up, for every five one
photo, and a mass of everything else (`millions_mass`), spread over a nation: 75 more provinces,
which are copies of the first in all but their codes.  With `--provinces 1` all of it is what one
office asks about, 76 times what it will hold.  Every page without a value in its address is asked
for through the test client, as the people who use them (no tables to take away: those stream for as
long as there are rows); the bars are 200 ms at the median and 500 ms for 95 of 100.  With
`--database` the filled database is kept, and used again by the next run.
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
from app.shared.clock import Quarter, bangkok_day
from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from app.visits.tallies import VisitTally, rebuild
from bench import millions_mass
from bench.figures import Figure, keep
from bench.lookup_places import own_postgresql, product_on
from bench.millions_rows import FOLLOWUPS, PHOTOS, VISITS
from tests.sync.statements import statements_of

TABLES = (".csv", ".xlsx", ".ics")
PASSWORD = "a long bench password"  # noqa: S105
NOW = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)
PROVINCE = "56"
NATION = 76  # provinces beside Bangkok
CENTRES = 60  # of each district
AT_ONCE = 250_000  # rows of one statement
WHOLE = 5_000_000  # visits that the mass beside them is meant for
PEOPLE = ("reviewer", "officer", "admin", "volunteer")
# Beside every address without a value in it: those that hold one, and what people look for.
ASKED = (
    "/board/5606?quarter={quarter}", "/board?quarter={quarter}", "/visits?quarter={quarter}",
    "/visits?kind=study", "/visits?district=5606", "/visits?q=ต้นกล้า", "/visits?q=ไม่มีใครเขียน",
    "/followups/done?quarter={quarter}", "/photos?quarter={quarter}", "/review?state=accepted",
    "/activities?q=ไม่มี", "/plans/5606/{year}", "/plans/5606/{year}/results",
    "/assessments?year={year}",
)  # fmt: skip
# No page of records: what a machine asks, what stands beside an account, forms for one thing.
LEFT_OUT = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/manifest.webmanifest",
    "/sw.js",
    "/robots.txt",
    "/styleguide",
    "/.well-known",
    "/sign-in",
    "/account/",
    "/invitation",
    "/my-data",
    "/phone",
    "/api",
    "/reminders/push",
    "/photos/states",
    "/programme",
    "/static",
    "/devices/rescue",
    "/held",
    "/retention/due",  # counts what one night will end; here that were years of it
)


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--visits", type=int, default=5_000_000)
    asked.add_argument("--provinces", type=int, default=NATION)
    asked.add_argument("--rounds", type=int, default=15)
    asked.add_argument("--database", default="")
    options = asked.parse_args()
    with _database(options.database) as url, product_on(url) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            _fill(options.visits, options.provinces)
        _measure(app, options.rounds, options.provinces)


@contextmanager
def _database(url: str) -> Iterator[str]:
    if url:
        yield url
    else:
        with own_postgresql() as own:
            yield own


def _fill(visits: int, provinces: int) -> None:
    db.create_all()
    with work() as w:
        if not w.session.scalar(select(func.count(Centre.id))):
            _people(w.session)
            for code in _other_codes(provinces - 1):
                millions_mass.copy_province(w.session, PROVINCE, code)
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
        print(f"filled in {counted - started:.0f} s; tallies counted in {done - counted:.1f} s")
    for name, (rows, _values) in millions_mass.MASS.items():
        with work() as w:
            if not millions_mass.is_filled(w.session, name):
                millions_mass.fill(w.session, name, max(100, rows * visits // WHOLE))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    for model in (Centre, Visit, Followup, Photo):
        print(f"  {db.session().scalar(select(func.count(model.id)))} {model.__tablename__}s")
    db.session.remove()


def _other_codes(number: int) -> list[str]:
    """Codes of two digits that are not the one province's."""
    return [str(code) for code in range(10, 100) if str(code) != PROVINCE][:number]


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
        ("officer", f"{PROVINCE}06", None),
        ("reviewer", PROVINCE, None),
        ("admin", PROVINCE, None),
    ):
        account = AccountDraft(
            role, f"Bench {role}", role, area, PASSWORD, centre_id=own, is_demo=True
        )  # type: ignore[arg-type]
        add_account(session, account, actor_id=None, now=NOW)


def _pages(app: Flask) -> list[str]:
    """Every page that a browser may open without naming a record: a new one is among them."""
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    }
    now = Quarter.of_day(bangkok_day(datetime.now(UTC)))
    asked = [page.format(quarter=now, year=now.fiscal_year) for page in ASKED]
    plain = (page for page in found if not page.startswith(LEFT_OUT) and "/new" not in page)
    return [*sorted(page for page in plain if not page.endswith(TABLES)), *asked]


def _measure(app: Flask, rounds: int, provinces: int) -> None:
    figures: list[Figure] = []
    for who in PEOPLE:
        client = app.test_client()
        client.post("/sign-in", data={"login": who, "password": PASSWORD})
        for page in _pages(app):
            with statements_of(app) as said:
                status, _ms = _opened(client, page)
            if status in (403, 404):
                continue  # not for them
            spent = sorted(_opened(client, page)[1] for _ in range(rounds))
            p95 = spent[max(0, int(len(spent) * 0.95) - 1)]
            print(f"{who} {page} {statistics.median(spent):.0f} {p95:.0f} {len(said)}", flush=True)
            what = f"{who} {page}, median ({len(said)} statements)"
            figures += [
                Figure(what, statistics.median(spent), "ms", "low", 200),
                Figure("the same, 95 of 100", p95, "ms", "low", 500),
            ]
    keep("millions" if provinces > 1 else "millions_one_province", figures)


def _opened(client: FlaskClient, page: str) -> tuple[int, float]:
    """The status, and how long until the page is there."""
    started = time.perf_counter()
    answer = client.get(page)
    spent_ms = (time.perf_counter() - started) * 1_000
    if answer.status_code not in (200, 302, 403, 404):
        raise SystemExit(f"{page}: {answer.status}")
    return answer.status_code, spent_ms


if __name__ == "__main__":
    main()
