"""Reading share links; who looks after the area sees and revokes them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.links.models import LinkKind, ShareLink
from app.packets.models import Packet
from app.photos.models import Photo
from app.shared.paging import Page, page_of
from app.sharing.models import SharingCopy


def links_in_scope(actor: Actor) -> Select[ShareLink]:
    """Every link to something in the actor's own area; a volunteer's is one centre, so none."""
    links = select(ShareLink).where(
        ShareLink.area_code.startswith(actor.area_code, autoescape=True)
    )
    return links.where(ShareLink.id.is_(None)) if actor.role == "volunteer" else links


def list_links(session: Session, actor: Actor, *, after: str | None = None) -> Page[ShareLink]:
    """One page of links, newest first.  Raises BadCursor."""
    key = (ShareLink.made_at, ShareLink.id)
    return page_of(session, links_in_scope(actor), key, after=after, descending=True)


def links_to(
    session: Session, actor: Actor, kind: LinkKind, object_id: UUID, *, limit: int = 50
) -> Sequence[ShareLink]:
    """The links to one thing, newest first."""
    return session.scalars(
        links_in_scope(actor)
        .where(ShareLink.kind == kind, ShareLink.object_id == object_id)
        .order_by(ShareLink.made_at.desc(), ShareLink.id.desc())
        .limit(limit)
    ).all()


def makers(session: Session, links: Sequence[ShareLink]) -> dict[UUID, str]:
    """The names of who made these links, by account."""
    ids = {link.made_by for link in links}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}


def packets_of(session: Session, links: Sequence[ShareLink]) -> dict[UUID, Packet]:
    """The packets that these links lead to, by id."""
    ids = {link.object_id for link in links if link.kind == "packet"}
    return {one.id: one for one in session.scalars(select(Packet).where(Packet.id.in_(ids)))}


def photos_of(session: Session, links: Sequence[ShareLink]) -> dict[UUID, UUID]:
    """The photo of each copy that these links lead to, by the copy's id."""
    ids = {link.object_id for link in links if link.kind == "copy"}
    rows = session.execute(
        select(SharingCopy.id, Photo.id).join(Photo, Photo.id == SharingCopy.photo_id)
        .where(SharingCopy.id.in_(ids))
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}
