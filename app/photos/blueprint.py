"""The photos' blueprint, and what its pages share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, send_file
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.shared.files import FileStore
from app.web import nav

bp = Blueprint("photos", __name__)
nav.register("photos.index", _l("Photos"), "photo", order=40)

WRITERS: tuple[Role, ...] = ("volunteer", "officer", "admin")
PRIVATE = "private, no-store"
SEALED = "default-src 'none'; sandbox"  # nothing in the file may run, whatever it is


def store() -> FileStore:
    """Where the photos' files lie."""
    files: FileStore = current_app.extensions["files"]
    return files


def sealed(key: str, media_type: str, **options: Any) -> Response:
    """A file as an answer that no browser will run and nobody will keep."""
    try:
        answer = send_file(store().path(key), media_type, etag=False, max_age=None, **options)
    except FileNotFoundError:
        current_app.logger.error("the file %s is missing", key)
        abort(503)
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["Content-Security-Policy"] = SEALED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def id_or_400(text: str) -> UUID:
    """An id out of an address."""
    try:
        return UUID(text)
    except ValueError:
        abort(400)
