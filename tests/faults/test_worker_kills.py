"""Work-horse, worker, both, in turn: killed again and again while a pile of photos is made.

Long: 50 kills among 500 photos.  Each kill finds the pile a little smaller, so it takes an untried
photo's first try: one that is killed three times is poison, and another test's.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.photos.models import Photo, PhotoRendition
from app.shared.db import db
from app.shared.files import content_key
from tests.faults import poison
from tests.faults.field import FULL
from tests.faults.pile import Pile
from tests.faults.reckoning import _all_is_finished, _halves_are_swept
from tests.faults.stand import Stand, comes, until
from tests.faults.village import Village

KILLS, PHOTOS = (50, 500) if FULL else (3, 20)
STEP = PHOTOS // (KILLS + 1)
HEALED_WITHIN_S = 75  # a lease of 45 s, a sweep of ten, and what is to be done

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_800 if FULL else 180)]


def _kill_horse(stand: Stand) -> None:
    worker = stand.parts["worker"]
    comes(worker.children, patience_s=10)
    for horse in worker.children():
        os.kill(horse, signal.SIGKILL)


def _kill_worker(stand: Stand) -> None:
    stand.kill("worker")
    stand.start("worker")


def _kill_both(stand: Stand) -> None:
    _kill_horse(stand)
    _kill_worker(stand)


IN_TURN: Sequence[Callable[[Stand], None]] = (_kill_horse, _kill_worker, _kill_both)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_every_photo_is_made_once_however_often_its_maker_is_killed(
    stand: Stand, kind: str
) -> None:
    pile = Pile(stand, Village(stand, phones=0))
    ids = [pile.receive(poison.good(1_200)) for _ in range(PHOTOS)]
    pile.ring(ids)
    for number in range(KILLS):
        until(lambda number=number: pile.done(ids) >= number * STEP, f"{number * STEP} are done")
        IN_TURN[number % len(IN_TURN)](stand)
    struck = time.monotonic()
    _all_is_finished(stand, None)
    healed_s = time.monotonic() - struck

    assert pile.done(ids) == PHOTOS
    tries = [photo.attempts for photo in pile.look(ids)]
    _each_is_made_once(stand, pile.look(ids))
    halves = _halves_are_swept(stand)
    print(  # noqa: T201 - what the long form is for
        f"| {KILLS} kills | {kind} | {PHOTOS} photos, {sum(tries) - PHOTOS} tries more | healed"
        f" {healed_s:.0f} s after the last | {halves} halves, swept |"
    )
    assert healed_s < HEALED_WITHIN_S


def _each_is_made_once(stand: Stand, photos: Sequence[Photo]) -> None:
    """One row and one whole file of each kind; no file that no row knows."""
    ids = [photo.id for photo in photos]
    with stand.app.app_context():
        session, of_these = db.session(), PhotoRendition.photo_id.in_(ids)
        many = (
            select(PhotoRendition.photo_id)
            .where(of_these)
            .group_by(PhotoRendition.photo_id, PhotoRendition.kind)
            .having(func.count() > 1)
        )
        doubled: list[UUID] = list(session.scalars(many))
        known = set(session.scalars(select(PhotoRendition.sha256)))
        db.session.remove()
    assert not doubled
    files = stand.app.extensions["files"]
    assert {each.key for each in files.keys("renditions")} == {
        content_key("renditions", digest) for digest in known
    }
