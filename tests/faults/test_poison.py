"""Photos that kill whoever opens them: three tries, a reason, and nobody behind them starves.

The short form asks for facts that no clock decides.  How long good photos wait beside poison, the
long form measures against the same pile without it, in one run.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from app.photos.phrases import UNREADABLE
from app.shared.clock import now
from tests.conftest import PASSWORD
from tests.faults import poison
from tests.faults.field import FULL
from tests.faults.pile import Pile
from tests.faults.poison import GAVE_UP
from tests.faults.reckoning import _nothing_hangs, minutes_pass, waiting
from tests.faults.stand import PATIENCE_S, Part, Stand, until
from tests.faults.village import Village

SICK = [sys.executable, "-m", "tests.faults.sick_worker"]
SHORT_OF_TIME = {"SICK_CPU_S": "1"}  # of the fence's ten seconds, for the short form
PILE = int(os.environ.get("LAKTHAN_FAULT_PILE") or 200) if FULL else 16
POISONED = PILE // 10 if FULL else 12
LONG_S = 900 if FULL else PATIENCE_S  # the whole pile
LONGEST_RATIO = 2.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3_000 if FULL else 180)]


@contextmanager
def sick_worker(stand: Stand) -> Iterator[Part]:
    """In the worker's place one whose decoder has faults; not started yet."""
    part = stand.parts["worker"]
    command, environ = part.command, part.environ
    stand.kill("worker")
    part.command = SICK
    part.environ = environ if FULL else environ | SHORT_OF_TIME
    try:
        yield part
    finally:
        if part.process and part.process.poll() is None:
            part.kill()
        part.command, part.environ = command, environ
        stand.start("worker")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_poison_is_tried_three_times_and_told_and_nobody_starves(stand: Stand, kind: str) -> None:
    pile = Pile(stand, Village(stand, phones=0))
    with sick_worker(stand) as worker:
        sent = list(poison.mixed(POISONED))
        bad = [pile.receive(data) for data, _reason, _tries in sent]  # all before the good ones
        good = [pile.receive(poison.good(640)) for _ in range(PILE)]
        worker.start()
        pile.ring(bad + good)

        until(lambda: pile.all_are(good, "processed"), "the good ones are done", LONG_S)
        killers = [key for key, (_, reason, _) in zip(bad, sent, strict=True) if reason == GAVE_UP]
        assert {photo.state for photo in pile.look(killers)} == {"received"}, "they wait"

        _time_passes(pile, lambda: pile.all_are(bad, "unreadable"), "poison is set aside")
        for photo, (_, reason, tries) in zip(pile.look(bad), sent, strict=True):
            assert (photo.last_error_code, photo.attempts) == (reason, tries)
        _time_passes(pile, lambda: "photos" not in waiting(stand), "no photo waits")
        _nothing_hangs(stand)
        assert [photo.attempts for photo in pile.look(bad)] == [tries for _, _, tries in sent]
        assert worker.process and worker.process.poll() is None
    _a_person_sees_why(pile, bad, sent)


def _time_passes(pile: Pile, true: Callable[[], bool], what: str) -> None:
    """Wait for `true()`; leases whose holder is dead end at once, the sweep comes by."""
    hurried = 0.0

    def came() -> bool:
        nonlocal hurried
        if time.monotonic() - hurried > 1 and not pile.stand.parts["worker"].children():
            with suppress(OperationalError):
                minutes_pass(pile.stand)
            hurried = time.monotonic()
        return true()

    until(came, what, LONG_S)


def _a_person_sees_why(
    pile: Pile, bad: Sequence[UUID], sent: Sequence[tuple[bytes, str, int]]
) -> None:
    """Each page tells the reason in both languages, and gives the file back as it came."""
    client = pile.stand.app.test_client()
    client.post("/sign-in", data={"login": pile.village.login, "password": PASSWORD})
    for photo_id, (data, reason, _) in zip(bad, sent, strict=True):
        english = client.get(f"/photos/{photo_id}?lang=en")
        assert UNREADABLE[reason]._args[0] in english.text, reason
        thai = client.get(f"/photos/{photo_id}?lang=th")
        assert UNREADABLE[reason]._args[0] not in thai.text
        with pile.stand.app.test_request_context(headers={"Accept-Language": "th"}):
            assert str(UNREADABLE[reason]) in thai.text, reason
        with client.get(f"/photos/{photo_id}/original") as original:
            assert sha256(original.data).digest() == sha256(data).digest()


@pytest.mark.skipif(not FULL, reason="a measurement: the long form's")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_good_photos_wait_less_than_twice_as_long_beside_poison(stand: Stand, kind: str) -> None:
    alone = _delay_s(stand, [])
    beside = _delay_s(stand, [data for data, *_ in poison.mixed(POISONED)])
    ratio = beside / alone
    print(  # noqa: T201 - what the long form is for
        f"| poison | {kind} | {POISONED} beside {PILE} photos of 12 MP | 95th percentile of the"
        f" good ones' delay {beside:.1f} s, without poison {alone:.1f} s | {ratio:.2f} |"
    )
    assert ratio < LONGEST_RATIO


def _delay_s(stand: Stand, poisoned: Sequence[bytes]) -> float:
    """The 95th percentile of the good photos' delay, poison being spread evenly among them."""
    pile, good, every = Pile(stand, Village(stand, phones=0)), list[UUID](), list[UUID]()
    with sick_worker(stand) as worker:
        rest = list(poisoned)
        for number in range(PILE):
            if rest and number % (PILE // len(poisoned)) == 0:
                every.append(pile.receive(rest.pop()))
            good.append(pile.receive(poison.good(4_000)))
            every.append(good[-1])
        worker.start()
        until(lambda: "Listening on" in worker.words(), "the worker is warm")
        began = now()
        pile.ring(every)
        until(lambda: pile.all_are(good, "processed"), "the good ones are done", LONG_S)
        delays = [(photo.state_since - began).total_seconds() for photo in pile.look(good)]
        _time_passes(pile, lambda: "photos" not in waiting(stand), "no photo waits")
    return statistics.quantiles(delays, n=20)[-1]
