"""The page of reminders: what is new, and the way to what is to be done."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.renewal import register_renewal
from app.reminders import (  # noqa: F401 - they register themselves
    calendar_routes,
    choice_routes,
    mail_routes,
    push_routes,
    queries,
    service,
    subscriptions,
    text_routes,
)
from app.reminders.blueprint import bp
from app.reminders.places import place_of
from app.reminders.words import lines_of
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import work
from app.web import nav

__all__ = ["bp"]

nav.register("reminders.choices", _l("How I am reminded"), "bell", order=20, account=True)
nav.register_bell(
    "reminders.index", lambda person: queries.unread_count(db.session(), person.account_id)
)
register_renewal(subscriptions.move)


@bp.get("/reminders")
@allow()
def index() -> ResponseReturnValue:
    """What the actor was told, newest first; `?show=new` leaves out what was opened."""
    actor, session, instant = current_actor(), db.session(), now()
    only_new = request.args.get("show") == "new"
    after = request.args.get("after")
    page = queries.inbox(session, actor, unread=only_new, after=after)
    return render_template(
        "reminders/index.html",
        lines=lines_of(session, page.items, bangkok_day(instant)),
        next_cursor=page.next_cursor,
        after=after,
        only_new=only_new,
        unread=queries.unread_count(session, actor.account_id),
    )


@bp.get("/reminders/<uuid:reminder_id>")
@allow()
def show(reminder_id: UUID) -> ResponseReturnValue:
    """Note that it was read, and go where the thing is done.  Twice is harmless."""
    actor = current_actor()
    with work() as w:
        reminder = service.mark_read(w.session, reminder_id, actor=actor, now=now())
    return redirect(place_of(db.session(), reminder, actor), code=303)


@bp.post("/reminders/read")
@allow()
def read_all() -> ResponseReturnValue:
    """Note that all was read."""
    with work() as w:
        service.mark_all_read(w.session, actor=current_actor(), now=now())
    return redirect(url_for(".index"), code=303)
