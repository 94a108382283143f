"""`make run` is killed with kill -9 in the middle of work and started again: one command, one disk.

The children end with their supervisor; what they had receipted is there.  The power cut that this
stands for is out of a test's reach: the kernel's own memory outlives a killed process.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app import create_app
from app.shared.queue import sender
from tests.faults.field import FULL
from tests.faults.reckoning import ask_for_a_packet, reckon
from tests.faults.stand import Part, Stand, _forget, free_port, settings_of, until
from tests.faults.told import Line, tell
from tests.faults.village import Village
from tests.faults.wire import WireClient
from tests.plugins import servers
from tests.plugins.product import _environ
from tools.supervisor import queue_server

ROUNDS = int(os.environ.get("LAKTHAN_FAULT_ROUNDS") or 20) if FULL else 1
SEED = int(os.environ.get("LAKTHAN_FAULT_SEED") or 2567)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3_000 if FULL else 180)]


@contextmanager
def _made_to_run() -> Iterator[Stand]:
    """As `make run` leaves it ready, without the demonstration's story."""
    with ExitStack() as stack:
        folder = stack.enter_context(servers._folder())
        port, var = free_port(), folder / "var"
        queue = queue_server.url_of(queue_server.socket_path(var / "run"))
        settings = settings_of(folder, f"sqlite:///{var / 'lakthan.db'}", queue)
        environ = os.environ | _environ(settings) | {"PORT": str(port), "WORKERS": "1"}
        del environ["REDIS_URL"]  # it brings its own
        address = f"http://127.0.0.1:{port}"
        part = Part(
            "everything", [sys.executable, "tools/run.py"], environ, folder,
            lambda: _is_ready(address),
        )  # fmt: skip
        app = create_app(settings, send_job=sender(queue))
        app.config["WTF_CSRF_ENABLED"] = False
        stand = Stand(settings, app, address, {part.name: part})
        stack.callback(_stop, part)
        stack.callback(_forget, app)
        stand.start()
        yield stand


def _is_ready(address: str) -> bool:
    try:
        return WireClient(address, 20).open("/readyz", method="GET", headers={}).status_code == 200
    except OSError:
        return False


def _stop(part: Part) -> None:
    if part.process and part.process.poll() is None:
        part.process.terminate()
        part.process.wait(60)


def _family(pid: int) -> list[int]:
    """All processes below one."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    children = [int(each) for each in told.split()]
    return children + [each for child in children for each in _family(child)]


def _has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_make_run_killed_in_the_middle_loses_nothing_and_leaves_nothing_running() -> None:
    chance, recoveries, packet = random.Random(SEED), [], None
    with _made_to_run() as stand, Village(stand, phones=3, photos=1, seed=SEED) as village:
        village.goes_on(3)
        part = stand.parts["everything"]
        for number in range(ROUNDS):
            village.most_photos += 1
            village.goes_on(chance.randint(0, 9))
            if number == ROUNDS // 2:
                packet = ask_for_a_packet(village)
            below, struck = _family(part.pid), time.monotonic()
            assert len(below) >= 4, "queue, both of the web, and the foreman run"
            part.kill()
            until(lambda below=below: all(map(_has_ended, below)), "its children have ended")
            stand.start()
            village.goes_on(1)
            recoveries.append(time.monotonic() - struck)
        village.home()
        left = reckon(village, packet)
    tell(Line("make run killed", "sqlite", SEED, recoveries, village, left))
