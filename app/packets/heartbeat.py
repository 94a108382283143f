"""A sign of life while a job works: its lease is renewed even while a typesetter is busy.

The beat runs in a thread, for a lease must not depend on how long one step takes; whether the
claim was lost in the meantime, the job learns at its next tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.packets.claims import LEASE, ClaimLost
from app.shared.db import db

log = logging.getLogger(__name__)
BEAT_S = LEASE.total_seconds() / 4
TELL_EVERY_S = 1.0  # a page looks every two seconds; each telling is one small commit


@contextmanager
def beating(renew: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Call `renew` now and then until the block ends; yields a `tick` for the job to call often.

    `renew` must open its own unit of work and raise ClaimLost if the claim is gone; then `tick`
    raises it too.  A database that is away for a moment is tried again at the next beat.
    """
    app: Any = current_app
    pulse = _Pulse(renew)
    thread = Thread(target=pulse.run, args=(app._get_current_object(),), daemon=True)
    thread.start()
    try:
        yield pulse.tick
    finally:
        pulse.over.set()
        thread.join()


class _Pulse:
    def __init__(self, renew: Callable[[], None]) -> None:
        self.renew = renew
        self.over, self.lost = Event(), Event()
        self.told_at = monotonic()

    def tick(self) -> None:
        """Renew if that was not done for a second.  Raises ClaimLost."""
        if self.lost.is_set():
            raise ClaimLost
        if monotonic() - self.told_at >= TELL_EVERY_S:
            self.renew()
            self.told_at = monotonic()

    def run(self, app: Flask) -> None:
        with app.app_context():
            while not self.over.wait(BEAT_S):
                try:
                    self.renew()
                except ClaimLost:
                    self.lost.set()
                    return
                except SQLAlchemyError as error:
                    log.warning("no sign of life: %s", type(error).__name__)
                finally:
                    db.session.remove()
