"""What the whole embedded run takes while nobody works, and how soon it stands again.

    python -m bench.idle

`make run` on a folder that is filled already: seconds until it answers, then memory once it is
quiet.  Resident is summed over all its processes (what they share counts for each of them);
"proportional" shares it out among them, which is what the machine really gives.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, keep
from bench.product import free_port, until
from tools.setup.places import ROOT, VAR

QUIET_S = 15  # the clock has rung once, and workers have gone back to wait


def main() -> None:
    """Start twice, measure the second."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VAR, prefix="bench-") as name:
        with _run(Path(name)):
            pass  # makes the demonstration
        with _run(Path(name)) as (started_s, process):
            time.sleep(QUIET_S)
            family = list(_family(process.pid))
            resident, proportional = (
                sum(_mb(pid, what) for pid in family) for what in ("Rss", "Pss")
            )
    keep("idle", [
        Figure("second start until it answers", started_s, "s", "low", 5),
        Figure(f"resident, {len(family)} processes", resident, "MB", "low", 400),
        Figure("the same, proportional", proportional, "MB", "low"),
    ])  # fmt: skip


@contextmanager
def _run(folder: Path) -> Iterator[tuple[float, subprocess.Popen[bytes]]]:
    port = free_port()
    environ = os.environ | {"LAKTHAN_VAR": str(folder / "var"), "PORT": str(port)}
    began = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["make", "run"], cwd=ROOT, env=environ, stdout=log, stderr=log,
                                   start_new_session=True)  # fmt: skip
        try:
            until(lambda: _answers(port), "it answers")
            yield time.perf_counter() - began, process
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _mb(pid: int, what: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
