"""The photos' pages: gallery, one photo, its renditions and original, and adding some.

Nothing here decodes a picture.  Originals leave only as attachments that no browser will run.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.audit.service import record
from app.photos import phrases, queries, service, upload
from app.photos.forms import MOST_FILES, AddPhotosForm
from app.photos.models import STATES, Photo
from app.photos.queries import PhotoFilter
from app.photos.rules import PhotoDraft
from app.photos.service import Original
from app.photos.sniff import extension_for
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound
from app.shared.files import FileStore, content_key
from app.shared.work import work
from app.web import nav

bp = Blueprint("photos", __name__)
nav.register("photos.index", _l("Photos"), "photo", order=40)

PRIVATE = "private, no-store"
SEALED = "default-src 'none'; sandbox"  # nothing in the file may run, whatever it is
MOST_ASKED_FOR = 60  # photos one page waits for


@bp.get("/photos")
@allow()
def index() -> ResponseReturnValue:
    """The gallery: every photo in scope, newest first."""
    actor, session = current_actor(), db.session()
    wanted = _filter()
    page = queries.list_photos(session, actor, wanted, after=request.args.get("after"))
    return render_template(
        "photos/index.html",
        page=page,
        wanted=wanted,
        counts=queries.count_by_state(session, actor, wanted),
        centres=queries.centres_with_photos(session, actor),
        quarters=quarters_known(load_programme(), bangkok_day(now())),
        states=STATES,
        args={name: value for name, value in request.args.items() if name != "after" and value},
    )


@bp.post("/photos")
@allow("volunteer", "officer", "admin")
def add() -> ResponseReturnValue:
    """Add photos to a record.  Each file is judged and committed alone: a bad one costs itself."""
    actor, max_bytes = current_actor(), current_app.config["SETTINGS"].photo_max_bytes
    form = AddPhotosForm()
    named = form.subject()
    if not form.validate_on_submit() or named is None:
        raise NotFound(kind="subject")
    subject = queries.subject_for(db.session(), actor, *named)
    chosen, refused = form.chosen(), []
    for place, file in enumerate(chosen[:MOST_FILES]):
        try:
            original = service.keep_original(_files(), file.stream, max_bytes=max_bytes)
            _receive(form.draft(place, file.filename, original.stored.sha256, subject), original)
        except DomainError as refusal:
            refused.append(upload.refused_words(file, refusal, max_bytes))
    upload.tell(chosen, refused)
    return redirect(upload.subject_url(subject.kind, subject.id), code=303)


def _receive(draft: PhotoDraft, original: Original) -> None:
    with work() as w:
        photo, created = service.receive_photo(
            w.session, original, draft, recorder_id=current_actor().account_id, now=draft.capture.at
        )
        if created:
            w.after_commit("app.photos.jobs.process", photo_id=str(photo.id))


@bp.get("/photos/states")
@allow()
def states() -> ResponseReturnValue:
    """How far the photos named in `ids` are, for a page that waits for them."""
    ids = [_uuid(text) for text in request.args.get("ids", "").split(",")[:MOST_ASKED_FOR]]
    photos = queries.photos_named(db.session(), current_actor(), ids)
    return jsonify(photos=[_state_of(photo) for photo in photos])


@bp.get("/photos/<uuid:photo_id>")
@allow()
def show(photo_id: UUID) -> ResponseReturnValue:
    """One photo, what it says of itself, and what there is to ask about it."""
    actor, session = current_actor(), db.session()
    photo = queries.photo_for(session, actor, photo_id)
    return render_template(
        "photos/show.html",
        photo=photo,
        day=queries.record_day(session, photo),
        subject_url=upload.subject_url(photo.subject_kind, photo.subject_id),
        questions=phrases.flag_sentences(photo.flags, quiet=False),
        remarks=phrases.flag_sentences(photo.flags, quiet=True),
        trouble=phrases.unreadable_sentence(photo.last_error_code),
        taken_source=phrases.TAKEN_SOURCES[photo.taken_source],
        source=phrases.SOURCES[photo.source],
        twins=queries.twins_of(session, actor, photo),
    )


@bp.get("/photos/<uuid:photo_id>/view.jpg")
@allow()
def view(photo_id: UUID) -> ResponseReturnValue:
    """The rendition, 1600 px at most."""
    return _rendition(photo_id, "view_sha256")


@bp.get("/photos/<uuid:photo_id>/thumb.jpg")
@allow()
def thumb(photo_id: UUID) -> ResponseReturnValue:
    """The thumbnail, 320 px at most."""
    return _rendition(photo_id, "thumb_sha256")


@bp.get("/photos/<uuid:photo_id>/original")
@allow()
def original(photo_id: UUID) -> ResponseReturnValue:
    """The bytes as received, as a download.  They tell where and when: the log keeps who asked."""
    actor = current_actor()
    with work() as w:
        photo = queries.photo_for(w.session, actor, photo_id)
        record(
            w.session, actor_id=actor.account_id, action="photo.original_read", kind="photo",
            object_id=photo.id, now=now(),
        )  # fmt: skip
    name = f"{photo.centre.code}_{photo.id}.{extension_for(photo.media_type)}"
    key = content_key(service.ORIGINALS, photo.original_sha256)
    return _sealed(key, photo.media_type, download_name=name, as_attachment=True)


def _rendition(photo_id: UUID, column: str) -> Response:
    photo = queries.photo_for(db.session(), current_actor(), photo_id)
    digest = getattr(photo, column)
    if digest is None:
        raise NotFound(kind="rendition")
    return _sealed(content_key(service.RENDITIONS, digest), "image/jpeg")


def _sealed(key: str, media_type: str, **options: Any) -> Response:
    try:
        answer = send_file(_files().path(key), media_type, etag=False, max_age=None, **options)
    except FileNotFoundError:
        current_app.logger.error("the file %s is missing", key)
        abort(503)
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["Content-Security-Policy"] = SEALED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def _filter() -> PhotoFilter:
    given = request.args
    try:
        quarter = Quarter.parse(given["quarter"]) if given.get("quarter") else None
    except ValueError:
        abort(400)
    state = given.get("state") or None
    if state is not None and state not in STATES:
        abort(400)
    return PhotoFilter(
        centre_id=_uuid(given["centre"]) if given.get("centre") else None,
        quarter=quarter,
        state=state,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(400)


def _state_of(photo: Photo) -> dict[str, object]:
    ready = photo.thumb_sha256 is not None
    return {
        "id": str(photo.id),
        "state": photo.state,
        "url": url_for(".show", photo_id=photo.id),
        "thumb": url_for(".thumb", photo_id=photo.id) if ready else None,
        "band": photo.band,
    }
