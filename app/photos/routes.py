"""The photos' pages that change something, or hand out an original; to look at: `reading.py`.

Nothing here decodes a picture.  Originals leave only as attachments that no browser will run.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Flask, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.audit.history import StaleVersion
from app.audit.service import record
from app.photos import queries, reading, service, upload
from app.photos.blueprint import WRITERS, bp, store, taken_away
from app.photos.destruction import digests_in_use
from app.photos.forms import MOST_FILES, AddPhotosForm, CaptionForm
from app.photos.homes import hides_place
from app.photos.models import Photo
from app.photos.rules import PhotoDraft
from app.photos.service import Original
from app.photos.sniff import extension_for
from app.photos.store import ORIGINALS
from app.rounds.seals import QuarterSealed
from app.shared.clock import now
from app.shared.db import db
from app.shared.digests import register_digests
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.files import content_key
from app.shared.work import Work, work
from app.uploads.arrivals import on_arrival
from app.uploads.models import Upload
from app.visits.forms import ReasonForm

__all__ = ["bp", "init_app", "reading"]

PROCESS = "app.photos.jobs.process"


def init_app(_app: Flask) -> None:
    """Hear of attachments whose bytes have come, and say whose files are still needed."""
    on_arrival(take_arrived)
    register_digests(digests_in_use)


def take_arrived(unit: Work, brought: Upload, instant: datetime) -> None:
    """Move the photo on that waits for these bytes, and ring for it."""
    photo = service.arrived(unit.session, brought, now=instant)
    if photo is not None:
        unit.after_commit(PROCESS, photo_id=str(photo.id))


@bp.post("/photos")
@allow(*WRITERS)
def add() -> ResponseReturnValue:
    """Add photos to a record.  Each file is judged and committed alone: a bad one costs itself."""
    actor, max_bytes = current_actor(), current_app.config["SETTINGS"].photo_max_bytes
    form = AddPhotosForm()
    named = form.subject()
    if not form.validate_on_submit() or named is None:
        raise NotFound(kind="subject")
    subject = queries.subject_for(db.session(), actor, *named)
    chosen, refused, aside = form.chosen(), [], []
    for place, file in enumerate(chosen[:MOST_FILES]):
        try:
            original = service.keep_original(store(), file.stream, max_bytes=max_bytes)
            _receive(form.draft(place, file.filename, original.stored.sha256, subject), original)
            if not original.is_picture:
                aside.append(file)
        except DomainError as refusal:
            refused.append(upload.refused_words(file, refusal, max_bytes))
    upload.tell(chosen, refused, aside)
    return redirect(upload.subject_url(subject.kind, subject.id), code=303)


def _receive(draft: PhotoDraft, original: Original) -> None:
    with work() as w:
        photo, created = service.receive_photo(
            w.session, original, draft, recorder_id=current_actor().account_id, now=draft.capture.at
        )
        if created:
            w.after_commit(PROCESS, photo_id=str(photo.id))


@bp.get("/photos/<uuid:photo_id>/original")
@allow()
@at_most("download")
def original(photo_id: UUID) -> ResponseReturnValue:
    """The bytes as received, as a download.  They tell where and when: the log keeps who asked."""
    actor = current_actor()
    with work() as w:
        photo = queries.photo_for(w.session, actor, photo_id)
        if photo.state == "awaited" or photo.destroyed_at is not None:
            raise NotFound(kind="original")
        if hides_place(actor, photo):
            raise NotFound(kind="original")
        record(
            w.session, actor_id=actor.account_id, action="photo.original_read", kind="photo",
            object_id=photo.id, now=now(),
        )  # fmt: skip
    name = f"{photo.centre.code}_{photo.id}.{extension_for(photo.media_type)}"
    key = content_key(ORIGINALS, photo.original_sha256)
    return taken_away(key, photo.media_type, name)


@bp.post("/photos/<uuid:photo_id>/caption")
@allow(*WRITERS)
def caption(photo_id: UUID) -> ResponseReturnValue:
    """Correct what a photo says in words: a new version, with who and when."""
    actor, form = current_actor(), CaptionForm()
    photo = queries.photo_for(db.session(), actor, photo_id)
    if not form.validate_on_submit():
        return reading.page_of(photo, caption=form)
    expected = form.version.data or 0
    try:
        with work() as w:
            service.edit_caption(
                w.session, photo_id, form.caption.data,
                expected_version=expected, actor=actor, now=now(),
            )  # fmt: skip
    except (StaleVersion, QuarterSealed) as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return reading.page_of(_again(photo_id), caption=form)
    flash(_("The caption is saved."), "done")
    return redirect(url_for(".show", photo_id=photo_id), code=303)


@bp.post("/photos/<uuid:photo_id>/delete")
@allow(*WRITERS)
def delete(photo_id: UUID) -> ResponseReturnValue:
    """Strike a photo out, with the reason; its file is kept."""
    actor, form = current_actor(), ReasonForm()
    photo = queries.photo_for(db.session(), actor, photo_id)
    if not form.validate_on_submit():
        return reading.page_of(photo, reason=form)
    expected, reason = form.version.data or 0, form.reason.data or ""
    try:
        with work() as w:
            service.delete_photo(
                w.session, photo_id, expected_version=expected, reason=reason,
                actor=actor, now=now(),
            )  # fmt: skip
    except (StaleVersion, QuarterSealed) as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return reading.page_of(_again(photo_id), reason=form)
    flash(_("The photo is struck out and no longer counts."), "done")
    return redirect(upload.subject_url(photo.subject_kind, photo.subject_id), code=303)


def _again(photo_id: UUID) -> Photo:
    return queries.photo_for(db.session(), current_actor(), photo_id)
