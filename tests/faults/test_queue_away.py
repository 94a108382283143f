"""The queue goes away while photos wait: who writes visits is not told, and all photos are done.

Short: a handful that waits, and away as long as phones go on.  Long: 200, and away for a minute.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import blows
from tests.faults.field import FULL
from tests.faults.reckoning import reckon, waiting
from tests.faults.stand import Stand, until
from tests.faults.told import Line, tell
from tests.faults.village import Village

SEED = int(os.environ.get("LAKTHAN_FAULT_SEED") or 2567)
PENDING, AWAY_S = (200, 60.0) if FULL else (15, 0.0)
PHONES = 5
MORE = 25  # receipts while it is away
WELL = {"fine", "receipt", "piece"}

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_800 if FULL else 180)]


@contextmanager
def _stopped(stand: Stand) -> Iterator[None]:
    """Killed, and started again without what it had: it keeps nothing on disk."""
    stand.kill("queue")
    yield
    stand.start("queue")


@contextmanager
def _frozen(stand: Stand) -> Iterator[None]:
    """It takes lines and answers nobody, as when its machine swaps or its disk hangs."""
    os.kill(stand.parts["queue"].pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stand.parts["queue"].pid, signal.SIGCONT)


@contextmanager
def _restarted(stand: Stand) -> Iterator[None]:
    """Killed and back at once, empty."""
    blows.kill_the_queue(stand, random.Random(SEED))
    yield


@contextmanager
def _flushed(stand: Stand) -> Iterator[None]:
    """FLUSHALL."""
    blows.forget_the_queue(stand, random.Random(SEED))
    yield


AWAY = {"stopped": _stopped, "frozen": _frozen, "restarted": _restarted, "flushed": _flushed}
HOW = list(AWAY) if FULL else ["stopped", "frozen"]  # the short storm has the others' like


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if FULL else ["sqlite"])
@pytest.mark.parametrize("how", HOW)
def test_all_photos_are_done_and_no_phone_is_told_when_the_queue_is(
    stand: Stand, kind: str, how: str
) -> None:
    stand.kill("worker")
    with Village(stand, phones=PHONES, photos=PENDING // PHONES, seed=SEED) as village:
        until(lambda: waiting(stand).get("photos", 0) >= PENDING, "so many wait")
        with AWAY[how](stand):
            struck = time.monotonic()
            village.most_photos += 1
            village.goes_on(MORE)
            until(lambda: time.monotonic() - struck >= AWAY_S, "it was away for so long")
        stand.start("worker")
        village.goes_on(1)
        village.home()
        assert set(village.tally.answers) <= WELL, village.tally
        left = reckon(village)
        assert left.photos >= PENDING
    tell(Line(f"queue {how}", kind, SEED, [time.monotonic() - struck], village, left))
