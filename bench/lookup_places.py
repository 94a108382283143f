"""Where look-ups are measured, and how: the product on a database, a stopwatch."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import create_app
from app.shared.db import db
from config import Settings
from tests.plugins import servers

Spent = tuple[float, float]
"""Milliseconds: by the clock on the wall, and of processor time."""


def timed(act: Callable[..., object], *words: object) -> Spent:
    """What one call takes."""
    started, cpu = time.perf_counter(), time.process_time()
    act(*words)
    return (time.perf_counter() - started) * 1000, (time.process_time() - cpu) * 1000


def report(name: str, spent: list[Spent]) -> None:
    """Print a line."""
    wall_ms, cpu_ms = (sorted(times) for times in zip(*spent, strict=True))
    p95 = wall_ms[int(len(wall_ms) * 0.95) - 1]
    print(
        f"  {name:28} median {statistics.median(wall_ms):6.2f} ms, p95 {p95:6.2f} ms"
        f" (CPU of this process {statistics.median(cpu_ms):.2f} ms)"
    )


def file_of(url: str) -> Path | None:
    """The file of an SQLite database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


def evict(path: Path) -> bool:
    """Have the operating system drop the file from memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


@contextmanager
def product_on(url: str) -> Iterator[Flask]:
    """The product on that database; nothing is sent to a queue."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            env="test",
            secret_key="a secret for measuring only, long enough",  # noqa: S106
            signing_key="A" * 43,
            database_url=url,
            redis_url=f"unix://{folder}/none",
            var_dir=Path(folder) / "var",
        )
        app = create_app(settings, send_job=lambda *_, **__: None)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def own_postgresql() -> Iterator[str]:
    """A fresh database: of DATABASE_URL, which must be empty, else of the tests' own server."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with contextmanager(servers.postgres_url.__wrapped__)() as url, servers._databases(url) as make:
        yield make()
