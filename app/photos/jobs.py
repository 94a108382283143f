"""Processing photos.  Queue: photos, 30 s."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from time import monotonic
from uuid import UUID

from flask import current_app
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.photos import claims
from app.photos.claims import Claim, ClaimLost, Made
from app.photos.codes import new_code
from app.photos.exif import PhotoFacts
from app.photos.models import Photo
from app.photos.pipeline import RECIPE, Renditions, Unreadable, render
from app.photos.stamp_words import StampWords
from app.photos.store import ORIGINALS, PREVIEWS, RENDITIONS
from app.prints import features
from app.shared.clock import now
from app.shared.db import WRITES, db
from app.shared.digests import digests_needed
from app.shared.fence import renew_cpu
from app.shared.files import FileStore, content_key
from app.shared.geo import Position
from app.shared.work import work

log = logging.getLogger(__name__)
PROCESS, EXAMINE = "app.photos.jobs.process", "app.findings.jobs.examine"
VERIFY_PATH = "/verify"
# Of the fence's ten: the largest picture let through takes 1.2 s, one of a phone 0.2 (measured).
# What needs more has it at its second try, and none of those that wait behind it waits for that.
FIRST_CPU_S = 3


def process(photo_id: str) -> None:
    """Process this photo, then others that wait: at most 24, for at most 20 s; rings for the rest.

    Harmless twice, even at the same time: a photo is claimed before it is touched, the claim is
    checked when the outcome is written, and the same original gives the same renditions under
    the same names.  Each photo is committed alone, so a job that is killed loses one attempt at
    one photo.  No transaction is open while a photo is decoded.
    """
    stop_at = monotonic() + claims.DRAIN_S
    held = _begin(UUID(photo_id))
    for turn in range(1, claims.DRAIN_MOST + 1):
        if held is None:
            return
        renew_cpu(FIRST_CPU_S if held.attempt == 1 else None)
        outcome = _make(held)
        go_on = turn < claims.DRAIN_MOST and monotonic() < stop_at
        held = _settle(held, outcome, go_on=go_on)


def _begin(photo_id: UUID) -> Claim | None:
    """Take this photo, or the one that waits longest; ring for the rest before it is opened.

    A file that kills its opener would else keep those behind it waiting for the sweep.
    """
    with work() as w:
        held = claims.claim(w.session, photo_id, now()) or claims.claim_next(w.session, now())
        if held is not None and claims.any_waits(w.session, now()):
            w.after_commit(PROCESS, photo_id=str(held.photo_id))
    return held


def warm_up() -> None:
    """Do everything once that a job does, with nothing in it, before the worker forks.

    A picture of noise loads codecs, letters and OpenCV.  A rehearsal on a true photo, all of which
    is taken back, prepares the statements: else each horse prepares them anew (200 ms, measured).
    """
    target = BytesIO()
    noise = Image.effect_noise((1640, 1230), 80).convert("RGB")  # scaled, and of the usual size
    noise.save(target, "JPEG")
    data = target.getvalue()
    render(data, expected_sha256=sha256(data).hexdigest(), words=_nobody())
    Image.init()
    with suppress(SQLAlchemyError):  # a database that is away is no reason not to start
        _rehearse(db.session(), sha256(data).hexdigest())
    db.session.rollback()
    db.session.remove()
    db.engine.dispose()  # connections do not survive a fork


def _rehearse(session: Session, digest: str) -> None:
    """Claim and finish any photo, in a transaction that the caller rolls back."""
    session.connection(execution_options={WRITES: True})
    photo = session.scalars(select(Photo).order_by(Photo.received_at.desc()).limit(1)).first()
    if photo is not None:
        photo.state, photo.attempts, photo.lease_until = "received", 0, None
        session.flush()
        if held := claims.claim(session, photo.id, now()):
            facts = PhotoFacts("image/jpeg")
            made = Made(facts, digest, digest, RECIPE, digest, "", {}, [1], features.RECIPE)
            claims.finish(session, held, made, now=now())
    claims.claim_next(session, now())


def _words(held: Claim) -> StampWords | None:
    """The claim's words, with the address this server is known by (none while developing)."""
    hosts = current_app.config["SETTINGS"].host_names
    if held.words is None or not hosts:
        return held.words
    return replace(held.words, verify_at=hosts[0] + VERIFY_PATH)


