"""What is owed, who is to hear of it, and what somebody was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.accounts.service import may_sign_in
from app.reminders.models import Reminder, ReminderChoice
from app.review.models import Submission, SubmissionState
from app.review.owed import NOW, Owed, owed_by
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.schema import Programme
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of

EVERYWHERE = Actor(UUID(int=0), "admin", "", None, "")  # the jobs' eyes: nobody's account
DONE: tuple[SubmissionState, ...] = ("submitted", "accepted", "waived")
MOST_COUNTED = 99  # the bell shows 99 for more


def due_between(programme: Programme, first: date, last: date) -> list[Occurrence]:
    """What is due on these days, both included, by due day."""
    return [one for one in occurrences(programme) if first <= one.due_by <= last]


def owing(
    session: Session,
    actor: Actor,
    programme: Programme,
    chosen: Sequence[Occurrence],
    today: date,
) -> list[Owed]:
    """What units in the actor's scope have still to send of these, by due day."""
    found = owed_by(session, actor, programme, today, only=chosen)
    return [one for one in found if one.standing in NOW]


def people(session: Session, *, allow_demo: bool) -> list[Account]:
    """Every account that may sign in, by username."""
    rows = session.scalars(
        select(Account).where(Account.disabled_at.is_(None)).order_by(Account.username)
    )
    return [row for row in rows if may_sign_in(row, allow_demo=allow_demo)]


def changed_since(session: Session, instant: datetime) -> Sequence[UUID]:
    """Submissions that were sent or decided since: what the doorbell may have lost."""
    return session.scalars(
        select(Submission.id).where(
            or_(Submission.submitted_at >= instant, Submission.decided_at >= instant)
        )
    ).all()


def settled(session: Session, rows: Iterable[Reminder]) -> set[UUID]:
    """Of these, the reminders of something due that has been sent since."""
    asked = [row for row in rows if row.kind in ("due", "late")]
    if not asked:
        return set()
    done = session.execute(
        select(Submission.programme, Submission.occurrence, Submission.unit_code).where(
            Submission.occurrence.in_({row.occurrence for row in asked}),
            Submission.unit_code.in_({row.unit_code for row in asked}),
            Submission.state.in_(DONE),
        )
    )
    known = {tuple(row) for row in done}
    return {row.id for row in asked if (row.programme, row.occurrence, row.unit_code) in known}


def unread_count(session: Session, account_id: UUID) -> int:
    """How many reminders somebody has not opened, at most 99.  One small index."""
    few = (
        select(Reminder.id)
        .where(Reminder.account_id == account_id, Reminder.read_at.is_(None))
        .limit(MOST_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(few.subquery())) or 0


def inbox(
    session: Session, actor: Actor, *, unread: bool, after: str | None = None
) -> Page[Reminder]:
    """One page of what somebody was told, newest first.  Raises BadCursor."""
    statement = select(Reminder).where(Reminder.account_id == actor.account_id)
    if unread:
        statement = statement.where(Reminder.read_at.is_(None))
    key = (Reminder.made_at, Reminder.id)
    return page_of(session, statement, key, after=after, descending=True, size=30)


def reminder_for(session: Session, actor: Actor, reminder_id: UUID) -> Reminder:
    """A reminder of the actor's own.  Raises NotFound."""
    found = session.get(Reminder, reminder_id)
    if found is None or found.account_id != actor.account_id:
        raise NotFound(kind="reminder")
    return found


def choice_of(session: Session, account_id: UUID) -> ReminderChoice | None:
    """How somebody wants to be told; None where they never said."""
    return session.get(ReminderChoice, account_id, populate_existing=True)


def mailbox_of(session: Session, account_id: UUID) -> str | None:
    """Where somebody wants mails; None where they want none, or their account is closed."""
    return session.scalar(
        select(ReminderChoice.email)
        .join(Account, Account.id == ReminderChoice.account_id)
        .where(
            ReminderChoice.account_id == account_id,
            ReminderChoice.by_mail,
            Account.disabled_at.is_(None),
        )
    )


def open_account(session: Session, account_id: UUID) -> Account | None:
    """The account, unless it is closed."""
    account = session.get(Account, account_id)
    return account if account and account.disabled_at is None else None
