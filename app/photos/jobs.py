"""Processing photos.  Queue: photos, 30 s."""

from __future__ import annotations

import logging
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from time import monotonic
from uuid import UUID

from flask import current_app
from PIL import Image
from sqlalchemy.exc import SQLAlchemyError

from app.photos import claims
from app.photos.claims import Claim, ClaimLost, Made
from app.photos.pipeline import RECIPE, Unreadable, render
from app.photos.store import ORIGINALS, PREVIEWS, RENDITIONS
from app.shared.clock import now
from app.shared.db import db
from app.shared.fence import renew_cpu
from app.shared.files import FileStore, content_key
from app.shared.work import work

log = logging.getLogger(__name__)


def process(photo_id: str) -> None:
    """Process this photo, then others that wait: at most 24, for at most 20 s.

    Harmless twice, even at the same time: a photo is claimed before it is touched, the claim is
    checked when the outcome is written, and the same original gives the same renditions under
    the same names.  Each photo is committed alone, so a job that is killed loses one attempt at
    one photo.  No transaction is open while a photo is decoded.
    """
    stop_at = monotonic() + claims.DRAIN_S
    with work() as w:
        held = claims.claim(w.session, UUID(photo_id), now()) or claims.claim_next(w.session, now())
    for turn in range(1, claims.DRAIN_MOST + 1):
        if held is None:
            return
        renew_cpu()
        outcome = _make(held)
        go_on = turn < claims.DRAIN_MOST and monotonic() < stop_at
        held = _settle(held, outcome, go_on=go_on)


def warm_up() -> None:
    """Do everything once that a job does, with nothing in it, before the worker forks.

    A picture of 8 pixels loads the codecs; a claim on no photo prepares the statements.
    """
    target = BytesIO()
    Image.new("RGB", (8, 8)).save(target, "JPEG")
    render(target.getvalue(), expected_sha256=sha256(target.getvalue()).hexdigest())
    Image.init()
    with suppress(SQLAlchemyError):  # a database that is away is no reason not to start
        claims.claim(db.session(), UUID(int=0), now())
        claims.claim_next(db.session(), now())
    db.session.rollback()  # whatever it took is not taken
    db.session.remove()
    db.engine.dispose()  # connections do not survive a fork


def _make(held: Claim) -> Made | Unreadable:
    files: FileStore = current_app.extensions["files"]
    try:
        prefix = ORIGINALS if held.state == "received" else PREVIEWS
        data = files.read(content_key(prefix, held.sha256))
        done = render(data, expected_sha256=held.sha256)
        return Made(done.facts, _keep(files, done.view), _keep(files, done.thumb), RECIPE)
    except Unreadable as answer:
        # A fresh one: the traceback of this one holds the picture, while the next is decoded.
        return Unreadable(answer.code, answer.facts)
    except OSError:
        # Disk full, folder away: not the photo's fault.  Its lease runs out and it comes again.
        with work() as w:
            claims.note_trouble(w.session, held, "storage")
        raise


def _settle(held: Claim, outcome: Made | Unreadable, *, go_on: bool) -> Claim | None:
    """Write the outcome and, in the same transaction, take the photo that waits longest."""
    with work() as w:
        try:
            if isinstance(outcome, Made):
                claims.finish(w.session, held, outcome, now=now())
            else:
                claims.mark_unreadable(w.session, held, outcome.code, outcome.facts, now=now())
        except ClaimLost:
            log.info("photo %s went to another worker meanwhile", held.photo_id)
        return claims.claim_next(w.session, now()) if go_on else None


def _keep(files: FileStore, picture: bytes) -> str:
    digest = sha256(picture).hexdigest()
    key = content_key(RENDITIONS, digest)
    if not files.exists(key):
        files.put_bytes(key, picture)
    return digest
