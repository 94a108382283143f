"""Making copies for the public.  Queue: photos, 30 s."""

from __future__ import annotations

import logging
from hashlib import sha256
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.photos.models import Photo
from app.photos.store import RENDITIONS
from app.shared.clock import now
from app.shared.digests import digests_needed
from app.shared.fence import renew_cpu
from app.shared.files import FileStore, content_key
from app.shared.work import work
from app.sharing import claims
from app.sharing.hiding import RECIPE, shareable

log = logging.getLogger(__name__)


def make(copy_id: str) -> None:
    """Make one copy.

    Harmless twice, even at the same time: the copy is claimed first, the claim is looked at when
    the outcome is written, and the same boxes give the same bytes under the same name.  No
    transaction is open while the picture is decoded.
    """
    files: FileStore = current_app.extensions["files"]
    with work() as w:
        held = claims.claim(w.session, UUID(copy_id), now())
    if held is None:
        return
    renew_cpu()
    try:
        view = files.read(content_key(RENDITIONS, held.view_sha256))
    except FileNotFoundError:
        log.error("the rendition %s is missing", held.view_sha256)
        with work() as w:
            claims.fail(w.session, held)
        return
    picture = shareable(view, held.boxes)
    digest = sha256(picture).hexdigest()
    key = content_key(RENDITIONS, digest)
    if not files.exists(key):
        files.put_bytes(key, picture)
    with work() as w:
        done = claims.finish(w.session, held, digest, RECIPE, now=now())
        unwanted = not done and _is_unwanted(w.session, held, digest)
    if unwanted:
        files.delete(key)
    if not done:
        log.info("copy %s went to another worker meanwhile, or its photo went", held.copy_id)


def _is_unwanted(session: Session, held: claims.Claim, digest: str) -> bool:
    """Whether the photo was destroyed while its copy was made: no row will name the file."""
    gone = select(Photo.id).where(Photo.id == held.photo_id, Photo.destroyed_at.is_not(None))
    return session.scalar(gone) is not None and not digests_needed(session, {digest})
