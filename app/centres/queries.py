"""Reading centres, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, joinedload

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.shared.errors import NotFound
from app.shared.thai import fold


def centres_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on `Centre` inside what `actor` may see."""
    if actor.role == "volunteer":
        return Centre.id == actor.centre_id
    if not actor.area_code:
        return true()
    return Centre.subdistrict_code.startswith(actor.area_code, autoescape=True)


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
    query = select(Centre).where(centres_in_scope(actor)).options(joinedload(Centre.subdistrict))
    if search:
        query = query.where(Centre.name_key.contains(fold(search), autoescape=True))
    if district:
        query = query.where(Centre.subdistrict_code.startswith(district, autoescape=True))
    if status:
        query = query.where(Centre.status == status)
    return session.scalars(query.order_by(Centre.code)).all()
