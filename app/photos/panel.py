"""The strip of photos on the pages of visits, follow-ups and centres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask, render_template
from sqlalchemy.orm import Session

from app.accounts.access import current_actor
from app.photos import queries
from app.photos.forgetting import destroy_photos_of, forget_in_photos
from app.photos.forms import ACCEPT, AddPhotosForm
from app.photos.models import SUBJECT_KINDS, SubjectKind
from app.shared.clock import now
from app.shared.db import db
from app.shared.forgetting import register_forgetting
from app.shared.panels import register_panel


def init_app(app: Flask) -> None:
    """Show a record's photos on its page, and give templates the form to add some."""
    for kind in SUBJECT_KINDS:
        register_panel(kind, _strip_of(kind), order=30)
    register_forgetting("visit", forget_now)
    register_forgetting("visit_photos", destroy_now)
    app.jinja_env.globals.update(add_photos_form=AddPhotosForm.blank, photo_accept=ACCEPT)


def forget_now(session: Session, visit_id: UUID) -> None:
    """Hide the visit's person in the words of its photos."""
    forget_in_photos(session, visit_id, now())


def destroy_now(session: Session, visit_id: UUID) -> None:
    """Destroy the visit's photos as well: whoever forgets at the desk asked for it."""
    actor_id = current_actor().account_id
    destroy_photos_of(session, visit_id, cause="officer", now=now(), actor_id=actor_id)


def _strip_of(kind: SubjectKind) -> Callable[[Any], str]:
    def strip(subject: Any) -> str:
        actor = current_actor()
        photos = queries.photos_of(db.session(), actor, kind, subject.id)
        return render_template(
            "photos/_panel.html",
            subject_kind=kind,
            subject_id=subject.id,
            photos=photos,
            can_add=actor.role != "reviewer",
        )

    strip.__qualname__ = f"strip_of_{kind}"  # panels are known by their function's name
    return strip
