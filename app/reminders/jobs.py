"""Reminding and telling.  Queue: upkeep; 120, 60 and 120 s."""

from __future__ import annotations

import logging
from time import monotonic
from uuid import UUID

from flask import current_app

from app.reminders import delivery, letters, mail, push, service, subscriptions
from app.reminders.models import PushSubscription, Reminder
from app.reminders.queries import mailbox_of
from app.reminders.rules import may_ring
from app.reminders.words import lines_of
from app.rounds.programme import programmes_in_force
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import Work, work
from config import Settings

log = logging.getLogger(__name__)
DELIVER = "app.reminders.jobs.deliver"
DRAIN_S = 60.0  # of 120: the last account may meet two services that answer after ten seconds


def remind() -> None:
    """Make the day's reminders, and those that a lost bell left out; ring if something waits.

    Rung by the clock.  Harmless twice, even at the same time: a reminder is unique by account,
    occurrence, unit and step.  After days without a server it makes the nearest step only.
    """
    with work() as w:
        made = service.remind(w.session, programmes_in_force(), allow_demo=_allow_demo(), now=now())
        _ring_if_waiting(w)
    if made:
        log.info("made %d reminders", made)


def tell(submission_id: str) -> None:
    """Tell whom it concerns that a submission was sent in, returned or accepted.

    Rung after each of these.  Harmless twice: unique by account, submission, edition and kind.
    """
    with work() as w:
        service.tell(w.session, UUID(submission_id), allow_demo=_allow_demo(), now=now())
        _ring_if_waiting(w)


def deliver() -> None:
    """Push and mail what waits, an account at a time, for a minute; rings for the rest.

    Harmless twice, even at the same time: whoever takes an account's rows first has them for five
    minutes.  If it dies between sending and noting that, they are sent once more.
    """
    if not may_ring(now()):
        return  # the clock rings again in the morning
    stop_at = monotonic() + DRAIN_S
    while monotonic() < stop_at:
        waiting = delivery.waiting(db.session(), now())
        _end_reading()
        if not waiting:
            return
        _deliver_to(waiting[0])
    with work() as w:
        _ring_if_waiting(w)


def _deliver_to(account_id: UUID) -> None:
    with work() as w:
        rows = delivery.claim(w.session, account_id, now())
    if rows:
        failed = _push(account_id, [row for row in rows if row.pushed_at is None])
        _mail(account_id, [row for row in rows if row.mailed_at is None], failed)


def _push(account_id: UUID, rows: list[Reminder]) -> bool:
    """Tell the account's browsers of these rows, in one message; whether none could be reached."""
    session, today = db.session(), bangkok_day(now())
    told = delivery.to_tell(session, rows, delivery.PUSH)
    browsers = subscriptions.live(session, account_id) if told else []
    message = letters.push_message(lines_of(session, told, today), today) if browsers else {}
    _end_reading()
    outcomes = [(browser, push.send(browser, message, _settings())) for browser in browsers]
    failed = bool(outcomes) and {outcome for _, outcome in outcomes} <= {"failed", "gone"}
    failed = failed and any(outcome == "failed" for _, outcome in outcomes)
    with work() as w:
        _note_browsers(w, outcomes)
        if failed:
            rows = [row for row in rows if row not in told]
            delivery.note_failed(w.session, told, "push", now())
        delivery.note_told(w.session, rows, delivery.PUSH, now())
    return failed


def _note_browsers(w: Work, outcomes: list[tuple[PushSubscription, push.Outcome]]) -> None:
    for browser, outcome in outcomes:
        row = w.session.get(PushSubscription, browser.id)
        if row is not None and outcome == "sent":
            row.told_at = now()
        elif row is not None and outcome == "gone":
            row.gone_at = now()


def _mail(account_id: UUID, rows: list[Reminder], push_failed: bool) -> None:
    """Send the account's mail of the day with these rows, if it wants one and had none yet."""
    session, instant = db.session(), now()
    mailbox = mailbox_of(session, account_id) if _settings().mails else None
    told = delivery.to_tell(session, rows, delivery.MAIL)
    if not told or not mailbox:
        with work() as w:
            delivery.note_told(w.session, rows, delivery.MAIL, instant)
        return
    if delivery.had_mail_today(session, account_id, instant):
        with work() as w:
            if not push_failed:
                delivery.put_off(w.session, rows, instant)
        return
    letter = letters.digest(session, account_id, mailbox, told, bangkok_day(instant))
    _end_reading()
    try:
        mail.send(letter, _settings())
    except mail.MailFailed as error:
        log.warning("mail failed: %s", error)
        with work() as w:
            delivery.note_failed(w.session, rows, str(error), instant)
        return
    with work() as w:
        delivery.note_told(w.session, rows, delivery.MAIL, instant)
        delivery.note_mailed(w.session, account_id, instant)


def _ring_if_waiting(w: Work) -> None:
    if may_ring(now()) and delivery.waiting(w.session, now()):
        w.after_commit(DELIVER)


def _end_reading() -> None:
    """Give the connection back while a server far away is asked; what was read stays as it is."""
    db.session.expunge_all()
    db.session.rollback()


def _allow_demo() -> bool:
    return not _settings().is_production


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
