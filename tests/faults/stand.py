"""The product on real parts that a test may kill: each part is a process of its own, by name.

`database` (PostgreSQL that waits for the disk; SQLite has no process), `queue` (Valkey without a
file: a kill forgets all), `web` (gunicorn as deployed), `worker`, `clock`.  A part that was killed
starts again on the same data, port and socket.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from redis import Redis

from app import create_app
from app.areas.service import load_areas
from app.shared.db import db
from app.shared.queue import sender
from config import ROOT, Settings
from tests.faults.wire import WireClient
from tests.packets import bucket
from tests.plugins import servers
from tests.plugins.product import _environ
from tools.supervisor import queue_server
from tools.supervisor.processes import die_with_parent

PATIENCE_S = 120
ASK_EVERY_S = 0.01
# The tests' own server forgets what a power cut would take; this one does not.
CARE = ("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on",
        "-c", "autovacuum=on", "-c", "max_connections=80", "-c", "max_wal_size=64MB",
        "-c", "lock_timeout=0")  # fmt: skip
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "app:create_app()"]
WORKER = [sys.executable, "worker.py"]


def comes(true: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
    """Wait for `true()` and ask often; tells whether it came within `patience_s`."""
    deadline_s = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(ASK_EVERY_S)
    return True


def until(true: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for `true()`; the test fails if it does not come."""
    if not comes(true, patience_s):
        pytest.fail(f"still not: {what}")


@dataclass
class Part:
    """One program.  `before` runs in the child first: to enter another host, another account."""

    name: str
    command: list[str]
    environ: dict[str, str]
    folder: Path
    ready: Callable[[], bool]
    before: Callable[[], None] | None = None
    user: int | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it says, over all its lives."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """Of its first process."""
        assert self.process is not None, self.name
        return self.process.pid

    def start(self) -> None:
        """Start it, without waiting for it."""
        dies = die_with_parent(signal.SIGKILL)

        def first() -> None:
            if self.before:
                self.before()
            dies()

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=first,  # noqa: PLW1509 - main thread
                **servers._as(self.user),
            )  # fmt: skip

    def stands(self) -> bool:
        """Whether it is ready; one that could not start is started once more.

        A new postmaster may find the memory of the killed one's last children still in use.
        """
        if self.process is None or self.process.poll() is not None:
            self.start()
        return self.ready()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """A signal to it and to all in its group; waits for its end."""
        os.killpg(self.pid, number)
        assert self.process is not None
        self.process.wait()

    def children(self) -> list[int]:
        """Its own processes' ids: a worker's is its horse, gunicorn's are the web processes."""
        try:
            told = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            return []
        return [int(each) for each in told.split()]

    def ended(self) -> str:
        """With which status, if it has."""
        status = self.process.poll() if self.process else None
        return "" if status is None else f" ended with {status}"

    def words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


@dataclass
class Stand:
    """The parts of one installation, and the test's own view of its data."""

    settings: Settings
    app: Flask
    address: str
    parts: dict[str, Part] = field(default_factory=dict)
    bucket: Path | None = None  # where its server keeps the objects

    @property
    def files(self) -> Path:
        """The folder where the files lie, by their keys."""
        return self.bucket or self.settings.files_dir

    def start(self, *names: str) -> None:
        """Start these parts, or all, and wait until each stands."""
        named = names or tuple(self.parts)
        for name in named:
            self.parts[name].start()
        for name in named:
            until(self.parts[name].stands, f"{name} stands")

    def kill(self, *names: str, number: int = signal.SIGKILL) -> None:
        """Kill parts."""
        for name in names:
            self.parts[name].kill(number)

    def get(self, path: str, timeout_s: float = 20) -> int:
        """The status of a GET; 0: nobody answers."""
        try:
            return (
                WireClient(self.address, timeout_s).open(path, method="GET", headers={}).status_code
            )
        except OSError:
            return 0
        except Exception as error:  # noqa: BLE001 - a half answer is none
            assert type(error).__module__ == "http.client", error
            return 0

    def is_ready(self) -> bool:
        """What `/readyz` says."""
        return self.get("/readyz") == 200

    def horses(self) -> list[int]:
        """Jobs in the works: the horses of all workers."""
        workers = [part for part in self.parts.values() if part.command[: len(WORKER)] == WORKER]
        return [horse for worker in workers for horse in worker.children()]

    def redis(self) -> Redis:
        """A client of the queue."""
        return Redis.from_url(self.settings.redis_url)

    def words(self) -> str:
        """The last words of every part, and which has ended by itself."""
        return "\n".join(
            f"== {part.name}{part.ended()}\n{part.words()}" for part in self.parts.values()
        )

    def end(self) -> None:
        """Kill whatever still runs; the database in order, so that its memory is given back."""
        for name, part in reversed(self.parts.items()):
            if part.process and part.process.poll() is None:
                part.kill(signal.SIGQUIT if name == "database" else signal.SIGKILL)


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody takes lines there."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_of(folder: Path, database_url: str, redis_url: str) -> Settings:
    """Settings that the test and all parts share."""
    return Settings(
        env="test", secret_key="a secret for tests only, long enough", signing_key="A" * 43,
        database_url=database_url, redis_url=redis_url, var_dir=folder / "var",
    )  # fmt: skip