def _nobody() -> StampWords:
    return StampWords(
        code=new_code(), centre_name="ศูนย์เรียนรู้โคก หนอง นา", place="ต.ท่าวังทอง อ.เมือง จ.พะเยา",
        centre=Position(19.1, 99.9), radius_m=200,
        source="camera", signed=False, captured_at=now(), received_at=now(),
    )  # fmt: skip


def _make(held: Claim) -> Made | Unreadable:
    files: FileStore = current_app.extensions["files"]
    try:
        prefix = ORIGINALS if held.state == "received" else PREVIEWS
        data = files.read(content_key(prefix, held.sha256))
        return _kept(files, render(data, expected_sha256=held.sha256, words=_words(held)))
    except Unreadable as answer:
        # A fresh one: the traceback of this one holds the picture, while the next is decoded.
        return Unreadable(answer.code, answer.facts)
    except OSError as error:
        # Disk full, bucket away: not the photo's fault.  Its lease runs out and it comes again.
        with work() as w:
            gone = isinstance(error, FileNotFoundError) and files.ready()
            claims.note_trouble(w.session, held, "storage", counts=gone)
        raise


def _settle(held: Claim, outcome: Made | Unreadable, *, go_on: bool) -> Claim | None:
    """Write the outcome and, in the same transaction, take the photo that waits longest.

    Where there is none, this job's photos are to be examined: one ring, as that job drains too.
    """
    unwanted: list[str] = []
    with work() as w:
        try:
            if isinstance(outcome, Made):
                claims.finish(w.session, held, outcome, now=now())
            else:
                claims.mark_unreadable(w.session, held, outcome.code, outcome.facts, now=now())
        except ClaimLost:
            log.info("photo %s went to another worker meanwhile", held.photo_id)
            unwanted = _made_for_nothing(w.session, held, outcome)
        following = claims.claim_next(w.session, now()) if go_on else None
        if not go_on:
            w.after_commit(PROCESS, photo_id=str(held.photo_id))
        if following is None:
            w.after_commit(EXAMINE, photo_id=str(held.photo_id))
    for key in unwanted:
        _files().delete(key)
    return following


def _made_for_nothing(session: Session, held: Claim, outcome: Made | Unreadable) -> list[str]:
    """The pictures of a photo that was destroyed while they were made: no row will name them."""
    gone = select(Photo.id).where(Photo.id == held.photo_id, Photo.destroyed_at.is_not(None))
    if not isinstance(outcome, Made) or session.scalar(gone) is None:
        return []
    made = {outcome.view_sha256, outcome.thumb_sha256, outcome.stamped_sha256 or ""} - {""}
    return [content_key(RENDITIONS, digest) for digest in made - digests_needed(session, made)]


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def _kept(files: FileStore, done: Renditions) -> Made:
    """Put the pictures on disk; what is left is for the database."""
    return Made(
        done.facts,
        view_sha256=_keep(files, done.view),
        thumb_sha256=_keep(files, done.thumb),
        recipe=RECIPE,
        stamped_sha256=_keep(files, done.stamped) if done.stamped else None,
        placeholder=done.placeholder,
        measures=done.measures.as_json() if done.measures else None,
        keys=done.keys,
        keys_recipe=features.RECIPE,
    )


def _keep(files: FileStore, picture: bytes) -> str:
    digest = sha256(picture).hexdigest()
    key = content_key(RENDITIONS, digest)
    if not files.exists(key):
        files.put_bytes(key, picture)
    return digest
