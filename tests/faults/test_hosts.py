"""One host of several is cut off in the middle of uploads and jobs: the others go on.

A shared folder stands for NFS.  Needs root and network namespaces; says so where it has not.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from uuid import UUID

import pytest

from app.photos.models import Photo
from app.shared.db import db
from tests.faults.field import FULL
from tests.faults.hosts import (
    WEB_A,
    WEB_B,
    WORK_A,
    WORK_B,
    Hosts,
    hosts_of_one_installation,
    why_not,
)
from tests.faults.reckoning import ask_for_a_packet, minutes_pass, reckon
from tests.faults.stand import Stand, until
from tests.faults.told import Line, tell
from tests.faults.village import Village
from tests.faults.wire import WireClient

ROUNDS = int(os.environ.get("LAKTHAN_FAULT_ROUNDS") or 20) if FULL else 1
SEED = 2567
TELLS_WITHIN_S = 20  # a phone waits for 30; lines end after 8 s, a try to connect after 5
NO_HOSTS = why_not()

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(3_000 if FULL else 180),
    pytest.mark.skipif(bool(NO_HOSTS), reason=NO_HOSTS),
]


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with hosts_of_one_installation() as found:
        yield found


def test_a_web_host_that_is_cut_off_says_so_in_seconds_and_the_other_goes_on(hosts: Hosts) -> None:
    stand, wire, chance = hosts.stand, hosts.wire, random.Random(SEED)
    both = (hosts.address(WEB_A), hosts.address(WEB_B))
    recoveries, packet = [], None
    with Village(stand, phones=4, photos=1, seed=SEED, addresses=both) as village:
        cut_off, others = village.phones[0::2], village.phones[1::2]
        village.goes_on(4)
        for _ in range(ROUNDS):
            village.most_photos += 1
            village.goes_on(chance.randint(0, 9))
            wire.cut(WEB_A)
            told = village.tally.answers["503"]
            until(lambda told=told: village.tally.answers["503"] >= told + 2, "503 is told")
            packet = packet or ask_for_a_packet(village)
            village.goes_on(5)  # by the other host alone
            _every_kind_of_request_is_answered(hosts, village)
            struck = time.monotonic()
            wire.heal(WEB_A)
            before = sum(len(each.receipted) for each in cut_off)
            until(
                lambda before=before: sum(len(each.receipted) for each in cut_off) > before,
                "the healed host takes records again",
            )
            recoveries.append(time.monotonic() - struck)
        village.home()
    assert others
    assert village.tally.longest_s < TELLS_WITHIN_S, village.tally
    tell(Line("web host cut off", "postgresql", SEED, recoveries, village, reckon(village, packet)))


def _every_kind_of_request_is_answered(hosts: Hosts, village: Village) -> None:
    """Asked of the cut-off host: each within seconds, and none as if nothing were."""
    line = WireClient(hosts.address(WEB_A))
    for path, allowed in (("/readyz", {503}), ("/sign-in", {503, 200}), ("/api/v1/changes", {503})):
        token = {"Authorization": f"Bearer {village.phones[0].phone.token}"}
        began = time.monotonic()
        answer = line.open(path, method="GET", headers=token)
        assert answer.status_code in allowed, (path, answer.status_code)
        assert time.monotonic() - began < TELLS_WITHIN_S, path
    assert line.open("/healthz", method="GET", headers={}).status_code == 200


def test_a_worker_host_that_is_cut_off_with_a_lease_loses_it_and_may_not_write_late(
    hosts: Hosts,
) -> None:
    stand, recoveries = hosts.stand, []
    with Village(stand, phones=1, photos=0, seed=SEED) as village:
        village.goes_on(2)
        for number in range(ROUNDS):
            recoveries.append(_cut_a_worker(hosts, village, number))
        village.home()
    left = reckon(village)
    tell(Line("worker host cut off", "postgresql", SEED, recoveries, village, left))


def _cut_a_worker(hosts: Hosts, village: Village, number: int) -> float:
    """Freeze and cut whichever worker took a photo; another finishes it; the first comes back."""
    stand, before = hosts.stand, set(village.phones[0].photos)
    village.edge = 3_000  # a second of work
    village.most_photos += 1
    holder, horse = _frozen_horse(hosts, village, before)
    [photo_id] = [UUID(key) for key in set(village.phones[0].photos) - before]
    struck = time.monotonic()
    hosts.wire.cut(holder)
    try:
        if not FULL:
            minutes_pass(stand)
        until(lambda: _look(stand, photo_id).state == "processed", "the other host finishes")
        finished = _look(stand, photo_id)
        took = time.monotonic() - struck
        assert finished.attempts == 2
    finally:
        hosts.wire.heal(holder)
        os.kill(horse, signal.SIGCONT)
    until(lambda: not stand.parts[holder].children(), "the late horse has ended")
    late = _look(stand, photo_id)
    assert (late.attempts, late.view_sha256, late.version) == (
        finished.attempts, finished.view_sha256, finished.version,
    )  # fmt: skip
    return took


def _frozen_horse(hosts: Hosts, village: Village, before: set[str]) -> tuple[str, int]:
    """Stop the horse that holds the new photo's lease."""
    stand = hosts.stand

    def claimed() -> Photo | None:
        for key in set(village.phones[0].photos) - before:
            photo = _look(stand, UUID(key))
            if photo is not None and photo.lease_until and photo.state == "received":
                return photo
        return None

    while True:
        until(claimed, "a worker takes the photo")
        for name in (WORK_A, WORK_B):
            for horse in stand.parts[name].children():
                os.kill(horse, signal.SIGSTOP)
                if claimed():
                    return name, horse
                os.kill(horse, signal.SIGCONT)


def _look(stand: Stand, photo_id: UUID) -> Photo:
    with stand.app.app_context():
        photo = db.session.get(Photo, photo_id, populate_existing=True)
        db.session.remove()
    return photo  # type: ignore[return-value]
