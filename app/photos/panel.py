"""The strip of photos on the pages of visits, follow-ups and centres."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.photos import queries
from app.photos.forms import ACCEPT, AddPhotosForm
from app.photos.models import SUBJECT_KINDS, SubjectKind
from app.shared.db import db
from app.shared.panels import register_panel


def init_app(app: Flask) -> None:
    """Show a record's photos on its page, and give templates the form to add some."""
    for kind in SUBJECT_KINDS:
        register_panel(kind, _strip_of(kind), order=30)
    app.jinja_env.globals.update(add_photos_form=AddPhotosForm.blank, photo_accept=ACCEPT)


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
