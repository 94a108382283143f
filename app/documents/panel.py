"""Documents on the pages of the records that they belong to, and on a centre's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, render_template, url_for

from app.accounts.access import current_actor
from app.centres.models import Centre
from app.documents import queries
from app.documents.forgetting import forget_in_documents
from app.documents.kinds import DOCUMENT, SUBJECT_KINDS
from app.shared.db import db
from app.shared.forgetting import register_forgetting
from app.shared.panels import register_panel


def init_app(_app: Flask) -> None:
    """Show documents on every page that can have some."""
    for kind in SUBJECT_KINDS:
        register_panel(kind, _panel_of(kind), order=40)
    register_panel("centre", of_centre, order=40)
    register_forgetting("visit", forget_in_documents)


def of_centre(centre: Centre) -> str:
    """A centre's newest documents."""
    actor = current_actor()
    return render_template(
        "documents/_panel.html",
        documents=queries.newest_of_centre(db.session(), actor, centre.id),
        attach_url=url_for("documents.new", centre=centre.id),
        all_url=url_for("documents.index", centre=centre.id),
        can_add=actor.role in DOCUMENT.writers,
    )


def _panel_of(kind: str) -> Callable[[Any], str]:
    def panel(subject: Any) -> str:
        actor = current_actor()
        return render_template(
            "documents/_panel.html",
            documents=queries.documents_of(db.session(), actor, kind, subject.id),
            attach_url=url_for("documents.new", subject_kind=kind, subject_id=subject.id),
            all_url=None,
            can_add=actor.role in DOCUMENT.writers,
        )

    panel.__qualname__ = f"documents_of_{kind}"  # panels are known by their function's name
    return panel
