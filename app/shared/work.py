"""Work: one unit of change.  Commit first, then ring the doorbell.

Edges open it; the domain only flushes.  Jobs leave after the commit, so a worker never looks
for a row that is not there yet; if the bell cannot be rung (Redis is away) the row still says
what is to be done and `upkeep` sends it later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from flask import current_app
from sqlalchemy.orm import Session

from app.shared.db import WRITES, db

log = logging.getLogger(__name__)
EXTENSION = "lakthan_send_job"


class SendJob(Protocol):
    """Sends one job: a function's dotted path and the ids it needs."""

    def __call__(self, function: str, /, **ids: str) -> None:
        """Ring the doorbell.  May raise; the caller logs it and carries on."""


@dataclass
class Work:
    """A session inside one transaction, and the jobs to send once it is committed."""

    session: Session
    jobs: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def after_commit(self, function: str, **ids: str) -> None:
        """Remember to send `function` (dotted path) with these ids after the commit."""
        self.jobs.append((function, ids))


@contextmanager
def work() -> Iterator[Work]:
    """Open a unit of work: commits at the end and then sends its jobs; rolls back on any error."""
    session = db.session()
    if session.in_transaction():
        session.commit()  # ends the page's reading transaction; nothing may be pending in it
    unit = Work(session)
    try:
        session.connection(execution_options={WRITES: True})
        yield unit
        session.commit()
    except BaseException:
        session.rollback()
        raise
    _send(unit.jobs)


def _send(jobs: list[tuple[str, dict[str, str]]]) -> None:
    send: Callable[..., None] = current_app.extensions[EXTENSION]
    for function, ids in jobs:
        try:
            send(function, **ids)
        except (OSError, RuntimeError) as error:
            log.warning("job %s waits for the sweeper: %s", function, error)
