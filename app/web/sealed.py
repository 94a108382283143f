"""Handing files of the store out: nothing in them may run, and nobody keeps them on the way."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, abort, current_app, g, request, send_file

from app.shared.files import FileStore
from app.shared.folder_store import FolderStore
from app.web.headers import SEALED

PRIVATE = "private, no-store"


def store() -> FileStore:
    """Where files lie."""
    files: FileStore = current_app.extensions["files"]
    return files


def sealed(key: str, media_type: str, **options: Any) -> Response:
    """A file as an answer that no browser will run and nobody will keep.

    `options` are those of flask.send_file: `download_name`, `as_attachment`.
    """
    try:
        answer = _file(key, media_type, options)
    except OSError as error:
        current_app.logger.error("the file %s is missing: %s", key, type(error).__name__)
        abort(503)
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["Content-Security-Policy"] = SEALED
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def taken_away(key: str, media_type: str, name: str) -> Response:
    """A file to be saved as `name`: from the bucket itself where browsers reach it, else from us.

    Call when it is settled and logged that this person may have it: the link asks nobody.
    """
    if request.method == "GET":
        attachment = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        link = store().link(key, media_type=media_type, disposition=attachment)
        if link and _is_there(key):
            return given_away(link)
    return sealed(key, media_type, download_name=name, as_attachment=True)


def given_away(link: str) -> Response:
    """Send a browser to a bucket's signed link.  Nobody keeps it, and nobody hears of it."""
    answer = Response(status=302, headers={"Location": link})
    g.file_link = link  # `edges` lets this one lead away
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _file(key: str, media_type: str, options: dict[str, Any]) -> Response:
    files = store()
    if isinstance(files, FolderStore):
        return send_file(files.path(key), media_type, etag=False, max_age=None, **options)
    size_bytes = files.size(key)
    if size_bytes is None:
        raise FileNotFoundError(key)
    answer = Response(files.stream(key, 0, size_bytes), mimetype=media_type)
    answer.content_length = size_bytes
    if options.get("as_attachment"):
        name = quote(options["download_name"], safe="")
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _is_there(key: str) -> bool:
    """A link to nothing would show a stranger's page of errors."""
    try:
        return store().exists(key)
    except OSError:
        return False
