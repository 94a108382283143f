"""Sending an issued packet or one of its documents: a stretch of a file, by Range, never in memory.

The file lies in the vault.  What is asked for again from the middle (`Range`, with `If-Range`
so that halves of two editions are never joined) is read from the middle.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import Request, Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable, ServiceUnavailable
from werkzeug.http import is_resource_modified

from app.packets.vault import Vault
from app.web.sealed import given_away

log = logging.getLogger(__name__)
TYPES = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is sent: bytes `start` up to `start + size_bytes` of the vault's file `key`.

    `etag` changes whenever a byte does.  `ascii_name` and `thai_name` carry the extension.
    """

    key: str
    start: int
    size_bytes: int
    etag: str
    ascii_name: str
    thai_name: str
    is_whole: bool = False  # of its file


def send(vault: Vault, stretch: Stretch, request: Request) -> Response:
    """Answer with the stretch, or the part of it that is asked for.

    Several ranges at once are answered with the whole, as RFC 9110 14.2 allows.

    Raises:
        RequestedRangeNotSatisfiable: the range begins behind the end.
        ServiceUnavailable: the vault does not hold the file, or not so much of it.
    """
    tag = f'"{stretch.etag}"'
    if not is_resource_modified(request.environ, etag=stretch.etag, ignore_if_range=True):
        return _named(Response(status=304, headers={"ETag": tag}), stretch)
    _check_there(vault, stretch)
    if link := _link(vault, stretch, request):
        return given_away(link)
    start, stop = _asked_for(request, stretch)
    answer = Response(_body(vault, stretch, start, stop), direct_passthrough=True)
    if _has_range(request, stretch):
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stretch.size_bytes}"
    answer.headers |= {"ETag": tag, "Accept-Ranges": "bytes"}
    answer.content_length = stop - start
    answer.content_type = _type_of(stretch)
    return _named(answer, stretch)


def _link(vault: Vault, stretch: Stretch, request: Request) -> str | None:
    """Where the whole file can be fetched from instead; a Range goes along with the redirect."""
    if request.method != "GET" or not stretch.is_whole:
        return None
    media_type, disposition = _type_of(stretch), _disposition(stretch)
    return vault.link(stretch.key, media_type=media_type, disposition=disposition)


def takes_away(answer: Response, request: Request, *, taken_before: bool) -> bool:
    """Whether this is a download to be noted: the rest of a broken one is no new one.

    Judged by what is sent, not by what was asked: several ranges, one from the end, one of another
    edition all fetch the whole.  And only who has taken a file before can be going on with it:
    all but the first byte is as good as the whole.  A link is the whole: nobody tells us its use.
    """
    if request.method == "HEAD" or answer.status_code not in (200, 206, 302):
        return False
    begins = answer.status_code != 206 or answer.content_range.start == 0
    return begins or not taken_before


def _has_range(request: Request, stretch: Stretch) -> bool:
    asked, condition = request.range, request.if_range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not stretch.size_bytes:
        return False
    # A date says nothing about bytes that are named by their digest.
    return condition.date is None and condition.etag in (None, stretch.etag)


def _asked_for(request: Request, stretch: Stretch) -> tuple[int, int]:
    """First byte and the one behind the last, counted from the stretch's own beginning."""
    if not _has_range(request, stretch) or request.range is None:
        return 0, stretch.size_bytes
    if -request.range.ranges[0][0] >= stretch.size_bytes:
        return 0, stretch.size_bytes  # the last so many bytes, and there are fewer
    found = request.range.range_for_length(stretch.size_bytes)
    if found is None:
        raise RequestedRangeNotSatisfiable(stretch.size_bytes)
    return found


def _check_there(vault: Vault, stretch: Stretch) -> None:
    try:
        size_bytes = vault.size(stretch.key)
    except OSError as error:
        log.error("the vault does not answer for %s: %s", stretch.key, error)
        raise ServiceUnavailable from error
    if size_bytes is None or size_bytes < stretch.start + stretch.size_bytes:
        log.error("%s is missing or short in the vault: %s bytes", stretch.key, size_bytes)
        raise ServiceUnavailable


def _body(vault: Vault, stretch: Stretch, start: int, stop: int) -> Iterator[bytes]:
    # Begun only when somebody reads: an answer to HEAD opens nothing.
    yield from vault.stream(stretch.key, stretch.start + start, stretch.start + stop)


def _type_of(stretch: Stretch) -> str:
    return TYPES[stretch.ascii_name.rpartition(".")[2]]


def _disposition(stretch: Stretch) -> str:
    both = f"filename=\"{stretch.ascii_name}\"; filename*=UTF-8''{quote(stretch.thai_name)}"
    return f"attachment; {both}"


def _named(answer: Response, stretch: Stretch) -> Response:
    answer.headers["Content-Disposition"] = _disposition(stretch)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
