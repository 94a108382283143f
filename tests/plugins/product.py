"""The product as it runs in an office: gunicorn, a worker, the clock, as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from config import Settings
from tests.plugins.fault_proxy import FaultProxy
from tools.supervisor.processes import die_with_parent

if TYPE_CHECKING:
    from tests.conftest import World

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN_S = 60


@dataclass
class Product:
    """Running processes.  `kill` and `start` act on one of them by name: web, worker, clock."""

    settings: Settings
    folder: Path
    address: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT  # of the program; another release lies elsewhere
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, **environ: str) -> None:
        """Start a process; the web is ready when this returns, on the same port as before."""
        log_path = self.folder / f"{name}.log"
        with log_path.open("wb") as log:
            self.running[name] = subprocess.Popen(
                self._command(name),
                cwd=self.root,
                env=os.environ | _environ(self.settings) | self.environ | environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - main thread
            )
        if name == "web":
            self.address = _address(log_path, self.running[name])

    def kill(self, name: str) -> None:
        """End a process and its children as a power cut would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything in order."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(timeout=30)

    def _command(self, name: str) -> list[str]:
        port = self.address.rpartition(":")[2] or "0"
        return {
            "web": [sys.executable, "-m", "gunicorn", "--threads", "8", "--bind",
                    f"127.0.0.1:{port}", "app:create_app()"],
            "worker": [sys.executable, "worker.py"],
            "clock": [sys.executable, "worker.py", "--clock"],
        }[name]  # fmt: skip


def _environ(settings: Settings) -> dict[str, str]:
    return {
        "LAKTHAN_ENV": "test",
        "SECRET_KEY": settings.secret_key,
        "LAKTHAN_SIGNING_KEY": settings.signing_key,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "LAKTHAN_VAR": str(settings.var_dir),
        "LAKTHAN_STORE": settings.store,
        "LAKTHAN_S3_KEY": settings.s3_key,
        "LAKTHAN_S3_SECRET": settings.s3_secret,
    }


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Where gunicorn says it listens, once it answers there."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text().splitlines():
            if "Listening at: " in line:
                address = line.split("Listening at: ")[1].split(" ")[0]
                with urlopen(f"{address}/healthz") as answer:  # noqa: S310
                    assert answer.status == 200
                return address
        time.sleep(0.02)
    pytest.fail(log.read_text())


@pytest.fixture
def start_product(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Product]]:
    """A function: `start_product("web", "worker", …)` runs these processes for the test."""
    started: list[Product] = []

    def start(*names: str, **environ: str) -> Product:
        product = Product(settings, tmp_path, environ=environ)
        started.append(product)
        for name in names:
            product.start(name)
        return product

    yield start
    for product in started:
        product.stop()


@pytest.fixture
def line(
    world: World,
    start_product: Callable[..., Product],
    make_fault_proxy: Callable[[str], FaultProxy],
) -> FaultProxy:
    """The line between a phone and the product; `line.refuse = True` is no signal."""
    return make_fault_proxy(start_product("web").address)
