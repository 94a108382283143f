"""What waits to be told by push or mail: taking it, and noting what became of it.

A row says itself what is left to do (`pushed_at`, `mailed_at`) and from when (`not_before`).
Taking it is a lease, committed before anything is sent: a sender that dies leaves a row that is
taken again - told twice at worst, never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.reminders.clocks import stopped
from app.reminders.models import Reminder, ReminderChoice
from app.reminders.queries import choice_of, settled
from app.reminders.rules import LEASE, MOST_ATTEMPTS, next_morning, wait_after
from app.shared.clock import bangkok_day

PUSH, MAIL = "pushed_at", "mailed_at"


def waiting(session: Session, now: datetime, *, limit: int = 1) -> Sequence[UUID]:
    """Accounts with something to be told now."""
    return session.scalars(
        select(Reminder.account_id).where(_waits(now)).distinct().limit(limit)
    ).all()


def claim(session: Session, account_id: UUID, now: datetime) -> list[Reminder]:
    """Take all that waits for an account; empty where another sender was quicker.

    What is to be done comes first, the earliest due before all.
    """
    taken = session.scalars(
        update(Reminder)
        .where(Reminder.account_id == account_id, _waits(now))
        .values(not_before=now + LEASE, attempts=Reminder.attempts + 1)
        .returning(Reminder.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = session.scalars(
        select(Reminder)
        .where(Reminder.id.in_(taken))
        .order_by(Reminder.due_by, Reminder.made_at, Reminder.id)
        .execution_options(populate_existing=True)
    )
    return sorted(rows, key=lambda row: row.kind == "accepted")


def to_tell(session: Session, rows: Sequence[Reminder], channel: str) -> list[Reminder]:
    """Of these, what this channel has still to tell: not read meanwhile, not sent in meanwhile."""
    done = settled(session, rows) | stopped(session, rows)
    return [
        row
        for row in rows
        if getattr(row, channel) is None and row.read_at is None and row.id not in done
    ]


def note_told(session: Session, rows: Iterable[Reminder], channel: str, now: datetime) -> None:
    """This channel is done with these rows: told, or there is nobody to tell."""
    _set(session, rows, **{channel: now})


def note_mailed(session: Session, account_id: UUID, now: datetime) -> None:
    """The account had its mail of the day."""
    session.execute(
        update(ReminderChoice)
        .where(ReminderChoice.account_id == account_id)
        .values(mailed_on=bangkok_day(now))
    )


def had_mail_today(session: Session, account_id: UUID, now: datetime) -> bool:
    """Whether the account had its one mail of this Bangkok day."""
    choice = choice_of(session, account_id)
    return choice is not None and choice.mailed_on == bangkok_day(now)


def put_off(session: Session, rows: Iterable[Reminder], now: datetime) -> None:
    """Wait for tomorrow's mail; that is no failure."""
    _set(session, rows, not_before=next_morning(now), attempts=0)


def note_failed(session: Session, rows: Iterable[Reminder], error: str, now: datetime) -> None:
    """Try these again later, each time a longer while."""
    for row in rows:
        _set(session, [row], not_before=now + wait_after(row.attempts), last_error=error)


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(
        or_(Reminder.pushed_at.is_(None), Reminder.mailed_at.is_(None)),
        or_(Reminder.not_before.is_(None), Reminder.not_before <= now),
        Reminder.attempts < MOST_ATTEMPTS,
    )


def _set(session: Session, rows: Iterable[Reminder], **values: object) -> None:
    ids = [row.id for row in rows]
    if ids:
        session.execute(
            update(Reminder)
            .where(Reminder.id.in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
