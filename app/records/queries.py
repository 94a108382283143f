"""Reading records of any kind, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.records.kinds import RecordKind
from app.records.models import RecordRevision
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.visits.queries import matches_words

_EXPORT_BATCH = 500  # rows held in memory at a time


def in_scope(model: Any, actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on a table of records inside what `actor` may see."""
    if actor.role == "volunteer":
        own: ColumnElement[bool] = model.centre_id == actor.centre_id
        return own
    if not actor.area_code:
        return true()
    if len(actor.area_code) >= 4:
        whole: ColumnElement[bool] = model.district_code == actor.area_code[:4]
        return whole
    begins: ColumnElement[bool] = model.district_code.startswith(actor.area_code, autoescape=True)
    return begins


def entries(kind: RecordKind, actor: Actor) -> Select[Any]:
    """Every record of the kind that the actor may see, with its centre; none that is struck out."""
    model = kind.model
    return (
        select(model)
        .options(joinedload(model.centre))
        .where(in_scope(model, actor), model.deleted_at.is_(None))
    )


def entry_for(session: Session, kind: RecordKind, actor: Actor, record_id: UUID) -> Any:
    """The record, if the actor may see it.

    Raises:
        NotFound: it does not exist, is struck out, or lies outside the actor's scope.
    """
    found = session.scalars(entries(kind, actor).where(kind.model.id == record_id)).one_or_none()
    if found is None:
        raise NotFound(kind=kind.name)
    return found


def list_entries(
    session: Session,
    kind: RecordKind,
    actor: Actor,
    *,
    conditions: Sequence[ColumnElement[bool]] = (),
    search: str = "",
    after: str | None = None,
) -> Page[Any]:
    """One page of records, newest day first.  Raises BadCursor."""
    model = kind.model
    statement = entries(kind, actor).where(*conditions, *matches_words(model.search_key, search))
    key = (getattr(model, kind.day), model.id)
    return page_of(session, statement, key, after=after, descending=True)


def history_of(session: Session, record_id: UUID) -> Sequence[tuple[RecordRevision, str | None]]:
    """A record's history with the name of who made each version, newest first."""
    rows = session.execute(
        select(RecordRevision, Account.name)
        .outerjoin(Account, Account.id == RecordRevision.made_by)
        .where(RecordRevision.record_id == record_id)
        .order_by(RecordRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a reader asked to see; empty means everything in scope."""

    search: str = ""
    centre_id: UUID | None = None
    quarter: Quarter | None = None
    district: str = ""

    def conditions(self, kind: RecordKind) -> list[ColumnElement[bool]]:
        """As SQL conditions on the kind's table; the search is `list_entries`' own."""
        model, found = kind.model, []
        if self.centre_id:
            found.append(model.centre_id == self.centre_id)
        if self.quarter:
            days = (self.quarter.first_day, self.quarter.last_day)
            found.append(getattr(model, kind.day).between(*days))
        if self.district:
            found.append(model.district_code == self.district)
        return found


def entries_for_report(
    session: Session,
    kind: RecordKind,
    actor: Actor,
    *,
    conditions: Sequence[ColumnElement[bool]] = (),
    search: str = "",
) -> Iterator[Any]:
    """Everything the filter covers, oldest day first, some hundred rows in memory at a time."""
    model = kind.model
    statement = entries(kind, actor).where(*conditions, *matches_words(model.search_key, search))
    ordered = statement.order_by(getattr(model, kind.day), model.id)
    yield from session.scalars(ordered.execution_options(yield_per=_EXPORT_BATCH))
