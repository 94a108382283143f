"""Photos through the queue: two fenced workers against two bare processes, in turns.

A real Valkey or Redis as the product starts it, a real database, the product's own worker.  Both
sides start before the clock does.  The workers also claim, write facts, fingerprints and rendition
rows, commit each photo and tell Redis; the bare processes only read, render and store.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from rq import Worker
from sqlalchemy import Engine, create_engine, text

from app import create_app
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.areas.service import load_areas
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.photos import service
from app.photos.rules import PhotoDraft, Subject
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.queue import sender
from app.shared.record import Capture
from app.shared.work import work
from bench.product import postgresql, queue, until
from config import Settings
from tools.setup.places import PYTHON, ROOT

PROCESSES = 2
NOW = datetime.now(UTC)
PROCESS = "app.photos.jobs.process"
_LEFT = {
    "processed": "SELECT count(*) FROM photo WHERE state <> 'processed'",
    "examined": "SELECT count(*) FROM photo WHERE state <> 'processed' OR examined_at IS NULL",
}


@dataclass(slots=True)
class Speeds:
    """Photos a second and processor milliseconds per photo, one of each per round."""

    per_s: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def add(self, photos: int, wall_s: float, cpu_s: float) -> None:
        """Note one round."""
        self.per_s.append(photos / wall_s)
        self.cpu_ms.append(cpu_s / photos * 1000)

    @property
    def median_per_s(self) -> float:
        """Photos a second."""
        return statistics.median(self.per_s)

    @property
    def median_cpu_ms(self) -> float:
        """Processor milliseconds per photo."""
        return statistics.median(self.cpu_ms)


def measure(folder: Path, pictures: Sequence[Path], rounds: int, kind: str) -> dict[str, Speeds]:
    """Bare, queued, and queued with examination, in turns, on `kind` (sqlite, postgresql)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = {name: Speeds() for name in ("bare", "queued", "examined")}
    with ExitStack() as stack:
        site = Site(folder, stack.enter_context(_database(folder, kind)), stack)
        site.receive(pictures)
        for _ in range(rounds):
            found["bare"].add(len(pictures), *site.bare())
            found["queued"].add(len(pictures), *site.queued(examine=False))
            found["examined"].add(len(pictures), *site.queued(examine=True))
    return found


class Site:
    """One installation with photos that wait."""

    def __init__(self, folder: Path, database_url: str, stack: ExitStack) -> None:
        self.folder = folder
        self.redis_url = stack.enter_context(queue())
        self.settings = Settings(
            env="test",
            secret_key="a secret for the bench only, long enough",  # noqa: S106
            signing_key="A" * 43,
            database_url=database_url,
            redis_url=self.redis_url,
            var_dir=folder / "var",
        )
        self.app = create_app(self.settings, send_job=lambda *_a, **_k: None)
        self.engine: Engine = create_engine(database_url)
        stack.callback(self.engine.dispose)
        self.ids: list[str] = []
        self.digests: list[str] = []

    def receive(self, pictures: Sequence[Path]) -> None:
        """Fill the database with one centre and its photos, as an upload leaves them."""
        files = self.app.extensions["files"]
        with self.app.app_context():
            db.create_all()
            with work() as w:
                load_areas(w.session)
            with work() as w:
                draft = CentreDraft("5606-001", "ศูนย์เรียนรู้", "HLM3", "560601", 19.15, 100.27)
                centre = add_centre(w.session, draft, actor=None, now=NOW).id
                account = AccountDraft("bench", "Bench", "officer", "5606", None)
                recorder = add_account(w.session, account, actor_id=None, now=NOW).id
            for picture in pictures:
                with work() as w:
                    data = io.BytesIO(picture.read_bytes())
                    original = service.keep_original(files, data, max_bytes=60_000_000)
                    photo, _ = service.receive_photo(
                        w.session,
                        original,
                        PhotoDraft(new_id(), Subject("centre", centre, centre), Capture(NOW)),
                        recorder_id=recorder,
                        now=NOW,
                    )
                    self.ids.append(str(photo.id))
                    self.digests.append(photo.original_sha256)
            db.session.remove()
            db.engine.dispose()

    def bare(self) -> tuple[float, float]:
        """Wall and processor seconds of two bare processes over all photos."""
        self._forget_outcomes()
        command = [str(PYTHON), "-m", "bench.photos_bare", str(self.settings.var_dir)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        running = [
            subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(PROCESSES)
        ]
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        began_s = time.monotonic()
        for number, process in enumerate(running):
            assert process.stdin is not None
            process.stdin.write(json.dumps(self.digests[number::PROCESSES]) + "\n")
            process.stdin.flush()
        told = [json.loads(process.communicate()[0]) for process in running]
        return max(time.monotonic() - began_s, 1e-9), sum(each["cpu_s"] for each in told)

    def queued(self, *, examine: bool) -> tuple[float, float]:
        """Wall and processor seconds of two workers over all photos."""
        self._forget_outcomes()
        with Redis.from_url(self.redis_url) as redis:
            redis.flushall()
            with self._workers(redis, examine=examine) as workers:
                started_cpu_s = sum(_cpu_s(worker.pid) for worker in workers)
                began_s = time.monotonic()
                send = sender(self.redis_url)
                for photo_id in self.ids:
                    send(PROCESS, photo_id=photo_id)
                left = _LEFT["examined" if examine else "processed"]
                until(lambda: not self._count(left), "all photos done")
                wall_s = time.monotonic() - began_s
                cpu_s = sum(_cpu_s(worker.pid) for worker in workers) - started_cpu_s
        return wall_s, cpu_s

    @contextmanager
    def _workers(self, redis: Redis, *, examine: bool) -> Iterator[list[subprocess.Popen[bytes]]]:
        env = os.environ | {
            "LAKTHAN_ENV": "test",
            "SECRET_KEY": self.settings.secret_key,
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.redis_url,
            "LAKTHAN_VAR": str(self.settings.var_dir),
            "BENCH_EXAMINE": "1" if examine else "0",
        }
        command = [str(PYTHON), "-m", "bench.photos_worker"]
        with (self.folder / "worker.log").open("ab") as log:
            running = [
                subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
                for _ in range(PROCESSES)
            ]
        try:
            until(lambda: Worker.count(connection=redis) == PROCESSES, "workers wait")
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)

    def _forget_outcomes(self) -> None:
        """Back to how the uploads left it."""
        with self.engine.begin() as connection:
            for table in ("photo_finding", "photo_pair", "print_key", "photo_print"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            connection.execute(text("DELETE FROM photo_rendition"))
            connection.execute(
                text("UPDATE photo SET state = 'received', attempts = 0, lease_until = NULL,"
                     " view_sha256 = NULL, thumb_sha256 = NULL, stamped_sha256 = NULL,"
                     " examined_at = NULL")
            )  # fmt: skip
        shutil.rmtree(self.settings.files_dir / "renditions", ignore_errors=True)

    def _count(self, question: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(question)).scalar_one())


def _cpu_s(pid: int) -> float:
    """Processor seconds of a process, of its living children, and of those it has buried."""
    tick = os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    spent = 0.0
    for number, each in enumerate([str(pid), *children]):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        own, buried = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        spent += (own + (0 if number else buried)) / tick
    return spent


@contextmanager
def _database(folder: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgresql() as url:
        yield url


if __name__ == "__main__":
    sys.exit("python -m bench.photos")
