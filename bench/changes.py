"""How long `GET /api/v1/changes` takes for an officer with 40 centres and 500 visits due.

    .venv/bin/python bench/changes.py [--rounds 50] [--visits 8000]

Everything in a folder of its own that is thrown away; DATABASE_URL picks another database, which
must be empty.  The bar: less than 100 ms for the whole area, over the test client.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402
from app.accounts.rules import AccountDraft, Actor  # noqa: E402
from app.accounts.service import actor_of, add_account  # noqa: E402
from app.areas.service import load_areas  # noqa: E402
from app.centres.rules import CentreDraft  # noqa: E402
from app.centres.service import add_centre  # noqa: E402
from app.shared.clock import bangkok_day  # noqa: E402
from app.shared.db import db  # noqa: E402
from app.shared.work import work  # noqa: E402
from app.visits.service import record_visit  # noqa: E402
from config import Settings  # noqa: E402
from tests.sync.phone_client import Phone  # noqa: E402
from tests.visits.drafts import CONSENTED, make_draft  # noqa: E402

PASSWORD = "a long bench password"  # noqa: S105
NOW = datetime.now(UTC)
DUE = 500


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rounds", type=int, default=50)
    asked.add_argument("--visits", type=int, default=8_000)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_settings(Path(folder)), send_job=lambda *_a, **_k: None)
        with app.app_context():
            db.create_all()
            _fill(options.visits)
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol("officer", PASSWORD)
        whole = _measure(phone, options.rounds, whole=True)
        nothing = _measure(phone, options.rounds, whole=False)
        sizes = {name: len(section) for name, section in phone.held.items()}
        print(f"40 centres, {options.visits} visits, {sizes['due']} due, {options.rounds} rounds")
        print(f"whole area   {whole}")
        print(f"nothing new  {nothing}")


def _measure(phone: Phone, rounds: int, *, whole: bool) -> str:
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
    return f"median {statistics.median(times_ms):6.1f} ms, p95 {p95:6.1f} ms"


def _fill(visits: int) -> None:
    with work() as w:
        load_areas(w.session)
    with work() as w:
        places = [
            add_centre(w.session, _centre(n), actor=None, now=NOW).id for n in range(40)
        ]  # fmt: skip
        draft = AccountDraft("officer", "Officer", "officer", "5606", PASSWORD)
        officer = actor_of(add_account(w.session, draft, actor_id=None, now=NOW))
    for first in range(0, visits, 500):
        with work() as w:
            for n in range(first, min(first + 500, visits)):
                _visit(w.session, places[n % 40], n, officer)


def _centre(n: int) -> CentreDraft:
    return CentreDraft(f"5606-{n + 1:03}", f"ศูนย์เรียนรู้ {n + 1}", "HLM3", "560601", 19.15, 100.27)


def _visit(session: object, centre_id: object, n: int, officer: Actor) -> None:
    due = n < DUE
    day = bangkok_day(NOW) - timedelta(days=10 + n % 20 if due else 400 + n % 300)
    facts = CONSENTED if due else {}
    draft = make_draft(centre_id, visit_date=day, **facts)
    received = NOW if n % 20 == 0 else NOW - timedelta(days=120)
    record_visit(session, draft, actor=officer, now=received)


def _settings(folder: Path) -> Settings:
    return Settings(
        env="test",
        secret_key="a secret for the bench only, long enough",  # noqa: S106
        signing_key="A" * 43,
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'bench.db'}",
        redis_url=f"unix://{folder / 'none.sock'}",
        var_dir=folder / "var",
    )


if __name__ == "__main__":
    main()
