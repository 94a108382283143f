"""Reading the visitor book, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.shared.thai import fold
from app.visits.models import Visit, VisitRevision
from app.visits.tallies import COUNTS, VisitTally

_EXPORT_BATCH = 500  # rows held in memory at a time
MOST_COUNTED = 1_000  # of entries found by their words
IdsOrAsked = Collection[UUID] | Select[UUID]
"""Ids, or the question that finds them, which then stays in the database."""


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a reader asked to see; empty means everything in scope."""

    search: str = ""
    centre_id: UUID | None = None
    quarter: Quarter | None = None
    kind: str = ""
    district: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on `Visit` joined to `Centre`."""
        found = [matches_words(Visit.search_key, self.search)]
        if self.centre_id:
            found.append([Visit.centre_id == self.centre_id])
        if self.quarter:
            days = (self.quarter.first_day, self.quarter.last_day)
            found.append([Visit.visit_date.between(*days)])
        if self.kind:
            found.append([Visit.kind == self.kind])
        if self.district:
            found.append([Centre.subdistrict_code.startswith(self.district, autoescape=True)])
        return [condition for group in found for condition in group]

    def tally_conditions(self) -> list[ColumnElement[bool]]:
        """The same, but for the words, on `VisitTally` joined to `Centre`."""
        found: list[ColumnElement[bool]] = []
        if self.centre_id:
            found.append(VisitTally.centre_id == self.centre_id)
        if self.quarter:
            found.append(VisitTally.month.between(self.quarter.first_day, self.quarter.last_day))
        if self.kind:
            found.append(VisitTally.kind == self.kind)
        if self.district:
            found.append(Centre.subdistrict_code.startswith(self.district, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class VisitTotals:
    """What the filter adds up to: entries (ครั้ง) and people (คน)."""

    visits: int
    people: int
    male: int
    female: int
    other: int
    children: int
    at_least: bool = False  # more was found than is worth counting


def matches_words(key: InstrumentedAttribute[str], search: str) -> list[ColumnElement[bool]]:
    """Every word of `search` somewhere in a folded key; `%` and `_` are only themselves."""
    words = fold(search).split()[:8]  # more words than that is a pasted paragraph
    return [key.contains(word, autoescape=True) for word in words]


def visits_in_scope(actor: Actor) -> Select[Visit]:
    """Every visit the actor may see, with its centre; struck-out ones left out."""
    return (
        select(Visit)
        .join(Visit.centre)
        .options(contains_eager(Visit.centre))
        .where(centres_in_scope(actor), Visit.deleted_at.is_(None))
    )


def visit_for(session: Session, actor: Actor, visit_id: UUID) -> Visit:
    """The visit, if the actor may see it.

    Raises:
        NotFound: it does not exist, is struck out, or lies outside the actor's scope.
    """
    visit = session.scalars(visits_in_scope(actor).where(Visit.id == visit_id)).one_or_none()
    if visit is None:
        raise NotFound(kind="visit")
    return visit


def list_visits(
    session: Session, actor: Actor, wanted: VisitFilter, *, after: str | None = None
) -> Page[Visit]:
    """One page of visits, newest day first.  Raises BadCursor."""
    statement = visits_in_scope(actor).where(*wanted.conditions())
    key = (Visit.visit_date, Visit.id)
    return page_of(session, statement, key, after=after, descending=True)


def visit_totals(session: Session, actor: Actor, wanted: VisitFilter) -> VisitTotals:
    """Sum up everything the filter covers, not only the page shown.

    From the tallies, whatever the book's size; only words that were searched for must be looked up
    in the entries themselves.
    """
    if fold(wanted.search):
        return _totals_of_entries(session, actor, wanted)
    counts = [func.coalesce(func.sum(getattr(VisitTally, name)), 0) for name in COUNTS]
    row = session.execute(
        select(*counts)
        .join(Centre, Centre.id == VisitTally.centre_id)
        .where(centres_in_scope(actor), *wanted.tally_conditions())
    ).one()
    return _as_totals(row)


def _as_totals(row: Sequence[Any], *, at_least: bool = False) -> VisitTotals:
    visits, people, male, female, other, children = (int(number) for number in row)
    return VisitTotals(visits, people, male, female, other, children, at_least)


def _totals_of_entries(session: Session, actor: Actor, wanted: VisitFilter) -> VisitTotals:
    """Of the entries found, up to a number that nobody reads anyway."""
    found = (
        select(Visit.n_total, Visit.n_male, Visit.n_female, Visit.n_other, Visit.n_child)
        .join(Visit.centre)
        .where(centres_in_scope(actor), Visit.deleted_at.is_(None), *wanted.conditions())
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    sums = (func.coalesce(func.sum(column), 0) for column in found.c)
    row = session.execute(select(func.count(), *sums).select_from(found)).one()
    return _as_totals(row, at_least=row[0] > MOST_COUNTED)  # then its sums are of these alone


def visits_for_report(session: Session, actor: Actor, wanted: VisitFilter) -> Iterator[Visit]:
    """Every visit the filter covers, by area code, centre and day; some hundred in memory."""
    statement = (
        visits_in_scope(actor)
        .where(*wanted.conditions())
        .order_by(Centre.subdistrict_code, Centre.code, Visit.visit_date, Visit.id)
        .execution_options(yield_per=_EXPORT_BATCH)
    )
    yield from session.scalars(statement)


def history_of(session: Session, visit: Visit) -> Sequence[tuple[VisitRevision, str | None]]:
    """The visit's history with the name of who made each version, newest first."""
    rows = session.execute(
        select(VisitRevision, Account.name)
        .outerjoin(Account, Account.id == VisitRevision.made_by)
        .where(VisitRevision.visit_id == visit.id)
        .order_by(VisitRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]


def revisions_of(session: Session, visit: Visit) -> Sequence[VisitRevision]:
    """The visit's history, newest version first."""
    return session.scalars(
        select(VisitRevision)
        .where(VisitRevision.visit_id == visit.id)
        .order_by(VisitRevision.version.desc())
    ).all()


def latest_visits(
    session: Session, actor: Actor, centre_id: UUID, *, most: int = 5
) -> Sequence[Visit]:
    """A centre's newest visits, for its page."""
    return session.scalars(
        visits_in_scope(actor)
        .where(Visit.centre_id == centre_id)
        .order_by(Visit.visit_date.desc(), Visit.id.desc())
        .limit(most)
    ).all()


def visits_on_phone(
    actor: Actor, *, since: datetime, latest: int = 5, most: int = 1_000
) -> Select[*tuple[Any, ...]]:
    """The question what a phone keeps of the book: the actor's own entries received after `since`,
    and each centre's `latest` ones; newest first, at most `most`.

    Entries struck out after `since` come too, as tombstones: a phone that showed one must learn
    that it is gone.  Rows of columns, not entities: an officer's phone asks for some hundred.
    """
    mine = Visit.recorder_id == actor.account_id
    shown = or_(mine & (Visit.received_at >= since), Visit.deleted_at >= since)
    own_or_gone = select(Visit.id).join(Visit.centre).where(centres_in_scope(actor), shown)
    return (
        select(
            Visit.id, Visit.centre_id, Visit.version, Visit.visit_date, Visit.kind,
            Visit.group_name, Visit.n_total, Visit.deleted_at.is_not(None).label("deleted"),
            mine.label("mine"),
        )
        .where(Visit.id.in_(union(own_or_gone, _latest_of_each_centre(actor, latest))))
        .order_by(Visit.visit_date.desc(), Visit.id.desc())
        .limit(most)
    )  # fmt: skip


def _latest_of_each_centre(actor: Actor, latest: int) -> Select[UUID]:
    """Ids, read from the end of each centre's book: what lies before is not looked at."""
    visit = aliased(Visit)
    last_day = (
        select(visit.visit_date)
        .where(visit.centre_id == Centre.id, visit.deleted_at.is_(None))
        .order_by(visit.visit_date.desc(), visit.id.desc())
        .offset(latest - 1)
        .limit(1)
        .scalar_subquery()
    )
    since = func.coalesce(last_day, date.min).label("since")  # it has fewer: all are shown
    # Fenced off: PostgreSQL would look for the day once for each visit.
    begun = select(Centre.id, since).where(centres_in_scope(actor)).cte("begun")
    begun = begun.prefix_with("MATERIALIZED", dialect="postgresql")
    place = func.row_number().over(
        partition_by=visit.centre_id, order_by=(visit.visit_date.desc(), visit.id.desc())
    )
    ranked = (
        select(visit.id, place.label("place"))
        .join(begun, visit.centre_id == begun.c.id)
        .where(visit.deleted_at.is_(None), visit.visit_date >= begun.c.since)
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.place <= latest)
