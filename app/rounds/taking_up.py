"""Taking up what was published: every request, job and command begins with one small question.

Whoever publishes does so in one process; the others learn it here, without a restart.  The
question is answered from an index and costs a fraction of a millisecond.
"""

from __future__ import annotations

import logging
import os

from flask import Flask, appcontext_pushed, current_app
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from app.rounds.library import Edition
from app.rounds.models import ProgrammeVersion
from app.rounds.programme import load_programme, renew, seen_stamp
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db, glance

log = logging.getLogger(__name__)
PID = "lakthan_programme_pid"
_NEWEST = select(  # made once: making it costs as much as asking it
    func.max(ProgrammeVersion.published_at), func.count(ProgrammeVersion.published_at)
)


def init_app(app: Flask) -> None:
    """Ask whenever a request, a job or a command of `app` begins."""
    app.extensions[PID] = os.getpid()
    appcontext_pushed.connect(_begin, app)


def take_up() -> None:
    """Put in force what is published by now.  Twice is harmless."""
    settings, today = current_app.config["SETTINGS"], bangkok_day(now())
    with glance(db.engine) as connection:
        newest = connection.execute(_NEWEST).one()
        stamp = (settings.programme, *newest, Quarter.of_day(today).fiscal_year)
        if stamp != seen_stamp():
            renew(settings.programme, _editions(connection) if newest[1] else (), today, stamp)
            current_app.config["PROGRAMME"] = load_programme().name


def _begin(app: Flask, **_: object) -> None:
    if app.extensions[PID] != os.getpid():
        db.engine.dispose(close=False)  # after a fork: the connections belong to the parent
        app.extensions[PID] = os.getpid()
    try:
        take_up()
    except DBAPIError as error:  # away, or no tables yet: what needs them will say so itself
        log.debug("the programme stays as it was: %s", type(error).__name__)


def _editions(connection: Connection) -> tuple[Edition, ...]:
    one = ProgrammeVersion
    rows = connection.execute(
        select(one.key, one.fiscal_year, one.version, one.published_at, one.text)
        .where(one.published_at.is_not(None))
        .order_by(one.published_at, one.id)
    )
    return tuple(
        Edition(row.key, row.fiscal_year, row.version, row.published_at, row.text)
        for row in rows
        if row.published_at
    )
