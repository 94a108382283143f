"""Reading centres, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.shared.thai import fold


def centres_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on `Centre` inside what `actor` may see."""
    if actor.role == "volunteer":
        return Centre.id == actor.centre_id
    if not actor.area_code:
        return true()
    return Centre.subdistrict_code.startswith(actor.area_code, autoescape=True)


def centres_among(session: Session, actor: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these ids that are centres which `actor` may see."""
    if actor.role == "volunteer":  # their account's centre is there, or there were no account
        return frozenset(ids) & {actor.centre_id}
    known = select(Centre.id).where(Centre.id.in_(sorted(ids)), centres_in_scope(actor))
    return frozenset(session.scalars(known))


def centre_for(session: Session, actor: Actor, centre_id: UUID) -> Centre:
    """The centre, if the actor may see it.

    Raises:
        NotFound: it does not exist, or lies outside the actor's scope.
    """
    centre = session.scalars(
        select(Centre)
        .where(Centre.id == centre_id, centres_in_scope(actor))
        .options(joinedload(Centre.subdistrict))
    ).one_or_none()
    if centre is None:
        raise NotFound(kind="centre")
    return centre


def list_centres(
    session: Session, actor: Actor, *, search: str = "", district: str = "", status: str = ""
) -> Sequence[Centre]:
    """Centres in scope by official code, optionally filtered; a province has some hundreds."""
    query = _chosen(actor, search=search, district=district, status=status)
    return session.scalars(query.order_by(Centre.code)).all()


def page_centres(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    district: str = "",
    status: str = "",
    after: str | None = None,
) -> tuple[Page[Centre], int]:
    """One page of the same, and how many there are in all.  Raises BadCursor."""
    query = _chosen(actor, search=search, district=district, status=status)
    total = session.scalar(query.with_only_columns(func.count(Centre.id))) or 0
    return page_of(session, query, (Centre.code,), after=after), total


def _chosen(actor: Actor, *, search: str, district: str, status: str) -> Select[Centre]:
    query = select(Centre).where(centres_in_scope(actor))
    if search:
        query = query.where(Centre.name_key.contains(fold(search), autoescape=True))
    if district:
        query = query.where(Centre.subdistrict_code.startswith(district, autoescape=True))
    if status:
        query = query.where(Centre.status == status)
    return query.options(joinedload(Centre.subdistrict))
