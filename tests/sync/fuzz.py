"""Fuzz the API as it runs: a real gunicorn, the contract it serves, Schemathesis with every check.

    make test-fuzz                                     20,000 cases, some ten minutes
    .venv/bin/python -m tests.sync.fuzz --examples 50  fewer

DATABASE_URL names an empty database to use; otherwise SQLite in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from app import create_app
from app.accounts.models import Account
from app.areas.service import load_areas
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.shared.db import db
from app.shared.work import work
from config import ROOT, Settings
from tests.plugins.product import Product

CONFIG = ROOT / "tests" / "sync" / "schemathesis.toml"
CASES = 20_000
NAME, PASSWORD = "fuzz.officer", "a long password for fuzzing"


@dataclass(frozen=True)
class Outcome:
    """What a run found.  `statuses` counts every answer."""

    passed: bool
    cases: int
    statuses: Counter[int]
    report: str

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


def fuzz(folder: Path, *, examples: int, seed: int) -> Outcome:
    """Run the server and Schemathesis against it; `examples` for each operation.

    One worker: two threads of Hypothesis stumble over a fault of Python 3.11's `ast.parse`.
    """
    with _server(folder) as environ:
        command = [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run",
            environ["LAKTHAN_FUZZ_URL"] + "/api/v1/openapi.json",
            "--max-examples", str(examples), "--seed", str(seed),
            "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color",
            "--suppress-health-check", "all", "--generation-database", "none",
            "--report", "ndjson", "--report-ndjson-path", str(folder / "events.ndjson"),
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=folder, env=os.environ | environ, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    statuses = _statuses(folder / "events.ndjson")
    return Outcome(done.returncode == 0, statuses.total(), statuses, done.stdout + done.stderr)


@contextmanager
def _server(folder: Path) -> Iterator[dict[str, str]]:
    settings = Settings(
        env="test",
        secret_key="a secret for fuzzing only, long enough",
        signing_key="A" * 43,
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'fuzz.db'}",
        redis_url=f"unix://{folder / 'none.sock'}",
        var_dir=folder / "var",
    )
    centre_id = _fill(settings)
    product = Product(settings, folder, environ={"LAKTHAN_ENV": "demo"})
    product.start("web")
    try:
        yield {
            "LAKTHAN_FUZZ_URL": product.address,
            "LAKTHAN_FUZZ_CENTRE": centre_id,
            "SCHEMATHESIS_HOOKS": "tests.sync.fuzz_hooks",
            "PYTHONPATH": str(ROOT),
        }
    finally:
        product.stop()


def _fill(settings: Settings) -> str:
    app, now = create_app(settings), datetime.now(UTC)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.app_context():
        db.create_all()
        with work() as w:
            load_areas(w.session)
        with work() as w:
            draft = CentreDraft("5606-001", "ศูนย์เรียนรู้บ้านควร", "HLM3", "560601", 19.15, 100.27)
            centre = add_centre(w.session, draft, actor=None, now=now)
            w.session.add(
                Account(
                    username=NAME, name="Fuzz", role="officer", area_code="5606",
                    password_hash=hasher.hash(PASSWORD), is_demo=True, created_at=now,
                )
            )  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return str(centre.id)


def _statuses(events: Path) -> Counter[int]:
    found: Counter[int] = Counter()
    for line in events.read_text("utf-8").splitlines():
        scenario = json.loads(line).get("ScenarioFinished", {})
        for interaction in scenario.get("recorder", {}).get("interactions", {}).values():
            response = interaction.get("response")
            found[response["status_code"] if response else 0] += 1
    return found


def main() -> int:
    """Run and tell."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--examples", type=int, default=1_750, help="for each operation")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = fuzz(Path(folder), examples=options.examples, seed=options.seed)
    sys.stdout.write(outcome.report)
    counts = ", ".join(f"{status}: {n}" for status, n in sorted(outcome.statuses.items()))
    sys.stdout.write(
        f"{outcome.cases} cases; answers {counts}; {outcome.server_errors} server errors\n"
    )
    return 0 if outcome.passed and not outcome.server_errors else 1


if __name__ == "__main__":
    sys.exit(main())
