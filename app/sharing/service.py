"""Copies for the public are asked for and withdrawn; once made, none is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.photos.models import Photo, PhotoRendition
from app.photos.queries import photo_for
from app.shared.errors import DomainError
from app.shared.ids import new_id
from app.sharing import queries
from app.sharing.models import SharingCopy
from app.sharing.rules import Box


class WordNeeded(DomainError):
    """The group did not agree that its faces are published: somebody must vouch for the copy."""

    code = "word_needed"


class PhotoDestroyed(DomainError):
    """Its time was over: there is no picture any more."""

    code = "photo_destroyed"


class PhotoNotReady(DomainError):
    """There is no picture to copy yet, or there will never be one."""

    code = "photo_not_ready"


def ask_copy(
    session: Session,
    photo_id: UUID,
    boxes: Sequence[Box],
    *,
    nobody: bool,
    actor: Actor,
    now: datetime,
) -> SharingCopy:
    """Ask for a copy with these places made unrecognisable; `rules.check_boxes` passed them.

    The same boxes asked for again give the copy that there is, so a doubled click is harmless.
    Flushes; the caller commits, then rings for `app.sharing.jobs.make`.

    Raises:
        NotFound: no such photo for this actor.
        WordNeeded, PhotoNotReady, PhotoDestroyed: no copy can be made of it.
    """
    photo = photo_for(session, actor, photo_id)
    _check_photo(session, photo, nobody=nobody)
    places = [box.clipped().as_json() for box in boxes]
    for copy in queries.copies_of(session, photo):
        if (copy.boxes, copy.nobody) == (places, nobody) and _stands(copy):
            return copy
    copy = SharingCopy(
        id=new_id(), photo_id=photo.id, boxes=places, nobody=nobody,
        asked_by=actor.account_id, asked_at=now,
    )  # fmt: skip
    session.add(copy)
    session.flush()
    _note(session, copy, "photo.copy_asked", actor, now, {"boxes": len(places), "nobody": nobody})
    return copy


def withdraw(
    session: Session, photo_id: UUID, copy_id: UUID, *, actor: Actor, now: datetime
) -> SharingCopy:
    """Withdraw a copy: it is shown no more, and `/verify` says so.  Harmless twice.

    Raises:
        NotFound: no such copy for this actor.
    """
    copy = queries.copy_for(session, photo_for(session, actor, photo_id), copy_id)
    if copy.withdrawn_at is not None:
        return copy
    copy.withdrawn_at = now
    session.flush()
    if copy.sha256 and not _stands_elsewhere(session, copy):
        session.execute(
            update(PhotoRendition)
            .where(
                PhotoRendition.sha256 == copy.sha256, PhotoRendition.photo_id == copy.photo_id,
                PhotoRendition.kind == "sharing",
            )
            .values(withdrawn_at=now)
        )  # fmt: skip
    _note(session, copy, "photo.copy_withdrawn", actor, now, {"sha256": copy.sha256})
    return copy


def note_download(session: Session, copy: SharingCopy, *, actor: Actor, now: datetime) -> None:
    """Keep in the log who took a copy out."""
    _note(session, copy, "photo.copy_read", actor, now, {"sha256": copy.sha256})


def _stands(copy: SharingCopy) -> bool:
    return copy.withdrawn_at is None and copy.state != "failed"


def _check_photo(session: Session, photo: Photo, *, nobody: bool) -> None:
    if not nobody and not queries.faces_may_be_published(session, photo):
        raise WordNeeded(photo_id=str(photo.id))
    if photo.destroyed_at is not None:
        raise PhotoDestroyed(photo_id=str(photo.id))
    if photo.state != "processed":  # an awaited photo's view is only its small preview
        raise PhotoNotReady(photo_id=str(photo.id))


def _stands_elsewhere(session: Session, copy: SharingCopy) -> bool:
    """Whether another copy of the same bytes was not withdrawn."""
    others = select(SharingCopy.id).where(
        SharingCopy.photo_id == copy.photo_id, SharingCopy.sha256 == copy.sha256,
        SharingCopy.id != copy.id, SharingCopy.withdrawn_at.is_(None),
    )  # fmt: skip
    return session.scalar(others.limit(1)) is not None


def _note(
    session: Session, copy: SharingCopy, action: str, actor: Actor, now: datetime,
    facts: dict[str, object],
) -> None:  # fmt: skip
    record(
        session, actor_id=actor.account_id, action=action, kind="photo", object_id=copy.photo_id,
        now=now, facts={"copy": str(copy.id), **facts},
    )  # fmt: skip
