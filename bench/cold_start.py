"""How long a phone without a network takes until the visitor book can be written.

    .venv/bin/python -m bench.cold_start [--starts 5]

The browser is started on its storage with the server down.  Measured from the navigation until the
form of a visit is shown and filled, as it is and with the processor slowed down four times.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from app import create_app
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.areas.service import load_areas
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.shared.db import db
from app.shared.work import work
from bench.figures import Figure, keep
from config import Settings
from tests.conftest import PASSWORD
from tests.plugins.browser import _give_playwright_a_node
from tests.plugins.handset import Handset
from tests.plugins.product import Product
from tools.setup.browser import find_browser

NOW = datetime.now(UTC)
READY = ".screen--visit-form:not(.screen--opening) #group_name"
SLOWED = (1, 4)  # a cheap phone of today is about four times slower than a desk


def main() -> None:
    """Sign in, take the server away, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--starts", type=int, default=5)
    starts = asked.parse_args().starts
    _give_playwright_a_node()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        product = Product(_filled(folder), folder)
        product.start("web")
        launch = _launch()
        handset = Handset(playwright.chromium, launch, folder / "phone", product.address)
        handset.switch_on()
        handset.sign_in("volunteer")
        handset.switch_off()
        product.stop()
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {starts} starts each")
        figures: list[Figure] = []
        for rate in SLOWED:
            times_ms = [_start(handset, rate) for _ in range(starts)]
            figures += [
                Figure(f"cold start offline, processor / {rate}, median",
                       statistics.median(times_ms), "ms", "low", 1_000 if rate == 1 else None),
                Figure("the same, worst", max(times_ms), "ms", "low"),
            ]  # fmt: skip
        keep("cold_start", figures)


def _start(handset: Handset, rate: int) -> float:
    page = handset.switch_on()
    handset.devtools().send("Emulation.setCPUThrottlingRate", {"rate": rate})
    started = time.perf_counter()
    page.goto(f"{handset.address}/phone/visits/new", wait_until="commit")
    page.wait_for_selector(READY)
    took_ms = (time.perf_counter() - started) * 1000
    handset.switch_off()
    return took_ms


def _launch() -> dict[str, object]:
    found = find_browser()
    if found is None:
        raise SystemExit("no Chromium here: run `make browser`")
    args = ["--no-sandbox"] if os.getuid() == 0 else []
    return {
        "executable_path": str(found.executable),
        "args": args,
        "env": {**os.environ, **found.env},
    }


def _filled(folder: Path) -> Settings:
    """One centre and its volunteer, in a folder that is thrown away."""
    settings = Settings(
        env="test",
        secret_key="a secret for the bench only, long enough",  # noqa: S106
        signing_key="A" * 43,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        redis_url=f"unix://{folder / 'none.sock'}",
        var_dir=folder / "var",
    )
    app = create_app(settings, send_job=lambda *_a, **_k: None)
    with app.app_context():
        db.create_all()
        with work() as w:
            load_areas(w.session)
        with work() as w:
            draft = CentreDraft("5606-001", "ศูนย์เรียนรู้", "HLM3", "560601", 19.15, 100.27)
            centre_id = add_centre(w.session, draft, actor=None, now=NOW).id
            person = AccountDraft(
                "volunteer", "Volunteer", "volunteer", "560601", PASSWORD, centre_id=centre_id
            )
            add_account(w.session, person, actor_id=None, now=NOW)
    return settings


if __name__ == "__main__":
    main()
