"""The page where an officer hides faces and has a copy made for the public.

Nothing here decodes a picture.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.accounts.rules import Role
from app.photos.blueprint import sealed
from app.photos.models import Photo
from app.photos.queries import photo_for
from app.photos.store import RENDITIONS
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.files import content_key
from app.shared.forgetting import register_forgetting
from app.shared.panels import panels_for
from app.shared.work import work
from app.sharing import queries, service
from app.sharing.clearing import forget_copies
from app.sharing.forms import CopyForm
from app.sharing.rules import MOST_BOXES

bp = Blueprint("sharing", __name__, url_prefix="/photos/<uuid:photo_id>/sharing")
MAKERS: tuple[Role, ...] = ("officer", "admin")
READERS: tuple[Role, ...] = ("officer", "reviewer", "admin")
MAKE = "app.sharing.jobs.make"


def init_app(_app: Flask) -> None:
    """Have copies go with the photo that is destroyed."""
    register_forgetting("photo", forget_copies)


@bp.get("")
@allow(*READERS)
def show(photo_id: UUID) -> ResponseReturnValue:
    """The picture to draw boxes on, and the copies there are."""
    return _page(photo_for(db.session(), current_actor(), photo_id))


@bp.post("")
@allow(*MAKERS)
def make(photo_id: UUID) -> ResponseReturnValue:
    """Ask for a copy."""
    actor, form = current_actor(), CopyForm()
    photo = photo_for(db.session(), actor, photo_id)
    form.agreed = queries.faces_may_be_published(db.session(), photo)
    if not form.validate_on_submit():
        return _page(photo, form), 422
    try:
        with work() as w:
            copy = service.ask_copy(
                w.session, photo_id, form.drawn(),
                nobody=bool(form.nobody.data), actor=actor, now=now(),
            )  # fmt: skip
            if copy.state == "waiting":
                w.after_commit(MAKE, copy_id=str(copy.id))
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return _page(photo_for(db.session(), actor, photo_id), form), 422
    return redirect(url_for(".show", photo_id=photo_id, _anchor="copies"), code=303)


@bp.get("/states")
@allow(*READERS)
def states(photo_id: UUID) -> ResponseReturnValue:
    """How far the copies are, for the page that waits for them."""
    session = db.session()
    copies = queries.copies_of(session, photo_for(session, current_actor(), photo_id))
    return jsonify(waiting=sum(copy.state == "waiting" for copy in copies))


@bp.get("/<uuid:copy_id>.jpg")
@allow(*READERS)
def picture(photo_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """A copy to look at on the page."""
    session = db.session()
    photo = photo_for(session, current_actor(), photo_id)
    copy = queries.copy_to_show(session, photo, copy_id)
    return sealed(content_key(RENDITIONS, str(copy.sha256)), "image/jpeg")


@bp.get("/<uuid:copy_id>/download")
@allow(*READERS)
@at_most("download")
def download(photo_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """A copy to take away; the log keeps who did."""
    actor = current_actor()
    with work() as w:
        photo = photo_for(w.session, actor, photo_id)
        copy = queries.copy_to_show(w.session, photo, copy_id)
        service.note_download(w.session, copy, actor=actor, now=now())
        name = f"{photo.centre.code}_{bangkok_day(photo.captured_at)}_{str(copy.id)[-6:]}.jpg"
        key = content_key(RENDITIONS, str(copy.sha256))
    return sealed(key, "image/jpeg", download_name=name, as_attachment=True)


@bp.post("/<uuid:copy_id>/withdraw")
@allow(*MAKERS)
def withdraw(photo_id: UUID, copy_id: UUID) -> ResponseReturnValue:
    """Take a copy back: it is shown no more."""
    with work() as w:
        service.withdraw(w.session, photo_id, copy_id, actor=current_actor(), now=now())
    flash(_("The copy is withdrawn."), "done")
    return redirect(url_for(".show", photo_id=photo_id, _anchor="copies"), code=303)


def _page(photo: Photo, form: CopyForm | None = None) -> str:
    session, actor = db.session(), current_actor()
    copies = queries.copies_of(session, photo)
    agreed = queries.faces_may_be_published(session, photo)
    return render_template(
        "sharing/show.html",
        photo=photo,
        form=form or CopyForm.blank(),
        copies=copies,
        people=queries.askers(session, copies),
        is_shown=queries.is_shown,
        agreed=agreed,
        makes=actor.role in MAKERS and photo.view_sha256 is not None and photo.state == "processed",
        most_boxes=MOST_BOXES,
        panels={copy.id: panels_for("sharing_copy", copy) for copy in copies},
        waiting=any(copy.state == "waiting" for copy in copies),
    )
