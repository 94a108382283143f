"""The calendar's address: whoever knows it may read it, and nobody is named in it."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.accounts.service import actor_of
from app.reminders.blueprint import bp, settings
from app.reminders.choices import calendar_of
from app.reminders.feed import feed
from app.reminders.queries import open_account
from app.rounds.programme import programmes_in_force
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound


@bp.get("/calendar/<secret>.ics")
@allow_public
def calendar(secret: str) -> ResponseReturnValue:
    """What is due, for a calendar program; unchanged, it is answered with 304."""
    session = db.session()
    account = open_account(session, calendar_of(session, secret, seed=settings().signing_key))
    if account is None:
        raise NotFound(kind="calendar")
    body = feed(
        session,
        actor_of(account),
        programmes_in_force(),
        today=bangkok_day(now()),
        page=url_for("reminders.index", _external=True),
    )
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="lakthan.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
