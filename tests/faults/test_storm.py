"""Every part is killed with real work in hand: nothing that has a receipt is lost, doubled or half.

Short: one blow of each kind on PostgreSQL, a storm of several on SQLite.  Long (`make
test-faults`): 25 of each on both, or as many as LAKTHAN_FAULT_ROUNDS says, at moments that a
printed seed decides.  A power cut of the machine itself is out of a
test's reach: kill -9 keeps what the kernel holds.
"""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.faults import blows
from tests.faults.blows import Blow
from tests.faults.field import FULL
from tests.faults.reckoning import ask_for_a_packet, reckon
from tests.faults.stand import Stand
from tests.faults.told import Line, tell
from tests.faults.village import Village

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3_000 if FULL else 180)]
ROUNDS = int(os.environ.get("LAKTHAN_FAULT_ROUNDS") or (25 if FULL else 1))
SEED = int(os.environ.get("LAKTHAN_FAULT_SEED") or (time.time_ns() % 1_000_000 if FULL else 2567))
PHONES = 5 if FULL else 3
SHORT = (*blows.ANYWHERE, "database killed")
CASES = [("postgresql", fault) for fault in (blows.EVERYWHERE if FULL else SHORT)] + [
    ("sqlite", fault) for fault in (blows.ANYWHERE if FULL else ())
]


def storm(stand: Stand, fault: str, kind: str, blow: Blow, rounds: int = ROUNDS) -> None:
    """Blow after blow while phones send, a packet asked for in the middle; then reckon."""
    chance, recoveries, packet = random.Random(f"{SEED}-{fault}"), [], None
    with Village(stand, phones=PHONES, photos=1, seed=SEED) as village:
        village.goes_on(3)
        for number in range(rounds):
            village.most_photos += 1
            village.goes_on(chance.randint(0, 9))
            struck = time.monotonic()
            blow(stand, chance)
            village.goes_on(1)
            recoveries.append(time.monotonic() - struck)
            if number == rounds // 2:
                packet = ask_for_a_packet(village)
        village.home()
    tell(Line(fault, kind, SEED, recoveries, village, reckon(village, packet)))


@pytest.mark.parametrize(("kind", "fault"), CASES)
def test_nothing_receipted_is_lost_or_doubled_or_half_when(
    stand: Stand, kind: str, fault: str
) -> None:
    storm(stand, fault, kind, blows.EVERYWHERE[fault])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_nothing_receipted_is_lost_or_doubled_or_half_when_all_of_it_happens(
    stand: Stand, kind: str
) -> None:
    known = list((blows.EVERYWHERE if kind == "postgresql" else blows.ANYWHERE).values())

    def two_of_them(struck: Stand, chance: random.Random) -> None:
        for blow in chance.sample(known, 2):
            blow(struck, chance)

    storm(stand, "two at once", kind, two_of_them, rounds=max(ROUNDS, 3))
