"""The photos to look at: gallery, one photo's page, its renditions, and how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, current_actor
from app.areas.words import place_near
from app.photos import phrases, queries, upload
from app.photos.blueprint import WRITERS, bp, id_or_400, sealed
from app.photos.codes import written
from app.photos.forms import CaptionForm
from app.photos.homes import hides_place
from app.photos.models import STATES, Photo
from app.photos.queries import PhotoFilter
from app.photos.store import RENDITIONS
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.files import content_key
from app.shared.panels import panels_for
from app.visits.forms import ReasonForm

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


@bp.get("/photos/states")
@allow()
def states() -> ResponseReturnValue:
    """How far the photos named in `ids` are, for a page that waits for them."""
    ids = [id_or_400(text) for text in request.args.get("ids", "").split(",")[:MOST_ASKED_FOR]]
    photos = queries.photos_named(db.session(), current_actor(), ids)
    return jsonify(photos=[_state_of(photo) for photo in photos])


@bp.get("/photos/<uuid:photo_id>")
@allow()
def show(photo_id: UUID) -> ResponseReturnValue:
    """One photo, what it says of itself, and what there is to ask about it."""
    return page_of(queries.photo_for(db.session(), current_actor(), photo_id))


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


@bp.get("/photos/<uuid:photo_id>/stamped.jpg")
@allow()
def stamped(photo_id: UUID) -> ResponseReturnValue:
    """The rendition with its band of words and code, to send on; as a download."""
    photo = queries.photo_for(db.session(), current_actor(), photo_id)
    if hides_place(current_actor(), photo):
        raise NotFound(kind="rendition")  # the stamp says where it was
    name = f"{photo.centre.code}_{bangkok_day(photo.captured_at)}_{photo.code}.jpg"
    return _rendition(photo_id, "stamped_sha256", download_name=name, as_attachment=True)


def page_of(
    photo: Photo, *, caption: CaptionForm | None = None, reason: ReasonForm | None = None
) -> ResponseReturnValue:
    """A photo's page; with a form that was refused, that form and its reasons."""
    actor, session = current_actor(), db.session()
    examined = photo.examined_at is not None  # then the findings' panels say all this
    html = render_template(
        "photos/show.html",
        photo=photo,
        code_written=written,
        day=queries.record_day(session, photo),
        subject_url=upload.subject_url(photo.subject_kind, photo.subject_id),
        questions=[] if examined else phrases.flag_sentences(photo.flags, quiet=False),
        remarks=phrases.flag_sentences(photo.flags, quiet=True),
        trouble=phrases.unreadable_sentence(photo.last_error_code),
        taken_source=phrases.TAKEN_SOURCES[photo.taken_source],
        source=phrases.SOURCES[photo.source],
        place=place_near(photo.place_code),
        place_hidden=hides_place(actor, photo),
        proof=queries.proof_of(session, photo),
        twins=[] if examined else queries.twins_of(session, actor, photo),
        history=queries.history_of(session, photo),
        panels=panels_for("photo", photo),
        writes=actor.role in WRITERS,
        caption=caption or CaptionForm.of(photo),
        reason=reason or ReasonForm(formdata=None, data={"version": photo.version}),
    )
    return html, 422 if caption or reason else 200


def _rendition(photo_id: UUID, column: str, **sending: Any) -> Response:
    photo = queries.photo_for(db.session(), current_actor(), photo_id)
    digest = getattr(photo, column)
    if digest is None:
        raise NotFound(kind="rendition")
    return sealed(content_key(RENDITIONS, digest), "image/jpeg", **sending)


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
        centre_id=id_or_400(given["centre"]) if given.get("centre") else None,
        quarter=quarter,
        state=state,
    )


def _state_of(photo: Photo) -> dict[str, object]:
    ready = photo.thumb_sha256 is not None
    return {
        "id": str(photo.id),
        "state": photo.state,
        "url": url_for(".show", photo_id=photo.id),
        "thumb": url_for(".thumb", photo_id=photo.id) if ready else None,
        "band": photo.band,
    }
