"""How long `GET /api/v1/changes` takes for an officer with 30 centres and 500 visits due.

    python -m bench.changes [--rounds 50] [--visits 8000]

On a PostgreSQL of its own; DATABASE_URL picks another database, which must be empty.  Over the test
client; the bars are 300 ms and 150 kB (as sent, gzip) for the whole area, 50 ms for nothing new.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import create_app
from app.accounts.rules import AccountDraft, Actor
from app.accounts.service import actor_of, add_account
from app.areas.service import load_areas
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.shared.clock import bangkok_day
from app.shared.db import db
from app.shared.work import work
from app.visits.service import record_visit
from bench.figures import Figure, keep
from bench.product import postgresql
from config import Settings
from tests.sync.phone_client import Phone
from tests.visits.drafts import CONSENTED, make_draft

PASSWORD = "a long bench password"  # noqa: S105
NOW = datetime.now(UTC)
DUE = 500
CENTRES = 30


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rounds", type=int, default=50)
    asked.add_argument("--visits", type=int, default=8_000)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database() as url:
        app = create_app(_settings(Path(folder), url), send_job=lambda *_a, **_k: None)
        with app.app_context():
            db.create_all()
            _fill(options.visits)
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol("officer", PASSWORD)
        whole = _measure(phone, options.rounds, whole=True)
        nothing = _measure(phone, options.rounds, whole=False)
        sizes = {name: len(section) for name, section in phone.held.items()}
        print(
            f"{CENTRES} centres, {options.visits} visits, {sizes['due']} due,"
            f" {options.rounds} rounds"
        )
        keep("changes", [
            Figure("first pull of a district phone, median", whole[0], "ms", "low", 300),
            Figure("the same, 95 of 100", whole[1], "ms", "low"),
            Figure("its size as sent", _sent_kb(phone), "kB", "low", 150),
            Figure("a later pull with nothing new, median", nothing[0], "ms", "low", 50),
            Figure("the same, 95 of 100", nothing[1], "ms", "low"),
        ])  # fmt: skip


@contextmanager
def _database() -> Iterator[str]:
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with postgresql() as url:
        yield url


def _sent_kb(phone: Phone) -> float:
    answer = phone.send("GET", "/changes", headers={"Accept-Encoding": "gzip"})
    return len(answer.data) / 1000


def _measure(phone: Phone, rounds: int, *, whole: bool) -> tuple[float, float]:
    """Median and 95th percentile in ms."""
    phone.pull()
    times_ms = []
    for _ in range(rounds):
        if whole:
            phone.cursor = None
        started = time.perf_counter()
        phone.pull()
        times_ms.append((time.perf_counter() - started) * 1000)
    times_ms.sort()
    p95 = times_ms[int(len(times_ms) * 0.95) - 1]
    return statistics.median(times_ms), p95


def _fill(visits: int) -> None:
    with work() as w:
        load_areas(w.session)
    with work() as w:
        places = [
            add_centre(w.session, _centre(n), actor=None, now=NOW).id for n in range(CENTRES)
        ]  # fmt: skip
        draft = AccountDraft("officer", "Officer", "officer", "5606", PASSWORD, is_demo=True)
        officer = actor_of(add_account(w.session, draft, actor_id=None, now=NOW))
    for first in range(0, visits, 500):
        with work() as w:
            for n in range(first, min(first + 500, visits)):
                _visit(w.session, places[n % CENTRES], n, officer)


def _centre(n: int) -> CentreDraft:
    return CentreDraft(f"5606-{n + 1:03}", f"ศูนย์เรียนรู้ {n + 1}", "HLM3", "560601", 19.15, 100.27)


def _visit(session: object, centre_id: object, n: int, officer: Actor) -> None:
    due = n < DUE
    day = bangkok_day(NOW) - timedelta(days=10 + n % 20 if due else 400 + n % 300)
    facts = CONSENTED if due else {}
    draft = make_draft(centre_id, visit_date=day, **facts)
    received = NOW if n % 20 == 0 else NOW - timedelta(days=120)
    record_visit(session, draft, actor=officer, now=received)


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        env="test",
        secret_key="a secret for the bench only, long enough",  # noqa: S106
        signing_key="A" * 43,
        database_url=url,
        redis_url=f"unix://{folder / 'none.sock'}",
        var_dir=folder / "var",
    )


if __name__ == "__main__":
    main()
