"""The page on which people choose how they are told, and its buttons."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.reminders import choices as service
from app.reminders import mail
from app.reminders.blueprint import bp, settings
from app.reminders.forms import AddressForm
from app.reminders.keys import public_key
from app.reminders.letters import confirmation, trial_letter
from app.reminders.mail import Letter
from app.reminders.queries import choice_of
from app.reminders.rules import check_email
from app.reminders.subscriptions import live
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound, Problem
from app.shared.work import work


@bp.get("/reminders/choices")
@allow()
def choices() -> ResponseReturnValue:
    """Push, mail and calendar, each with its state and its button."""
    return _page(AddressForm())


@bp.post("/reminders/mail")
@allow()
def ask_address() -> ResponseReturnValue:
    """Send a link to an address; mails begin when its owner opens it."""
    _mail_or_404()
    form = AddressForm()
    if not form.validate_on_submit() or not form.refuse(check_email(form.email.data or "")):
        return _page(form), 422
    actor, instant, email = current_actor(), now(), form.email.data or ""
    try:
        with work() as w:
            choice = service.ask_address(w.session, email, actor=actor, now=instant)
            confirmed = choice.by_mail
    except service.TooSoon as refusal:
        form.refuse([Problem("email", refusal.code)])
        return _page(form), 429
    if confirmed:
        flash(_("Mails go to this address already."), "done")
    else:
        letter = confirmation(actor.account_id, email, bangkok_day(instant))
        _send(letter, _("We sent a link to %(email)s. Open it to begin.", email=email))
    return redirect(url_for(".choices"), code=303)


@bp.post("/reminders/mail/test")
@allow()
def test_mail() -> ResponseReturnValue:
    """Send a mail to the confirmed address, now."""
    _mail_or_404()
    actor = current_actor()
    try:
        with work() as w:
            email = service.ask_test(w.session, actor=actor, now=now())
    except service.TooSoon:
        flash(_("The last mail is less than a minute ago. Wait a little."), "warn")
    else:
        _send(trial_letter(actor.account_id, email), _("A test mail is on its way."))
    return redirect(url_for(".choices"), code=303)


@bp.post("/reminders/mail/off")
@allow()
def no_mail() -> ResponseReturnValue:
    """Send no mails any more."""
    with work() as w:
        if choice := choice_of(w.session, current_actor().account_id):
            service.stop(w.session, choice, now=now())
    flash(_("No more mails."), "done")
    return redirect(url_for(".choices"), code=303)


@bp.post("/reminders/calendar")
@allow()
def renew_calendar() -> ResponseReturnValue:
    """Another address for the calendar; those given away before end."""
    with work() as w:
        service.renew_calendar(w.session, actor=current_actor(), now=now())
    flash(_("The calendar has a new address. Programs that use the old one see nothing."), "done")
    return redirect(url_for(".choices"), code=303)


def _send(letter: Letter, sentence: str) -> None:
    try:
        mail.send(letter, settings())
    except mail.MailFailed:
        flash(_("The mail server does not answer. Try again later."), "error")
    else:
        flash(sentence, "done")


def _mail_or_404() -> None:
    if not settings().mails:
        raise NotFound(kind="mail")


def _page(form: AddressForm) -> str:
    actor, session = current_actor(), db.session()
    choice = choice_of(session, actor.account_id)
    if choice and choice.email and not form.is_submitted():
        form.email.data = choice.email
    seed = settings().signing_key
    secret = service.calendar_secret(session, actor.account_id, seed=seed)
    address = url_for("reminders.calendar", secret=secret, _external=True)
    return render_template(
        "reminders/choices.html",
        form=form,
        choice=choice,
        mails=settings().mails,
        push_key=public_key(settings()),
        browsers=len(live(session, actor.account_id)),
        calendar=address,
        calendar_here=address.replace(request.scheme, "webcal", 1),
    )
