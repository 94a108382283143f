"""What the tests of deploy/ share: an installation's secrets, and a queue with its users."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError

from app.shared.db import db
from tests.deploy.places import DEPLOY
from tools.supervisor import queue_server

STARTS_WITHIN_S = 30
LOOKER = "user looker on nopass ~* resetchannels &* +@all\n"  # the test's own, for ACL LOG


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of secrets as an installation makes them."""
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run([DEPLOY / "make-secrets.sh", folder], check=True)
    return folder


@dataclass(frozen=True)
class GuardedQueue:
    """A Valkey with deploy/valkey's own settings and users, on a loopback port."""

    port: int
    secrets: Path

    def url(self, user: str) -> str:
        """REDIS_URL of one of the users."""
        told = (self.secrets / f"redis_url_{user}").read_text().strip()
        return told.replace("@queue:6379", f"@127.0.0.1:{self.port}")

    def refused(self) -> list[tuple[str, str]]:
        """What was refused to whom since the last look: user and command."""
        with Redis(port=self.port, username="looker", password="x") as client:
            log = client.acl_log()
            client.acl_log_reset()
        return [(each["username"], each["object"]) for each in log]


@pytest.fixture(scope="session")
def guarded_queue(secrets: Path) -> Iterator[GuardedQueue]:
    """The queue of an installation; only the users of deploy/valkey/users.acl come in."""
    with tempfile.TemporaryDirectory(prefix="lakthan-queue-") as folder:
        users = Path(folder) / "users.acl"
        users.write_text((secrets / "users.acl").read_text() + LOOKER)
        port = free_port()
        command = [
            queue_server.find_binary(), str(DEPLOY / "valkey/valkey.conf"), "--port", str(port),
            "--bind", "127.0.0.1", "--aclfile", str(users), "--dir", folder, "--daemonize", "no",
        ]  # fmt: skip
        with running(command, Path(folder)) as process:
            await_answer(port, process, Path(folder))
            yield GuardedQueue(port, secrets)


@contextmanager
def applications() -> Iterator[list[Flask]]:
    """A list for applications of a test's own; at the end their connections are closed."""
    made: list[Flask] = []
    yield made
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server for a while; its words lie in `server.log`."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def await_answer(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the queue lets its users in."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            with Redis(port=port, username="looker", password="x") as client:
                client.ping()
                client.acl_log_reset()
                return
        except RedisError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((folder / "server.log").read_text(errors="replace"))
            time.sleep(0.02)
