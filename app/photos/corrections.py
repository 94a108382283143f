"""A photo's words are corrected, and a photo is struck out; its bytes never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit import history
from app.audit.history import changes_to, make_version
from app.photos.models import Photo, PhotoRevision
from app.photos.queries import photo_for, record_day
from app.photos.recording import content_of
from app.photos.rules import PhotoDraft, Subject
from app.rounds.seals import check_open
from app.shared.record import capture_of

_UNSAID: frozenset[str] = frozenset()  # a caption names nobody's number: rules refuse it


def edit_caption(
    session: Session,
    photo_id: UUID,
    caption: str | None,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
) -> Photo:
    """Make `caption` the newest version of the photo's words.  Flushes.

    It must have passed `rules.check_caption`.  An edit that changes nothing makes no version, so
    a doubled click is harmless.

    Raises:
        NotFound: no such photo for this actor.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody else made a version since `expected_version`.
    """
    photo = photo_for(session, actor, photo_id)
    if photo.caption == caption:
        return photo
    check_open(session, photo.centre.district_code, record_day(session, photo))
    changes = changes_to(photo, {"caption": caption}, _UNSAID)
    values = {"caption": caption, "content_sha256": content_with(photo, caption)}
    make_version(session, photo, values, expected_version)
    _note(session, photo, "edited", actor=actor, now=now, changes=changes)
    return photo


def delete_photo(
    session: Session,
    photo_id: UUID,
    *,
    expected_version: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Photo:
    """Strike the photo out: it stays as a tombstone with the reason, and so do its bytes.

    Raises:
        NotFound: no such photo for this actor, or already struck out.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody made a version since `expected_version`.
    """
    photo = photo_for(session, actor, photo_id)
    check_open(session, photo.centre.district_code, record_day(session, photo))
    values = {"deleted_at": now, "deleted_reason": reason}
    make_version(session, photo, values, expected_version)
    _note(session, photo, "deleted", actor=actor, now=now, reason=reason)
    return photo


def content_with(photo: Photo, caption: str | None) -> str:
    """The hash of the photo's content if this were its caption (`history.was_ever` takes it)."""
    subject = Subject(photo.subject_kind, photo.subject_id, photo.centre_id)
    draft = PhotoDraft(photo.id, subject, capture_of(photo), photo.source)
    return content_of(replace(draft, caption=caption), photo.original_sha256)


def _note(
    session: Session,
    photo: Photo,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    changes: dict[str, list[object] | None] | None = None,
    reason: str | None = None,
) -> None:
    history.note_version(
        session, photo, PhotoRevision.photo_id, action,
        actor_id=actor.account_id, now=now, changes=changes, reason=reason,
    )  # fmt: skip
