"""Making reminders, and noting that they were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.reminders.clocks import clocks_due
from app.reminders.due import Told, due_on, told_of
from app.reminders.models import Reminder
from app.reminders.queries import (
    DONE,
    EVERYWHERE,
    changed_since,
    due_between,
    owing,
    people,
    reminder_for,
)
from app.reminders.rules import LATE_WITHIN_DAYS
from app.review.models import Submission
from app.rounds.schema import Programme
from app.shared.clock import bangkok_day
from app.shared.dialects import insert_into
from app.shared.ids import new_id

STEP_KEY = (
    "account_id", "programme", "occurrence", "unit_code", "kind", "days_before", "due_by",
    "edition",
)  # fmt: skip
LOOKS_BACK = timedelta(days=3)  # a weekend without a worker
BATCH = 200


def reminders_of(
    session: Session, programmes: Sequence[Programme], day: date, *, allow_demo: bool
) -> list[Told]:
    """All that somebody is to be told on the Bangkok day `day`.  Reads only."""
    everyone = people(session, allow_demo=allow_demo)
    found = []
    for programme in programmes:
        steps = programme.remind_days_before
        last = day + timedelta(days=max(steps, default=0))
        near = due_between(programme, day - timedelta(days=LATE_WITHIN_DAYS), last)
        if near:
            rows = owing(session, EVERYWHERE, programme, near, day)
            found += due_on(day, rows, everyone, steps)
    return found


def remind(
    session: Session, programmes: Sequence[Programme], *, allow_demo: bool, now: datetime
) -> int:
    """Make the reminders of the day, and those of steps whose bell was lost; says how many.

    Harmless twice, also at the same time: a reminder is unique by what it says.  Flushes.
    """
    everyone = people(session, allow_demo=allow_demo)
    due = reminders_of(session, programmes, bangkok_day(now), allow_demo=allow_demo)
    due += clocks_due(session, everyone, now)
    made = make(session, due, now=now)
    if made:
        _supersede(session, {one.occurrence for one in due}, now)
    for submission_id in changed_since(session, now - LOOKS_BACK):
        made += _tell(session, submission_id, everyone, now)
    return made


def tell(session: Session, submission_id: UUID, *, allow_demo: bool, now: datetime) -> int:
    """Make the reminders of what became of a submission; says how many.  Harmless twice."""
    return _tell(session, submission_id, people(session, allow_demo=allow_demo), now)


def _tell(session: Session, submission_id: UUID, everyone: Sequence[Account], now: datetime) -> int:
    submission = session.get(Submission, submission_id, populate_existing=True)
    if submission is None:
        return 0
    if submission.state in DONE:
        _settle(session, submission, now)
    return make(session, told_of(submission, everyone), now=now)


def _settle(session: Session, submission: Submission, now: datetime) -> None:
    """What was due has been sent: nobody need open those reminders any more."""
    session.execute(
        update(Reminder)
        .where(
            Reminder.programme == submission.programme,
            Reminder.occurrence == submission.occurrence,
            Reminder.unit_code == submission.unit_code,
            Reminder.kind.in_(("due", "late")),
            Reminder.read_at.is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def _supersede(session: Session, keys: set[str], now: datetime) -> None:
    """Of steps told of one thing only the newest is news; the bell counts things, not steps."""
    newer = aliased(Reminder)
    same = [
        getattr(newer, name) == getattr(Reminder, name)
        for name in ("account_id", "programme", "occurrence", "unit_code")
    ]
    later = (
        select(newer.id)
        .where(*same, newer.kind.in_(("due", "late")), newer.made_at > Reminder.made_at)
        .exists()
    )
    session.execute(
        update(Reminder)
        .where(
            Reminder.occurrence.in_(keys), Reminder.kind == "due", Reminder.read_at.is_(None), later
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def make(session: Session, wanted: Sequence[Told], *, now: datetime) -> int:
    """Make the rows that are not there yet; says how many.  Flushes."""
    known = _known(session, {one.occurrence for one in wanted})
    new = [one for one in wanted if _key(one) not in known]
    return sum(
        _insert(session, new[start : start + BATCH], now) for start in range(0, len(new), BATCH)
    )


def _known(session: Session, keys: set[str]) -> set[tuple[Any, ...]]:
    if not keys:
        return set()
    columns = [getattr(Reminder, name) for name in STEP_KEY]
    rows = session.execute(select(*columns).where(Reminder.occurrence.in_(keys)))
    return {tuple(row) for row in rows}


def _key(one: Told) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in STEP_KEY)


def _insert(session: Session, wanted: Sequence[Told], now: datetime) -> int:
    table: Any = Reminder.__table__
    values = [asdict(one) | {"id": new_id(), "made_at": now, "attempts": 0} for one in wanted]
    statement = (
        insert_into(session, table)
        .values(values)
        .on_conflict_do_nothing(index_elements=list(STEP_KEY))  # the other job was quicker
        .returning(table.c.id)
    )
    return len(session.execute(statement).all())


def mark_read(session: Session, reminder_id: UUID, *, actor: Actor, now: datetime) -> Reminder:
    """Note that the actor opened one of theirs.  Twice is harmless.  Raises NotFound."""
    reminder = reminder_for(session, actor, reminder_id)
    reminder.read_at = reminder.read_at or now
    session.flush()
    return reminder


def mark_all_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """Note that the actor has seen all that they were told until now."""
    session.execute(
        update(Reminder)
        .where(
            Reminder.account_id == actor.account_id,
            Reminder.read_at.is_(None),
            Reminder.made_at <= now,
        )
        .values(read_at=now)
    )
