"""The disk runs full under a running product and is freed: nothing half is shown, all is taken up.

Each round leaves another rest of room, so that another write is the one that fails: the first
byte, a piece of a photo, a rendition, a page of the database, a packet.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.faults.field import FULL
from tests.faults.reckoning import ask_for_a_packet, reckon
from tests.faults.small_disk import SmallDisk, mounted, why_not
from tests.faults.stand import Stand, standing, until
from tests.faults.told import Line, tell
from tests.faults.village import Village

ROUNDS = int(os.environ.get("LAKTHAN_FAULT_ROUNDS") or 24) if FULL else 2
SEED = int(os.environ.get("LAKTHAN_FAULT_SEED") or 2567)
LEFT_BYTES = (0, 4_096, 20_000, 65_536, 300_000, 1_500_000)
ROOM_OF_TWO = 65_536  # photos of a village
NO_DISK = why_not()
# "files": only what people send lies there; "database": PostgreSQL's own disk; SQLite has both.
EVERYWHERE = ["sqlite files and database", "postgresql files", "postgresql database"]
WHERE = EVERYWHERE if FULL else EVERYWHERE[:1]

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3_000 if FULL else 180),
    pytest.mark.skipif(bool(NO_DISK), reason=NO_DISK),
]


@contextmanager
def _product_on_a_small_disk(where: str) -> Iterator[tuple[Stand, SmallDisk]]:
    with ExitStack() as stack:
        disk = stack.enter_context(mounted(400 if where == "postgresql database" else 64))
        kind = where.split(maxsplit=1)[0]
        place = {"data": disk.folder} if where.endswith(" database") and kind == "postgresql" else {
            "var": disk.folder
        }  # fmt: skip
        yield stack.enter_context(standing(kind, **place)), disk


@pytest.mark.parametrize("where", WHERE)
def test_a_full_disk_refuses_and_loses_nothing(where: str) -> None:
    chance, recoveries, packet = random.Random(f"{SEED}-{where}"), [], None
    with (
        _product_on_a_small_disk(where) as (stand, disk),
        Village(stand, phones=3, photos=1, seed=SEED) as village,
    ):
        village.goes_on(4)
        for number in range(ROUNDS):
            village.most_photos += 1
            village.goes_on(chance.randint(0, 5))
            left_bytes = LEFT_BYTES[number % len(LEFT_BYTES)]
            if where == "postgresql files":  # only photos need room there, and must not fit
                left_bytes = min(left_bytes, ROOM_OF_TWO)
                village.most_photos += 2
            disk.fill(left_bytes)
            if number == ROUNDS // 2:
                packet = _ask(village, where)
            _is_refused(village, where)
            disk.free()
            struck = time.monotonic()
            _come_back(stand)
            village.goes_on(2)
            recoveries.append(time.monotonic() - struck)
        village.home()
        packet = packet or ask_for_a_packet(village)
        left = reckon(village, packet)
        assert stand.is_ready()
    tell(Line(f"disk full: {where}", where.split(maxsplit=1)[0], SEED, recoveries, village, left))


def _ask(village: Village, where: str) -> object:
    """A packet asked for while its files have no room; a full database takes no such wish."""
    return ask_for_a_packet(village) if where == "postgresql files" else None


def _is_refused(village: Village, where: str) -> None:
    """Readiness tells of it, and phones are told to come again; neither ends anything."""
    stand = village.stand
    if where != "postgresql database":
        until(lambda: stand.get("/readyz") == 503, "health is red")
    told = village.tally
    before = told.answers["507"] + told.answers["503"]
    until(lambda: told.answers["507"] + told.answers["503"] > before, "a phone is told")
    assert stand.get("/healthz") == 200


def _come_back(stand: Stand) -> None:
    """A PostgreSQL whose log found no room has ended itself: whoever looks after it starts it."""
    database = stand.parts.get("database")
    if database is not None and not database.ready():
        until(database.stands, "the database starts again")
