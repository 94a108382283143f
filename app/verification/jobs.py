"""Looking at dropped files.  Queue: photos, 30 s."""

from __future__ import annotations

import logging
from io import BytesIO
from uuid import UUID

from flask import current_app
from PIL import Image

from app.photos.pipeline import Unreadable, render
from app.photos.store import RENDITIONS
from app.prints import features, index
from app.shared.clock import now
from app.shared.db import db
from app.shared.fence import renew_cpu
from app.shared.files import FileStore, content_key
from app.shared.work import work
from app.verification import claims, queries
from app.verification.claims import Claim, Finding
from app.verification.looking import best_of
from app.verification.service import CHECKS

log = logging.getLogger(__name__)


def check(check_id: str) -> None:
    """Answer one check and delete its file.

    Harmless twice, even at the same time: the check is claimed before its file is touched, and
    the claim is looked at when the answer is written.  No transaction is open while a picture
    is decoded or compared.
    """
    with work() as w:
        held = claims.claim(w.session, UUID(check_id), now())
    if held is None:
        return
    renew_cpu()
    found = _answer(held)
    with work() as w:
        if not claims.finish(w.session, held, found, now=now()):
            log.info("check %s went to another worker meanwhile", held.check_id)
            return
        wanted = claims.is_wanted(w.session, held.sha256)
    if not wanted:
        # Bytes that came once more since we began belong to a check that will be written yet.
        _files().discard(
            content_key(CHECKS, held.sha256), untouched_since=held.until - claims.LEASE
        )


def _answer(held: Claim) -> Finding:
    match = queries.match_of_digest(db.session(), held.sha256)
    if match is not None:  # it came in as a photo meanwhile
        return Finding("original" if match.kind == "original" else "rendition", match.photo_id)
    try:
        data = _files().read(content_key(CHECKS, held.sha256))
        picture = _opened(render(data, expected_sha256=held.sha256).thumb)
    except FileNotFoundError:
        return Finding("unreadable", facts={"code": "storage"})
    except Unreadable as answer:
        return Finding("unreadable", facts={"code": answer.code})
    found = best_of(picture, _candidates(picture), _thumb)
    if found is None:
        return Finding("unknown")
    return Finding("altered", found.photo_id, found.likeness.facts())


def _candidates(picture: Image.Image) -> list[tuple[UUID, str]]:
    probes, session = features.probes_of(picture), db.session()
    nominated = index.candidates(session, probes, min_votes=features.MIN_VOTES, exclude=None)
    votes = {one.photo_id: one.votes for one in nominated}
    named = queries.standing_first(session, list(votes))
    db.session.rollback()  # reading is over; nothing is held open while pictures are compared
    return sorted(named, key=lambda one: -votes[one[0]])


def _thumb(digest: str) -> Image.Image | None:
    try:
        data = _files().read(content_key(RENDITIONS, digest))
    except FileNotFoundError:
        log.error("the rendition %s is missing", digest)
        return None
    return _opened(data)


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg), formats=("JPEG",))


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files
