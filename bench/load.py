"""The eve of a deadline: 300 officers in an hour, on the machine it runs on.

    python -m bench.load [--officers 300] [--minutes 6]

Everything at its real pace (bench/load_users.py says who does what), so six minutes are a tenth of
that hour; PostgreSQL that waits for the disk, two web processes, two workers, all on this machine,
and the load too.  The bar: no error, 95 of 100 posts of records answered within a second.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.areas.models import Area
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import work
from bench.figures import Figure, keep
from bench.line import PASSWORD, product_here
from bench.photos_contest import install_python
from bench.product import Product, running
from tests.sync.phone_client import Phone
from tools.setup.console import Steps
from tools.setup.places import PYTHON, ROOT, VAR

BAR_MS = 1_000
LOCUST = VAR / "bench" / "locust"
CENTRES = 6  # of each district
PICTURES = 6


def main() -> None:
    """Make people, let them loose, print what they met."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--officers", type=int, default=300)
    asked.add_argument("--minutes", type=float, default=6)
    options = asked.parse_args()
    install_python(Steps(1), LOCUST, ROOT / "bench" / "requirements-load.txt")
    with running(workers=2) as product, tempfile.TemporaryDirectory(dir=VAR) as name:
        folder = Path(name)
        app = product_here(product)
        (folder / "people.json").write_text(json.dumps(_people(app, options.officers)))
        _pictures(folder)
        print(f"load of the machine before: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores")
        _let_loose(product, folder, options.officers, options.minutes)
        _report(folder, options.minutes)
        _print_photos(app)


def _people(app: Flask, officers: int) -> list[dict[str, object]]:
    with app.app_context():
        centres = _centres()
        districts = sorted(centres)
        for number in range(officers):
            with work() as w:
                draft = AccountDraft(
                    f"eve{number}", f"Officer {number}", "officer",
                    districts[number % len(districts)], PASSWORD, is_demo=True,
                )  # fmt: skip
                add_account(w.session, draft, actor_id=None, now=now())
        db.session.remove()
    people = []
    for number in range(officers):
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol(f"eve{number}", PASSWORD)
        people.append({
            "login": f"eve{number}", "password": PASSWORD, "token": phone.token,
            "centres": centres[districts[number % len(districts)]],
            "district": districts[number % len(districts)],
            "programme": load_programme().name, "today": bangkok_day(now()).isoformat(),
        })  # fmt: skip
    return people


def _centres() -> dict[str, list[str]]:
    """Some in every district: code of the district -> ids."""
    found: dict[str, list[str]] = {}
    first = select(func.min(Area.code)).where(func.length(Area.code) == 6)
    codes = db.session.scalars(first.group_by(func.substr(Area.code, 1, 4))).all()
    with work() as w:
        for code in codes:
            for number in range(1, CENTRES + 1):
                draft = CentreDraft(
                    f"{code[:4]}-{number:03}", f"ศูนย์เรียนรู้ {number}", "HLM3", code, 19.15, 100.27
                )
                centre = add_centre(w.session, draft, actor=None, now=now())
                found.setdefault(code[:4], []).append(str(centre.id))
    return found


def _pictures(folder: Path) -> None:
    """Photographs of 12 MP and some 3 MB: smooth land with the grain of a small sensor."""
    for number in range(PICTURES):
        noise = Image.effect_noise((4000, 3000), 24 + number).convert("RGB")
        land = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
        Image.blend(land, noise, 0.35).save(folder / f"{number}.jpg", quality=82)


def _let_loose(product: Product, folder: Path, officers: int, minutes: float) -> None:
    words = [
        str(PYTHON), "-m", "locust", "-f", str(ROOT / "bench" / "load_users.py"), "--headless",
        "--host", product.address, "-u", str(officers), "-r", "3", "--stop-timeout", "60",
        "-t", f"{round(minutes * 60)}s", "--csv", str(folder / "load"), "--only-summary",
    ]  # fmt: skip
    environ = os.environ | {"LAKTHAN_LOAD": str(folder), "PYTHONPATH": str(LOCUST)}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-3_000:])


def _report(folder: Path, minutes: float) -> None:
    print("| request | how many | a second | errors | median ms | 95 % ms | 99 % ms | largest |")
    print("|---|---|---|---|---|---|---|---|")
    with (folder / "load_stats.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        print(
            f"| {row['Name']} | {row['Request Count']} "
            f"| {int(row['Request Count']) / minutes / 60:.1f} | {row['Failure Count']} "
            f"| {row['50%']} | {row['95%']} | {row['99%']} "
            f"| {float(row['Max Response Time']):.0f} |"
        )
    posts = next(row for row in rows if row["Name"] == "POST records")
    keep("load", [
        Figure("eve of a deadline: errors", int(rows[-1]["Failure Count"]), "", "low", 0),
        Figure("posts of records, 95 of 100", float(posts["95%"]), "ms", "low", BAR_MS),
        Figure("all requests, 95 of 100", float(rows[-1]["95%"]), "ms", "low"),
    ])  # fmt: skip


def _print_photos(app: Flask) -> None:
    with app.app_context():
        states = db.session.execute(select(Photo.state, func.count()).group_by(Photo.state)).all()
        db.session.remove()
    print("photos when the hour ended: " + ", ".join(f"{n} {state}" for state, n in states))


if __name__ == "__main__":
    main()
