"""The real product for a bench: PostgreSQL that waits for the disk, Valkey, gunicorn, workers.

Everything on this machine, in folders of its own that are thrown away.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.plugins import servers
from tools.setup.places import PYTHON, ROOT, VAR
from tools.supervisor import queue_server

PATIENCE_S = 300
ASK_EVERY_S = 0.02
SECRETS = {
    "SECRET_KEY": "a secret for measuring only, long enough",
    "LAKTHAN_SIGNING_KEY": "A" * 43,
}
# The tests' server forgets what a power cut would take; the product's does not.
CARE = ("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on",
        "-c", "autovacuum=on", "-c", "max_connections=100", "-c", "max_wal_size=1GB",
        "-c", "shared_buffers=256MB")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """Where it listens, where its data lies, and the processes that serve."""

    port: int
    environ: dict[str, str]
    web: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Of its front door."""
        return f"http://127.0.0.1:{self.port}"

    def resident_mb(self) -> list[float]:
        """What each web process has in memory, the master first; MB."""
        return [_peak_mb(pid) for pid in (self.web.pid, *_children(self.web.pid))]


@contextmanager
def running(
    *, processes: int = 2, threads: int = 8, workers: int = 0, database: str = ""
) -> Iterator[Product]:
    """The product, migrated and with the official areas, until the block ends.

    `database`: an address, else a fresh PostgreSQL on the disk of `var`.
    """
    with ExitStack() as stack:
        VAR.mkdir(exist_ok=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=VAR, prefix="bench-")))
        port = free_port()
        environ = os.environ | SECRETS | {
            "LAKTHAN_ENV": "test", "LAKTHAN_VAR": str(folder), "PORT": str(port),
            "WEB_PROCESSES": str(processes), "WEB_THREADS": str(threads),
            "DATABASE_URL": database or stack.enter_context(postgresql()),
            "REDIS_URL": stack.enter_context(queue()),
        }  # fmt: skip
        for command in (("db", "upgrade"), ("areas", "load")):
            words = [PYTHON, "-m", "flask", "--app", "app", *command]
            subprocess.run(words, cwd=ROOT, env=environ, check=True, capture_output=True)
        gunicorn = [PYTHON, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "app:create_app()"]
        web = stack.enter_context(_process(gunicorn, environ, folder / "web.log"))
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            stack.enter_context(_process([PYTHON, "worker.py"], environ, log))
        until(lambda: _listens(port), "the web server answers")
        yield Product(port, environ, web)


@contextmanager
def queue() -> Iterator[str]:
    """A Valkey of its own; its address."""
    with servers._folder() as folder:
        path = folder / "redis.sock"
        command = queue_server.server_command(queue_server.find_binary(), path, folder)
        with servers._server(command, folder, stop=signal.SIGKILL):
            until(lambda: queue_server.answers(path), "the queue server answers")
            yield queue_server.url_of(path)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own that waits for the disk; its address for SQLAlchemy."""
    base = VAR if os.getuid() else Path(tempfile.gettempdir())  # `var` may be closed to others
    with servers._folder() as place, servers._folder(base) as data:
        postgres = servers._Postgres(place, data)
        command = [*postgres.start_command(), *CARE]
        with servers._server(command, place, postgres.user, signal.SIGQUIT):
            until(lambda: servers._connects(postgres.url), "PostgreSQL answers")
            yield postgres.url.replace("postgresql://", "postgresql+psycopg://")


def until(true: Callable[[], object], what: str) -> None:
    """Wait for it; give up after five minutes."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline_s:
            raise SystemExit(f"still not: {what}")
        time.sleep(ASK_EVERY_S)


@contextmanager
def _process(
    words: list[str], environ: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        process = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=file, stderr=file)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
