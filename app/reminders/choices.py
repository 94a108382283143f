"""How somebody wants to be told: an address for mails, the secret of their calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.reminders.models import ReminderChoice
from app.reminders.queries import choice_of, open_account
from app.reminders.rules import CONFIRM_WITHIN_DAYS, may_mail_by_hand
from app.reminders.tokens import account_in, calendar_token, confirm_token, same, stop_token
from app.shared.clock import bangkok_day
from app.shared.errors import DomainError, NotFound


class TooSoon(DomainError):
    """The person had a mail sent less than a minute ago."""

    code = "too_many_requests"


def ask_address(session: Session, email: str, *, actor: Actor, now: datetime) -> ReminderChoice:
    """Note an address that passed `check_email`; mails begin when its owner says so.  Flushes.

    Raises:
        TooSoon: the last mail by hand is less than a minute ago.
    """
    choice = _choice(session, actor, now)
    if choice.email != email or not choice.by_mail:
        choice.email, choice.by_mail = email, False
    _note_by_hand(choice, now)
    session.flush()
    return choice


def ask_test(session: Session, *, actor: Actor, now: datetime) -> str:
    """The confirmed address, for a mail to try it.  Raises NotFound (none), TooSoon."""
    choice = choice_of(session, actor.account_id)
    if choice is None or not choice.by_mail or not choice.email:
        raise NotFound(kind="address")
    _note_by_hand(choice, now)
    session.flush()
    return choice.email


def asked_in(
    session: Session, token: str, day: date, *, seed: str, now: datetime
) -> ReminderChoice:
    """Whose address a confirmation's link is for.  Raises NotFound: no such link, or too old."""
    account_id, today = account_in(token), bangkok_day(now)
    choice = choice_of(session, account_id) if account_id else None
    fresh = timedelta(0) <= today - day <= timedelta(days=CONFIRM_WITHIN_DAYS)
    if choice is None or not choice.email or not fresh or not _is_open(session, choice):
        raise NotFound(kind="address")
    if not same(token, confirm_token(seed, choice.account_id, choice.email, day)):
        raise NotFound(kind="address")
    return choice


def confirm(session: Session, choice: ReminderChoice, *, now: datetime) -> None:
    """Send mails to the address from now on.  Twice is harmless.  Flushes."""
    if not choice.by_mail:
        choice.by_mail, choice.changed_at = True, now
        _note(session, choice.account_id, "reminders.mail_on", now)
        session.flush()


def told_in(session: Session, token: str, *, seed: str) -> ReminderChoice:
    """Whose address a mail's way out is for.  Raises NotFound: no such link."""
    account_id = account_in(token)
    choice = choice_of(session, account_id) if account_id else None
    if choice is None or not choice.email:
        raise NotFound(kind="address")
    if not same(token, stop_token(seed, choice.account_id, choice.email)):
        raise NotFound(kind="address")
    return choice


def stop(session: Session, choice: ReminderChoice, *, now: datetime) -> None:
    """Send no mails any more.  Twice is harmless.  Flushes."""
    if choice.by_mail:
        choice.by_mail, choice.changed_at = False, now
        _note(session, choice.account_id, "reminders.mail_off", now)
        session.flush()


def calendar_of(session: Session, token: str, *, seed: str) -> UUID:
    """Whose calendar a secret opens.  Raises NotFound: none, an old one, or a closed account."""
    account_id = account_in(token)
    account = open_account(session, account_id) if account_id else None
    if account is None or not same(token, calendar_secret(session, account.id, seed=seed)):
        raise NotFound(kind="calendar")
    return account.id


def calendar_secret(session: Session, account_id: UUID, *, seed: str) -> str:
    """The secret in the address of an account's calendar."""
    choice = choice_of(session, account_id)
    return calendar_token(seed, account_id, choice.calendar_turn if choice else 0)


def renew_calendar(session: Session, *, actor: Actor, now: datetime) -> None:
    """Another secret; the calendar's earlier addresses are worth nothing.  Flushes."""
    choice = _choice(session, actor, now)
    choice.calendar_turn = (choice.calendar_turn or 0) + 1
    _note(session, actor.account_id, "reminders.calendar_renewed", now)
    session.flush()


def _choice(session: Session, actor: Actor, now: datetime) -> ReminderChoice:
    choice = choice_of(session, actor.account_id)
    if choice is None:
        choice = ReminderChoice(account_id=actor.account_id, by_mail=False, calendar_turn=0)
        session.add(choice)
    choice.changed_at = now
    return choice


def _note_by_hand(choice: ReminderChoice, now: datetime) -> None:
    if not may_mail_by_hand(choice.asked_at, now):
        raise TooSoon
    choice.asked_at = now


def _is_open(session: Session, choice: ReminderChoice) -> bool:
    return open_account(session, choice.account_id) is not None


def _note(session: Session, account_id: UUID, action: str, now: datetime) -> None:
    record(
        session, actor_id=account_id, action=action, kind="account", object_id=account_id, now=now
    )
