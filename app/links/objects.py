"""What a link can lead to: an issued packet without names, or a copy made for the public.

Asked anew at every opening: what was withdrawn, or holds somebody who is forgotten, is gone here
in the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.links.models import LinkKind
from app.packets.heads import read_head
from app.packets.models import Packet
from app.packets.queries import packet_for
from app.photos.models import Photo
from app.photos.queries import photo_for, with_record
from app.shared.errors import DomainError, NotFound
from app.sharing.models import SharingCopy
from app.sharing.queries import copy_to_show


class NotLinkable(DomainError):
    """It holds what no stranger may have (`why`: names, originals, not_issued)."""

    code = "not_linkable"

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Linked:
    """One thing that can be opened: a packet, or a copy with its photo."""

    packet: Packet | None = None
    copy: SharingCopy | None = None
    photo: Photo | None = None


def linked_for(session: Session, actor: Actor, kind: LinkKind, object_id: UUID) -> Linked:
    """What `actor` wants to make a link to.

    Raises:
        NotFound: it does not exist for the actor, or is not shown any more.
        NotLinkable: a packet with names or originals in it, or one that is not issued.
    """
    if kind == "packet":
        packet = packet_for(session, actor, object_id)
        if why := _closed(packet):
            raise NotLinkable(why)
        return Linked(packet=packet)
    copy = session.get(SharingCopy, object_id)
    if copy is None:
        raise NotFound(kind="sharing_copy")
    photo = photo_for(session, actor, copy.photo_id)
    return Linked(copy=copy_to_show(session, photo, copy.id), photo=photo)


def linked_now(session: Session, kind: LinkKind, object_id: UUID) -> Linked | None:
    """What a link leads to at this moment, for whoever holds it; None: nothing any more."""
    if kind == "packet":
        packet = session.get(Packet, object_id)
        return Linked(packet=packet) if packet and not _closed(packet) else None
    copy = session.get(SharingCopy, object_id)
    photo = _photo(session, copy.photo_id) if copy else None
    if copy is None or photo is None:
        return None
    try:
        return Linked(copy=copy_to_show(session, photo, copy.id), photo=photo)
    except NotFound:
        return None


def area_of(session: Session, linked: Linked) -> str:
    """The area it lies in: who looks after it sees its links."""
    if linked.photo is not None:
        return _area_of_centre(session, linked.photo.centre_id)
    assert linked.packet is not None  # noqa: S101 - it is one or the other
    if linked.packet.centre_id is not None:
        return _area_of_centre(session, linked.packet.centre_id)
    return linked.packet.scope_code


def _closed(packet: Packet) -> str | None:
    """Why a stranger may not have this packet, or None.  Originals are never public."""
    if packet.unmasked:
        return "names"
    if packet.state != "ready":
        return "not_issued"
    return "originals" if read_head(packet).options.get("originals") else None


def _photo(session: Session, photo_id: UUID) -> Photo | None:
    wanted = with_record(select(Photo)).where(Photo.id == photo_id, Photo.destroyed_at.is_(None))
    return session.scalars(wanted.options(joinedload(Photo.centre))).one_or_none()


def _area_of_centre(session: Session, centre_id: UUID) -> str:
    return session.scalars(select(Centre.subdistrict_code).where(Centre.id == centre_id)).one()
