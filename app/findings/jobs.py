"""Examining photos.  Queue: photos, 30 s."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from time import monotonic
from uuid import UUID

from flask import current_app
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.findings import reuse, service
from app.findings.pairs import Match
from app.findings.reuse import Sought
from app.findings.service import Compared
from app.findings.waiting import DRAIN_MOST, DRAIN_S, next_waiting
from app.photos.models import Photo
from app.prints import features
from app.shared.clock import now
from app.shared.db import WRITES, db
from app.shared.fence import renew_cpu
from app.shared.files import FileStore
from app.shared.work import work


def examine(photo_id: str) -> None:
    """Examine this photo, then others that wait: at most 24, for at most 20 s; rings for the rest.

    Harmless twice, even at the same time: pairs and findings are unique rows, and whoever comes
    second finds them there.  Each photo is committed alone.  No transaction is open while
    pictures are compared.
    """
    stop_at = monotonic() + DRAIN_S
    done: set[UUID] = set()
    chosen: UUID | None = UUID(photo_id)
    while chosen is not None and len(done) < DRAIN_MOST and monotonic() < stop_at:
        renew_cpu()
        _examine_one(chosen)
        done.add(chosen)
        chosen = next_waiting(db.session(), done)
        _end_reading()
    if chosen is not None:
        with work() as w:
            w.after_commit("app.findings.jobs.examine", photo_id=str(chosen))


def warm_up() -> None:
    """Rehearse on any photo before the worker forks, and take it all back.

    Else each horse prepares the statements anew.  A database that is away is no reason not to
    start.
    """
    with suppress(SQLAlchemyError):
        _rehearse(db.session())
    db.session.rollback()
    db.session.remove()
    db.engine.dispose()  # connections do not survive a fork


def _rehearse(session: Session) -> None:
    session.connection(execution_options={WRITES: True})
    photo = session.scalars(select(Photo).order_by(Photo.received_at.desc()).limit(1)).first()
    if photo is not None:
        photo.state, photo.examined_at = "unreadable", None
        session.flush()
        if known := reuse.sought(session, photo.id):
            probes = features.probes_of(Image.effect_noise((320, 240), 80))
            reuse.candidates(session, known, probes, known=reuse.same_bytes(session, known))
        found = Compared(photo.thumb_sha256, features.RECIPE)
        service.examine(session, photo.id, found, now=now())
    next_waiting(session, set())


def _examine_one(photo_id: UUID) -> None:
    photo = reuse.sought(db.session(), photo_id)
    if photo is None:
        _end_reading()
        return
    compared = _look_up(photo)
    with work() as w:
        service.examine(w.session, photo_id, compared, now=now())


def _look_up(photo: Sought) -> Compared:
    files: FileStore = current_app.extensions["files"]
    twins = reuse.same_bytes(db.session(), photo)
    _end_reading()
    found = Compared(photo.thumb_sha256, features.RECIPE)
    picture = reuse.opened(files, photo)
    if picture is not None:
        with picture:
            probes = reuse.probes_of(picture)
            others = reuse.candidates(db.session(), photo, probes, known=twins)
            _end_reading()
            found = reuse.compared(files, photo, picture, others)
    same = [Match(twin, "same_bytes") for twin in twins]
    return replace(found, matches=[*same, *found.matches])


def _end_reading() -> None:
    """Give the connection back: SQLite's log cannot be cleared while somebody reads."""
    db.session.rollback()
