"""Compression: what is the same for everybody travels small, whatever stands in front of us.

Private pages are left alone: an answer that mixes somebody's secret with what a stranger may choose
must not have a telling length (BREACH).  They are `no-store`; whatever is not, is public.
"""

from __future__ import annotations

import gzip
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

SMALLEST = 1_000  # bytes: one packet; less is not worth a second header
_LEVEL = 6
_BUILT = (("br", ".br"), ("gzip", ".gz"))  # the bundler leaves both beside each file, best first
_TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


def init_app(app: Flask) -> None:
    """Compress public answers.  Called before `headers.init_app`, so that it sees its headers."""
    app.after_request(squeeze)
    app.view_functions["static"] = send_static


def send_static(filename: str) -> Response:
    """A file under static/, as the bundler compressed it where the browser takes that."""
    folder = current_app.static_folder or "static"
    response = _compressed_file(folder, filename) or current_app.send_static_file(filename)
    response.vary.add("Accept-Encoding")
    return response


def _compressed_file(folder: str, filename: str) -> Response | None:
    for encoding, suffix in _BUILT:
        path = safe_join(folder, filename + suffix)
        if path and request.accept_encodings[encoding] and Path(path).is_file():
            media_type = guess_type(filename)[0] or "application/octet-stream"
            response = send_from_directory(folder, filename + suffix, mimetype=media_type)
            response.content_encoding = encoding
            return response
    return None


def squeeze(response: Response) -> Response:
    """Compress an answer that is made on the spot and is the same for everybody."""
    return squeeze_text(response) if _is_public_text(response) else response


def squeeze_text(response: Response) -> Response:
    """Compress an answer whose length may tell what it likes.

    For what only a bearer token opens, too: no page elsewhere can have such a request sent, so
    nobody can try his words against what is in it.
    """
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) < SMALLEST or not request.accept_encodings["gzip"]:
        return response
    response.set_data(gzip.compress(content, _LEVEL, mtime=0))
    response.content_encoding = "gzip"
    if etag := response.get_etag()[0]:
        response.set_etag(etag, weak=True)  # other bytes, the same page
    return response


def _is_public_text(response: Response) -> bool:
    caching = response.headers.get("Cache-Control", "no-store")
    return (
        response.status_code == 200
        and not response.direct_passthrough
        and not response.is_streamed
        and response.content_encoding is None
        and response.content_type.startswith(_TEXT)
        and "no-store" not in caching
        and "private" not in caching
    )
