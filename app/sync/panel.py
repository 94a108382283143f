"""Versions that wait for a decision, on the page of their record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.records.kinds import KINDS as RECORD_KINDS
from app.shared.db import db
from app.shared.panels import register_panel
from app.sync.decisions import DECIDERS
from app.sync.held_queries import conflicts_of

SHOWN_ON = ("visit", "followup", *RECORD_KINDS)


def init_app(_app: Flask) -> None:
    """Say on a record's page that there is another version of it."""
    for kind in SHOWN_ON:
        register_panel(kind, _note_for(kind), order=10)


def _note_for(kind: str) -> Callable[[Any], str | None]:
    def note(record: Any) -> str | None:
        actor = current_actor()
        if actor.role == "volunteer":
            return None  # sees it on the phone that sent it
        count = conflicts_of(db.session(), actor, record.id)
        if not count:
            return None
        decides = actor.role in DECIDERS
        return render_template("sync/_panel.html", count=count, decides=decides)

    note.__qualname__ = f"held_versions_of_{kind}"  # panels are known by their function's name
    return note
