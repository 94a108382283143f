"""A province's packet through the queue: one worker and two, 500 photos and 5,000.

    python -m bench.packets_province            500 and 5,000 photos
    python -m bench.packets_province 1000       another size

A real Valkey or Redis, a real database, the product's own workers, started before the clock does.
The clock stops when the packet is issued; reading it back is told apart.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from redis import Redis
from rq import Worker

from app import create_app
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.areas.service import load_areas
from app.packets.frozen.content import from_json
from app.packets.models import Packet, PacketPart
from app.packets.parts import plan_parts
from app.packets.ringing_jobs import BEGIN
from app.shared.db import db
from app.shared.queue import sender
from app.shared.work import work
from bench.packets_made import make
from bench.product import queue, until
from config import Settings
from tools.setup.places import PYTHON, ROOT, VAR

FOLDER = VAR / "bench" / "packets"
SITE = VAR / "bench" / "province"
NOW = datetime.now(UTC)


def main(sizes: list[int]) -> None:
    """Measure each size with one worker and with two, and print a table."""
    make(FOLDER, sizes)
    print("| photos | parts | one worker | two workers | quicker | photos/s of two |")
    print("|---|---|---|---|---|---|")
    took: dict[int, float] = {}
    for photos in sizes:
        listed = json.loads((FOLDER / f"list-{photos}.json").read_text())
        one, parts_one = build(listed, workers=1)
        two, parts_two = build(listed, workers=2)
        took[photos] = one
        parts = len(plan_parts(from_json(listed)))
        print(
            f"| {photos} | {parts} | {one:.1f} s ({parts_one:.1f} parts) "
            f"| {two:.1f} s ({parts_two:.1f} parts) | {one / two:.2f} | {photos / two:.0f} |",
            flush=True,
        )
    least, most = min(sizes), max(sizes)
    if most > least:
        ratio = (took[most] / most) / (took[least] / least)
        print(f"\nA photo of {most} costs {ratio:.2f} x one of {least} (one worker).")


def build(listed: dict[str, object], *, workers: int) -> tuple[float, float]:
    """Seconds from the ring to the issued file, and to the end of the last part."""
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    with queue() as redis_url:
        settings = Settings(
            env="test",
            secret_key="a secret for the bench only, long enough",  # noqa: S106
            signing_key="A" * 43,
            database_url=f"sqlite:///{SITE / 'bench.db'}",
            redis_url=redis_url,
            var_dir=SITE / "var",
        )
        settings.files_dir.parent.mkdir(parents=True, exist_ok=True)
        settings.files_dir.symlink_to(FOLDER / "store")
        app = create_app(settings, send_job=lambda *_a, **_k: None)
        with app.app_context(), Redis.from_url(redis_url) as redis:
            packet_id = _asked(listed)
            with _workers(settings, redis, workers):
                began_s = time.monotonic()
                sender(redis_url)(BEGIN, packet_id=str(packet_id))
                parts_s = _when(lambda: _parts_done(packet_id)) - began_s
                issued_s = _when(lambda: _state(packet_id) != "building") - began_s
            if _state(packet_id) != "ready":
                raise SystemExit(f"not issued: see {SITE / 'worker.log'}")
        shutil.rmtree(FOLDER / "store" / "packets", ignore_errors=True)
    return issued_s, parts_s


def _asked(listed: dict[str, object]) -> UUID:
    db.create_all()
    content = from_json(listed)
    with work() as w:
        load_areas(w.session)
    with work() as w:
        account = AccountDraft("bench", "Bench", "admin", "56", "a long bench password")
        asked_by = add_account(w.session, account, actor_id=None, now=NOW).id
        packet = Packet(
            scope_kind="province", scope_code="56", quarter=content.quarter, edition=1,
            frozen=listed, content_sha256=content.list_sha256, state_since=NOW,
            requested_at=NOW, requested_by=asked_by,
        )  # fmt: skip
        w.session.add(packet)
    return packet.id


@contextmanager
def _workers(settings: Settings, redis: Redis, count: int) -> Iterator[None]:
    env = os.environ | {
        "LAKTHAN_ENV": "test",
        "SECRET_KEY": settings.secret_key,
        "LAKTHAN_SIGNING_KEY": settings.signing_key,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "LAKTHAN_VAR": str(settings.var_dir),
    }
    command = [str(PYTHON), "worker.py", "--queues", "packets"]
    with Path(SITE / "worker.log").open("ab") as log:
        running = [
            subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
            for _ in range(count)
        ]
    try:
        until(lambda: Worker.count(connection=redis) == count, "workers wait")
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(120)


def _when(true: object) -> float:
    until(true, "built")  # type: ignore[arg-type]
    return time.monotonic()


def _state(packet_id: UUID) -> str:
    state = db.session.get_one(Packet, packet_id, populate_existing=True).state
    db.session.remove()
    return "building" if state == "queued" else state


def _parts_done(packet_id: UUID) -> bool:
    states = set(db.session.scalars(db.select(PacketPart.state).filter_by(packet_id=packet_id)))
    issued = _state(packet_id) != "building"
    return issued or states == {"done"}


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [500, 5000])
