"""Reading follow-ups - done and due - always within an actor's scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.followups.models import Followup, FollowupRevision
from app.followups.rules import UNREACHABLE
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.visits.models import Visit
from app.visits.queries import IdsOrAsked, matches_words, visits_in_scope

COMING_DAYS = 30  # how far ahead the due list looks
_EXPORT_BATCH = 500  # rows held in memory at a time
MOST_SUMMED = 50_000  # checks: a quarter of a large province, added up in a fifth of a second


@dataclass(frozen=True, slots=True)
class FollowupFilter:
    """What a reader asked to see; empty means everything in scope."""

    search: str = ""
    centre_id: UUID | None = None
    quarter: Quarter | None = None
    used: str = ""
    district: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on `Followup` joined to `Visit` and `Centre`."""
        own = matches_words(Followup.search_key, self.search)
        of_visit = matches_words(Visit.search_key, self.search)
        found = [or_(a, b) for a, b in zip(own, of_visit, strict=True)]
        if self.centre_id:
            found.append(Followup.centre_id == self.centre_id)
        if self.quarter:
            days = (self.quarter.first_day, self.quarter.last_day)
            found.append(Followup.followed_on.between(*days))
        if self.used:
            found.append(Followup.used == self.used)
        if self.district:
            found.append(Centre.subdistrict_code.startswith(self.district, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class FollowupTotals:
    """What the filter adds up to.  People are counted once, by each visit's latest answer."""

    checks: int
    visits: int  # visits with at least one answer
    visitors: int  # people who came on those visits: the denominator of `followed`
    followed: int  # people those answers speak for: the denominator of `used`
    used: int


def followups_in_scope(actor: Actor) -> Select[Followup]:
    """Every follow-up the actor may see, with visit and centre; struck-out ones left out."""
    return (
        select(Followup)
        .join(Followup.visit)
        .join(Followup.centre)
        .options(contains_eager(Followup.visit), contains_eager(Followup.centre))
        .where(*_counting(actor))
    )


def followup_for(session: Session, actor: Actor, followup_id: UUID) -> Followup:
    """The follow-up, if the actor may see it.

    Raises:
        NotFound: it does not exist, is struck out, or lies outside the actor's scope.
    """
    wanted = followups_in_scope(actor).where(Followup.id == followup_id)
    followup = session.scalars(wanted).one_or_none()
    if followup is None:
        raise NotFound(kind="followup")
    return followup


def list_followups(
    session: Session, actor: Actor, wanted: FollowupFilter, *, after: str | None = None
) -> Page[Followup]:
    """One page of follow-ups, newest day first.  Raises BadCursor."""
    statement = followups_in_scope(actor).where(*wanted.conditions())
    key = (Followup.followed_on, Followup.id)
    return page_of(session, statement, key, after=after, descending=True)


def followups_of(session: Session, actor: Actor, visit_id: UUID) -> Sequence[Followup]:
    """A visit's checks, newest first."""
    statement = followups_in_scope(actor).where(Followup.visit_id == visit_id)
    return session.scalars(
        statement.order_by(Followup.followed_on.desc(), Followup.id.desc())
    ).all()


def history_of(
    session: Session, followup: Followup
) -> Sequence[tuple[FollowupRevision, str | None]]:
    """The follow-up's history with the name of who made each version, newest first."""
    rows = session.execute(
        select(FollowupRevision, Account.name)
        .outerjoin(Account, Account.id == FollowupRevision.made_by)
        .where(FollowupRevision.followup_id == followup.id)
        .order_by(FollowupRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]


def due_visits(
    session: Session,
    actor: Actor,
    *,
    today: date,
    centre_id: UUID | None = None,
    after: str | None = None,
) -> Page[Visit]:
    """One page of visits to follow up: overdue first, then the coming 30 days."""
    statement = visits_in_scope(actor).where(*_due(today, centre_id))
    return page_of(session, statement, (Visit.next_followup_on, Visit.id), after=after)


def due_on_phone(
    actor: Actor, *, today: date, days: int, most: int = 500
) -> Select[*tuple[Any, ...]]:
    """The question for visits a phone must know to follow up offline: overdue and those of the
    coming `days`, soonest first.

    Rows of columns, with whom to call: only those who agreed to it are ever due.
    """
    columns = (
        Visit.id, Visit.centre_id, Visit.visit_date, Visit.next_followup_on, Visit.kind,
        Visit.group_name, Visit.leader_name, Visit.phone, Visit.n_total, Visit.topics,
        Visit.consent_followup,
    )  # fmt: skip
    return (
        visits_in_scope(actor)
        .with_only_columns(*columns)
        .where(
            Visit.next_followup_on <= today + timedelta(days=days),
            Visit.consent_followup.is_(True),  # the table says so too; here it guards a person
        )
        .order_by(Visit.next_followup_on, Visit.id)
        .limit(most)
    )


def followups_on_phone(
    actor: Actor, *, since: datetime, visit_ids: IdsOrAsked, most: int = 1_000
) -> Select[*tuple[Any, ...]]:
    """The question what a phone keeps of checks: the actor's own received after `since`, and those
    of `visit_ids`; newest first.  Those struck out after `since` come too, as tombstones.
    """
    mine = Followup.recorder_id == actor.account_id
    gone = or_(Followup.deleted_at.is_not(None), Visit.deleted_at.is_not(None))
    shown = or_(
        mine & (Followup.received_at >= since),
        Followup.deleted_at >= since,
        Followup.deleted_at.is_(None) & Followup.visit_id.in_(visit_ids),
    )
    return (
        select(
            Followup.id, Followup.visit_id, Followup.version, Followup.followed_on,
            Followup.used, mine.label("mine"), gone.label("deleted"),
        )
        .join(Followup.visit)
        .join(Followup.centre)
        .where(centres_in_scope(actor), shown)
        .order_by(Followup.followed_on.desc(), Followup.id.desc())
        .limit(most)
    )  # fmt: skip


def due_counts(
    session: Session, actor: Actor, *, today: date, centre_id: UUID | None = None
) -> tuple[int, int]:
    """How many visits are overdue (their day is past), and how many come within 30 days."""
    row = session.execute(
        select(
            func.count().filter(Visit.next_followup_on < today),
            func.count().filter(Visit.next_followup_on >= today),
        )
        .select_from(Visit)
        .join(Visit.centre)
        .where(centres_in_scope(actor), Visit.deleted_at.is_(None), *_due(today, centre_id))
    ).one()
    return int(row[0]), int(row[1])


def are_summed(session: Session, actor: Actor, wanted: FollowupFilter) -> bool:
    """Whether the filter covers few enough to sum up while somebody waits."""
    some = (
        select(Followup.id)
        .join(Followup.centre)
        .where(centres_in_scope(actor), Followup.deleted_at.is_(None), *wanted.conditions())
        .limit(MOST_SUMMED + 1)
    )
    if wanted.search:
        some = some.join(Followup.visit)  # its words count as well
    found = session.scalar(select(func.count()).select_from(some.subquery()))
    return (found or 0) <= MOST_SUMMED


def followup_totals(session: Session, actor: Actor, wanted: FollowupFilter) -> FollowupTotals:
    """Sum up everything the filter covers.

    A visit followed three times has three checks but its people count once, by the latest
    check that reached them; otherwise 42 pupils would become 126.
    """
    newest = func.row_number().over(
        partition_by=Followup.visit_id,
        order_by=(
            (Followup.used == UNREACHABLE),  # false sorts first on both databases
            Followup.followed_on.desc(),
            Followup.id.desc(),
        ),
    )
    ranked = (
        select(
            Followup.used, Followup.n_followed, Followup.n_used, Visit.n_total, newest.label("n")
        )
        .join(Followup.visit)
        .join(Followup.centre)
        .where(*_counting(actor), *wanted.conditions())
        .subquery()
    )
    answers = (ranked.c.n == 1) & (ranked.c.used != UNREACHABLE)
    people = (ranked.c.n_total, ranked.c.n_followed, ranked.c.n_used)
    row = session.execute(
        select(
            func.count(),
            func.count().filter(answers),
            *(func.coalesce(func.sum(column).filter(answers), 0) for column in people),
        ).select_from(ranked)
    ).one()
    return FollowupTotals(*(int(number) for number in row))


def followups_for_report(
    session: Session, actor: Actor, wanted: FollowupFilter
) -> Iterator[Followup]:
    """Every follow-up the filter covers, by area code, centre and day; some hundred in memory."""
    statement = (
        followups_in_scope(actor)
        .where(*wanted.conditions())
        .order_by(Centre.subdistrict_code, Centre.code, Followup.followed_on, Followup.id)
        .execution_options(yield_per=_EXPORT_BATCH)
    )
    yield from session.scalars(statement)


def _counting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """In scope, and neither the check nor its visit struck out."""
    return (
        centres_in_scope(actor), Followup.deleted_at.is_(None), Visit.deleted_at.is_(None)
    )  # fmt: skip


def _due(today: date, centre_id: UUID | None) -> list[ColumnElement[bool]]:
    found = [Visit.next_followup_on <= today + timedelta(days=COMING_DAYS)]
    if centre_id:
        found.append(Visit.centre_id == centre_id)
    return found
