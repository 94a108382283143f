"""Reading requests, always within an actor's area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.subjects.models import SubjectRequest

Columns = TypeVarTuple("Columns")
MOST_OPEN = 100  # shown on the page of requests


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Requests that the actor's desk answers for; a volunteer sees those they wrote down."""
    if actor.role == "volunteer":
        return SubjectRequest.recorded_by == actor.account_id
    if not actor.area_code:
        return true()
    return SubjectRequest.area_code.startswith(actor.area_code, autoescape=True)


def open_requests(session: Session, actor: Actor, *, most: int) -> Sequence[SubjectRequest]:
    """What waits for an answer, the most urgent first, at most `most`: those come next."""
    wanted = _of(select(SubjectRequest), actor).where(SubjectRequest.state == "open")
    ordered = wanted.order_by(SubjectRequest.due_on, SubjectRequest.id)
    return session.scalars(ordered.limit(most)).all()


def closed_requests(
    session: Session, actor: Actor, *, after: str | None = None
) -> Page[SubjectRequest]:
    """One page of what was answered, newest first.  Raises BadCursor."""
    wanted = _of(select(SubjectRequest), actor).where(SubjectRequest.state != "open")
    key = (SubjectRequest.received_at, SubjectRequest.id)
    return page_of(session, wanted, key, after=after, descending=True, size=30)


def every_request(session: Session, actor: Actor) -> Sequence[SubjectRequest]:
    """The register of the actor's area, oldest first."""
    wanted = _of(select(SubjectRequest), actor)
    return session.scalars(wanted.order_by(SubjectRequest.received_at, SubjectRequest.id)).all()


def request_for(
    session: Session, actor: Actor, request_id: UUID, *, lock: bool = False
) -> SubjectRequest:
    """The request, if the actor's desk answers for it.  Raises NotFound."""
    wanted = _of(select(SubjectRequest), actor).where(SubjectRequest.id == request_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    request = session.scalars(wanted).one_or_none()
    if request is None:
        raise NotFound(kind="subject_request")
    return request


def names_of(session: Session, requests: Sequence[SubjectRequest]) -> dict[UUID, str]:
    """Who wrote down and who decided these, by account."""
    ids = {one.recorded_by for one in requests} | {one.decided_by for one in requests}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids - {None})))
    return {row.id: row.name for row in rows}


def _of(statement: Select[*Columns], actor: Actor) -> Select[*Columns]:
    return statement.where(in_scope(actor))
