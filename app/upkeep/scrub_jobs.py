"""What the sweep does after a forgetting: the list, the files, the database's own bytes."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import anchors
from app.documents import destruction as documents
from app.documents.models import Document
from app.keeping.erasures import list_of
from app.photos import destruction as photos
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.work import work
from app.upkeep.scrubbing import clean_database, list_all, note_scrubbed, unscrubbed

log = logging.getLogger(__name__)
ANCHOR_EVERY_S = 3600


def scrub(files: FileStore, instant: datetime) -> int:
    """Finish what was forgotten since the last time; returns how many that were.

    Nothing to do costs one look.  What is in use, or a disk that refuses, is for the next sweep.
    Harmless twice or at the same time.
    """
    with work() as w:
        erased = unscrubbed(w.session)
        keys = _files(w.session, [each.object_id for each in erased])
    if not erased:
        return 0
    try:
        list_all(erased, list_of(current_app.config["SETTINGS"]))
        left = photos.remove_files(files, keys, untouched_since=instant)
    except OSError as error:
        log.error("what was forgotten is not gone from the disk yet: %s", error.strerror)
        return 0
    if left or not clean_database(db.engine):
        return 0
    with work() as w:
        note_scrubbed(w.session, [each.id for each in erased], now())
    log.info("%d erasures left no bytes behind", len(erased))
    return len(erased)


def _files(session: Session, ids: list[UUID]) -> list[str]:
    """Files of the photos and documents among `ids` that were destroyed, but for shared bytes."""
    seen = select(Photo).where(Photo.id.in_(ids), Photo.destroyed_at.is_not(None))
    read = select(Document).where(Document.id.in_(ids), Document.destroyed_at.is_not(None))
    return [
        *photos.files_of(session, session.scalars(seen).all()),
        *documents.files_of(session, session.scalars(read).all()),
    ]


def anchor_log() -> None:
    """Write down beside the database how far the audit log has come, once an hour at most."""
    path = current_app.config["SETTINGS"].var_dir / anchors.FILE
    try:
        if path.exists() and now().timestamp() - path.stat().st_mtime < ANCHOR_EVERY_S:
            return
        newest = anchors.anchor_of(db.session())
        if newest:
            anchors.keep_anchor(path, newest)
    except OSError as error:
        log.error("no anchor of the audit log was written: %s", error.strerror)
