"""What the whole embedded run takes while nobody works, and how soon it stands again.

    python -m bench.idle

`make run` on a folder that is filled already: seconds until it answers, then memory once it is
quiet, looked at twice a second while the clock rings twice.  Resident is summed over all its
processes (what they share counts for each of them); "proportional" shares it out among them, which
is what the machine really gives.  The median is the run that waits; the highest is the moment of a
sweep, when two forks of the foreman stand beside it for a tenth of a second.
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
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, median_low

from bench.figures import Figure, keep
from bench.product import free_port, until
from tools.setup.places import ROOT, VAR

QUIET_LOOKS = 8  # in a row without a worker: what the start rang for is done
LOOKS, LOOK_S = 50, 0.5


def main() -> None:
    """Start twice, measure the second."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VAR, prefix="bench-") as name:
        with _run(Path(name)):
            pass  # makes the demonstration
        with _run(Path(name)) as (started_s, process):
            until(lambda: _is_quiet(process.pid), "nobody works")
            looks = list(_looks(process.pid))
    counts, resident, proportional = zip(*looks, strict=True)
    keep("idle", [
        Figure("second start until it answers", started_s, "s", "low", 5),
        Figure(f"resident, {median_low(counts)} processes", median(resident), "MB", "low", 400),
        Figure("the same, proportional", median(proportional), "MB", "low", 400),
        Figure("resident at its highest, in a sweep", max(resident), "MB", "low"),
        Figure("the same, proportional", max(proportional), "MB", "low", 400),
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


def _is_quiet(pid: int) -> bool:
    """Whether the foreman (tools/foreman.py) is alone for some seconds."""
    for _ in range(QUIET_LOOKS):
        time.sleep(LOOK_S)
        if sum(b"tools.foreman" in _command(each) for each in _family(pid)) != 1:
            return False
    return True


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _looks(pid: int) -> Iterator[tuple[int, float, float]]:
    """How many processes, and their memory in MB: resident and proportional."""
    for _ in range(LOOKS):
        time.sleep(LOOK_S)
        found = [each for each in map(_mb, _family(pid)) if each]
        resident, proportional = zip(*found, strict=True)
        yield len(found), sum(resident), sum(proportional)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # it has ended meanwhile
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from _family(int(child))


def _mb(pid: int) -> tuple[float, float] | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    kb = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
    return (kb["Rss:"] / 1024, kb["Pss:"] / 1024) if "Rss:" in kb else None


if __name__ == "__main__":
    sys.exit(main())
