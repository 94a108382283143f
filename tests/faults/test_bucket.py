"""The files lie in a bucket: makers of photos are killed, and the bucket's own server goes away.

rclone's server stands for the bucket.  Whoever writes visits gets 2xx, or 503 and when to come
again; what has a receipt is there, whole, and photos that waited for the bucket are made then.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.faults import blows
from tests.faults.blows import Blow
from tests.faults.field import FULL
from tests.faults.reckoning import ask_for_a_packet, reckon
from tests.faults.stand import Stand, standing, until
from tests.faults.told import Line, tell
from tests.faults.village import Village

ROUNDS = int(os.environ.get("LAKTHAN_FAULT_ROUNDS") or 10) if FULL else 1
SEED = int(os.environ.get("LAKTHAN_FAULT_SEED") or 2567)
KINDS = ["sqlite", "postgresql"] if FULL else ["sqlite"]
UNBROKEN = {"fine", "receipt", "piece", "503"}

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_800 if FULL else 180)]


def kill_the_bucket(stand: Stand, _chance: random.Random) -> None:
    """kill -9 of its server."""
    stand.kill("bucket")
    stand.start("bucket")


EVERY: dict[str, Blow] = {
    "web killed": blows.kill_the_web,
    "worker killed": blows.kill_the_worker,
    "work-horse killed": blows.kill_the_horse,
    "bucket killed": kill_the_bucket,
}


@pytest.fixture(scope="module", params=KINDS)
def bucket_stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    with standing(request.param, in_bucket=True) as stand:
        yield stand


def _kind(stand: Stand) -> str:
    return stand.settings.database_url.partition(":")[0]


def test_nothing_is_lost_when_web_worker_horse_and_bucket_are_killed(bucket_stand: Stand) -> None:
    stand, chance, recoveries, packet = bucket_stand, random.Random(SEED), [], None
    with Village(stand, phones=3, photos=1, seed=SEED) as village:
        village.goes_on(3)
        for _ in range(ROUNDS):
            for blow in EVERY.values():
                village.most_photos += 1
                village.goes_on(chance.randint(0, 5))
                struck = time.monotonic()
                blow(stand, chance)
                village.goes_on(1)
                recoveries.append(time.monotonic() - struck)
            packet = packet or ask_for_a_packet(village)
        village.home()
        left = reckon(village, packet)
    tell(Line("bucket: each killed", _kind(stand), SEED, recoveries, village, left))


def test_while_the_bucket_is_away_phones_are_told_to_come_again_and_lose_nothing(
    bucket_stand: Stand,
) -> None:
    stand, recoveries = bucket_stand, []
    with Village(stand, phones=3, photos=1, seed=SEED) as village:
        village.goes_on(3)
        for _ in range(ROUNDS):
            told = village.tally.answers["503"]
            stand.kill("bucket")
            village.most_photos += 2
            until(lambda told=told: village.tally.answers["503"] >= told + 3, "phones are told")
            assert stand.get("/readyz") == 503
            assert stand.get("/healthz") == 200
            struck = time.monotonic()
            stand.start("bucket")
            village.goes_on(2)
            recoveries.append(time.monotonic() - struck)
        village.home()
        assert set(village.tally.answers) <= UNBROKEN, village.tally
        left = reckon(village)
    tell(Line("bucket away", _kind(stand), SEED, recoveries, village, left))