def filled(settings: Settings) -> Flask:
    """The test's own application on a database that it migrates and gives the official areas."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, send_job=sender(settings.redis_url))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
        load_areas(db.session())
        db.session.commit()
        db.session.remove()
    return app


def queue_part(folder: Path) -> tuple[Part, str]:
    """Valkey on a socket that keeps nothing on disk; and its address."""
    path = folder / "redis.sock"
    command = queue_server.server_command(queue_server.find_binary(), path, None)
    part = Part("queue", command, dict(os.environ), folder, lambda: queue_server.answers(path))
    return part, queue_server.url_of(path)


def database_part(folder: Path, data: Path) -> tuple[Part, str]:
    """PostgreSQL with its data in `data`, not started; and the address of its one database."""
    postgres = servers._Postgres(folder, data)
    command = [*postgres.start_command(), *CARE]
    ready = lambda: servers._connects(postgres.url)  # noqa: E731
    part = Part("database", command, dict(os.environ), folder, ready, user=postgres.user)
    if postgres.user is not None:  # its log is ours
        part.log.touch()
    return part, postgres.url.replace("postgresql://", "postgresql+psycopg://")


def served(settings: Settings, folder: Path, port: int) -> dict[str, Part]:
    """Web, worker and clock."""
    processes = "1" if settings.database_url.startswith("sqlite") else "2"
    environ = os.environ | _environ(settings) | {"PORT": str(port), "WEB_PROCESSES": processes}
    parts = (
        Part("web", GUNICORN, environ, folder, lambda: listens(port)),
        Part("worker", WORKER, environ, folder, lambda: True),
        Part("clock", [*WORKER, "--clock"], environ, folder, lambda: True),
    )
    return {part.name: part for part in parts}


def bucket_part(folder: Path) -> tuple[Part, dict[str, str]]:
    """An S3 server that keeps its objects in `folder`; and the settings that name it."""
    (folder / bucket.NAME).mkdir()
    port = free_port()
    command = bucket.command(folder, port)
    part = Part("bucket", command, dict(os.environ), folder, lambda: listens(port))
    url = f"s3://{bucket.NAME}/all?endpoint=http://127.0.0.1:{port}"
    return part, {"store": url, "s3_key": bucket.KEY, "s3_secret": bucket.SECRET}


@contextmanager
def standing(
    kind: str, *, var: Path | None = None, data: Path | None = None, in_bucket: bool = False
) -> Iterator[Stand]:
    """The whole product on SQLite or PostgreSQL until the block ends.

    `var`: where files (and SQLite) lie; `data`: where PostgreSQL keeps its own; `in_bucket`: files
    lie in a bucket.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(servers._folder())
        var = var or folder
        queue, redis_url = queue_part(folder)
        parts = {"queue": queue}
        url = f"sqlite:///{var / 'lakthan.db'}"
        if kind == "postgresql":
            data = data or stack.enter_context(servers._folder())
            parts["database"], url = database_part(folder, data)
        settings, shelf = settings_of(var, url, redis_url), None
        if in_bucket:
            shelf = stack.enter_context(servers._folder())
            parts["bucket"], store = bucket_part(shelf)
            settings, shelf = settings.model_copy(update=store), shelf / bucket.NAME / "all"
        for part in parts.values():
            part.start()
            stack.callback(_end, part)
        for part in parts.values():
            until(part.stands, f"{part.name} stands")
        app = filled(settings)
        port = free_port()
        parts |= served(settings, folder, port)
        stand = Stand(settings, app, f"http://127.0.0.1:{port}", parts, shelf)
        stack.callback(stand.end)
        stack.callback(_forget, app)
        stand.start("web", "worker", "clock")
        until(stand.is_ready, "ready")
        yield stand


def _end(part: Part) -> None:
    if part.process and part.process.poll() is None:
        part.kill(signal.SIGQUIT if part.name == "database" else signal.SIGKILL)


def _forget(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def backends(url: str) -> list[int]:
    """The processes of a PostgreSQL that serve somebody else."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as line:
        found = line.execute(
            "select pid from pg_stat_activity"
            " where pid <> pg_backend_pid() and backend_type = 'client backend'"
        )
        return [int(row[0]) for row in found]
