"""Share links are made, opened and revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.links.models import LinkKind, ShareLink
from app.links.objects import Linked, area_of, linked_for, linked_now
from app.links.queries import links_in_scope
from app.links.rules import TOKEN_BYTES, LinkDraft, is_live
from app.shared.errors import NotFound


class LinkGone(NotFound):
    """The link opens nothing: unknown, mistyped, expired, closed or withdrawn, told alike."""

    code = "link_gone"


def make(
    session: Session, actor: Actor, kind: LinkKind, object_id: UUID, draft: LinkDraft, now: datetime
) -> tuple[str, ShareLink]:
    """Make a link that passed `rules.check_link`; returns its token, shown once, and the row.

    Every call makes another link: whom one was given to must not lose it by a second.  Flushes.

    Raises:
        NotFound, NotLinkable: no link can lead there for this actor.
    """
    linked = linked_for(session, actor, kind, object_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink(
        token_sha256=_digest(token), kind=kind, object_id=object_id,
        area_code=area_of(session, linked), label=(draft.label or "").strip(),
        made_by=actor.account_id, made_at=now, expires_at=now + timedelta(days=draft.days or 0),
    )  # fmt: skip
    session.add(link)
    session.flush()
    _note(session, link, "link.made", actor.account_id, now, days=draft.days)
    return token, link


def opened(session: Session, token: str, now: datetime) -> tuple[ShareLink, Linked]:
    """What `token` opens now.  Reads only.

    Unknown, expired, revoked, withdrawn: one answer, after the same questions to the database.

    Raises:
        LinkGone: nothing.
    """
    wanted = select(ShareLink).where(ShareLink.token_sha256 == _digest(token))
    link = session.scalars(wanted).one_or_none()
    kind, object_id = (link.kind, link.object_id) if link else ("packet", _NOTHING)
    linked = linked_now(session, kind, object_id)
    if link is None or linked is None:
        raise LinkGone
    if not is_live(expires_at=link.expires_at, revoked_at=link.revoked_at, now=now):
        raise LinkGone
    return link, linked


def note_opened(session: Session, link_id: UUID, now: datetime) -> None:
    """Count that the file was fetched, and keep it in the log."""
    session.execute(
        update(ShareLink)
        .where(ShareLink.id == link_id)
        .values(n_opened=ShareLink.n_opened + 1, opened_at=now)
    )
    link = session.get_one(ShareLink, link_id)
    _note(session, link, "link.taken", None, now)


def revoke(session: Session, actor: Actor, link_id: UUID, now: datetime) -> ShareLink:
    """Close a link for good.  Twice is harmless.

    Raises:
        NotFound: no such link in the actor's area.
    """
    link = session.scalars(links_in_scope(actor).where(ShareLink.id == link_id)).one_or_none()
    if link is None:
        raise NotFound(kind="share_link")
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, actor.account_id
        session.flush()
        _note(session, link, "link.revoked", actor.account_id, now)
    return link


_NOTHING = UUID(int=0)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _note(
    session: Session, link: ShareLink, action: str, actor_id: UUID | None, now: datetime,
    **facts: object,
) -> None:  # fmt: skip
    record(
        session, actor_id=actor_id, action=action, kind=_KINDS[link.kind],
        object_id=link.object_id, now=now, facts={"link": str(link.id), **facts},
    )  # fmt: skip


_KINDS: dict[LinkKind, str] = {"packet": "packet", "copy": "sharing_copy"}
