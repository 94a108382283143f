"""Reading records of any kind, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.records.kinds import RecordKind
from app.records.models import RecordRevision
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.visits.queries import matches_words


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


def history_of(session: Session, record_id: UUID) -> Sequence[tuple[RecordRevision, str]]:
    """A record's history with the name of who made each version, newest first."""
    rows = session.execute(
        select(RecordRevision, Account.name)
        .join(Account, Account.id == RecordRevision.made_by)
        .where(RecordRevision.record_id == record_id)
        .order_by(RecordRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]
