"""Work: one unit of change.  Commit first, then ring the doorbell.

Edges open it; the domain only flushes.  Jobs leave after the commit, so a worker never looks
for a row that is not there yet; if the bell cannot be rung (Redis is away) the row still says
what is to be done and `upkeep` sends it later.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from flask import current_app
from sqlalchemy.orm import Session

from app.shared.db import AUTOCOMMIT, ISOLATION, WRITES, by_itself, db

log = logging.getLogger(__name__)
EXTENSION = "lakthan_send_job"


class SendJob(Protocol):
    """Sends one job: a function's dotted path and the ids it needs."""

    def __call__(self, function: str, /, **ids: str) -> None:
        """Ring the doorbell.  May raise; the caller logs it and carries on."""


Ring = tuple[str, dict[str, str]]  # a function's dotted path and its ids


@runtime_checkable
class SendAll(Protocol):
    """A `SendJob` whose queue knows that one job comes after others."""

    def all_then(self, rings: Sequence[Ring], then: Ring) -> None:
        """Send `rings`, and `then` when they have all ended, well or not.  May raise."""


@dataclass
class Work:
    """A session inside one transaction, and the jobs to send once it is committed."""

    session: Session
    jobs: list[Ring] = field(default_factory=list)
    groups: list[tuple[list[Ring], Ring]] = field(default_factory=list)

    def after_commit(self, function: str, **ids: str) -> None:
        """Remember to send `function` (dotted path) with these ids after the commit."""
        self.jobs.append((function, ids))

    def after_commit_all(self, rings: Sequence[Ring], then: Ring) -> None:
        """Remember to send these jobs after the commit, and `then` once they have all ended.

        `then` must find out by itself whether they did what they should.
        """
        self.groups.append((list(rings), then))


@contextmanager
def work(*, at_once: bool = False) -> Iterator[Work]:
    """Open a unit of work: commits at the end and then sends its jobs; rolls back on any error.

    `at_once`: a single statement changes anything, and on PostgreSQL is its own transaction.  It
    spares two round trips where there are but four.
    """
    session = db.session()
    alone = by_itself(db.engine) if at_once else {}
    if session.in_transaction() and not (alone and _is_alone(session)):
        session.commit()  # ends the page's reading transaction; nothing may be pending in it
    unit = Work(session)
    try:
        if not session.in_transaction():
            session.connection(execution_options={WRITES: True} | alone)
        yield unit
        session.commit()
    except BaseException:
        session.rollback()
        raise
    _send(unit)


def _is_alone(session: Session) -> bool:
    """Whether its statements are each a transaction already."""
    return session.connection().get_execution_options().get(ISOLATION) == AUTOCOMMIT


def _send(unit: Work) -> None:
    send: SendJob = current_app.extensions[EXTENSION]
    for function, ids in unit.jobs:
        with _for_the_sweeper(function):
            send(function, **ids)
    for rings, then in unit.groups:
        with _for_the_sweeper(then[0]):
            if isinstance(send, SendAll):
                send.all_then(rings, then)
            else:  # one after the other is an order as well
                for function, ids in [*rings, then]:
                    send(function, **ids)


@contextmanager
def _for_the_sweeper(function: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        log.warning("job %s waits for the sweeper: %s", function, error)
