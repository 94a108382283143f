"""Handing files of the store out: nothing in them may run, and nobody keeps them on the way."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, send_file

from app.shared.files import FileStore
from app.web.headers import SEALED

PRIVATE = "private, no-store"


def store() -> FileStore:
    """Where files lie."""
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
