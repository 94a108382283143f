"""What the links in mails open, without a sign-in.

Looking changes nothing: programs that check mails for viruses open every link in them.  The token
in the address is the proof; a form's own token would add nothing, and a mail program has none.
"""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.reminders import choices
from app.reminders.blueprint import bp, settings
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from app.web.forms import csrf


@bp.get("/reminders/mail/confirm/<day>/<token>")
@allow_public
def confirm(day: str, token: str) -> ResponseReturnValue:
    """Ask for the tap that begins the mails."""
    seed = settings().signing_key
    choice = choices.asked_in(db.session(), token, _day(day), seed=seed, now=now())
    return render_template("reminders/confirm.html", email=choice.email, done=choice.by_mail)


@bp.post("/reminders/mail/confirm/<day>/<token>")
@allow_public
@csrf.exempt
def confirmed(day: str, token: str) -> ResponseReturnValue:
    """Begin the mails.  Twice is harmless."""
    seed = settings().signing_key
    with work() as w:
        choice = choices.asked_in(w.session, token, _day(day), seed=seed, now=now())
        choices.confirm(w.session, choice, now=now())
    return render_template("reminders/confirm.html", email=choice.email, done=True)


@bp.get("/reminders/mail/stop/<token>")
@allow_public
def stop(token: str) -> ResponseReturnValue:
    """Ask for the tap that ends the mails."""
    choice = choices.told_in(db.session(), token, seed=settings().signing_key)
    return render_template("reminders/stop.html", email=choice.email, done=not choice.by_mail)


@bp.post("/reminders/mail/stop/<token>")
@allow_public
@csrf.exempt
def stopped(token: str) -> ResponseReturnValue:
    """End the mails; a mail program's own button comes here too (RFC 8058).  Twice is harmless."""
    with work() as w:
        choice = choices.told_in(w.session, token, seed=settings().signing_key)
        choices.stop(w.session, choice, now=now())
    return render_template("reminders/stop.html", email=choice.email, done=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(kind="address") from error
