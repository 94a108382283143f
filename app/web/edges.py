"""Edges: what is looked at before any page is, whoever asks and wherever it goes.

Where a request comes from.  Browsers say so (`Sec-Fetch-*`, `Origin`), and what another site began
may only ever be a visit: somebody follows a link to a page here.  Programs and old browsers say
nothing; they still need the form's token or the phone's bearer.

How large an address and its headers may be, and that no answer leads to another site.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from app.shared.errors import Forbidden
from app.web.local_path import local_path

READS = ("GET", "HEAD", "OPTIONS")
LONGEST_ADDRESS = 4_000  # characters; the longest of ours, a filtered list's, has a few hundred
MOST_PARAMETERS = 200
LARGEST_HEADERS = 32 * 1024  # all together
_FOREIGN = ("cross-site", "same-site")  # a neighbour's host is not ours either
_PORTS = {"http": 80, "https": 443}


class CrossSite(Forbidden):
    """Another website began this request, and it is no plain visit."""

    code = "cross_site"


def init_app(app: Flask) -> None:
    """Look at every request before the pages do, and at every redirect after them."""
    app.before_request(_check_size)
    app.before_request(_check_sender)
    app.after_request(_stay_here)


def _check_size() -> None:
    if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
        abort(414)
    if request.query_string.count(b"&") >= MOST_PARAMETERS:
        abort(400)
    if sum(len(name) + len(value) for name, value in request.headers.items()) > LARGEST_HEADERS:
        abort(431)
    if not request.path.isprintable():
        abort(404)  # NUL and the like: PostgreSQL fails on it, and nothing of ours is called so


def _check_sender() -> None:
    """Raise CrossSite for what another website began, unless it is a visit."""
    if request.headers.get("Sec-Fetch-Site") in _FOREIGN and not _is_visit():
        raise CrossSite
    origin = request.headers.get("Origin")
    if origin is not None and request.method not in READS and not _is_ours(origin):
        raise CrossSite


def _is_visit() -> bool:
    """Somebody followed a link: a page of its own, in no frame, and nothing changes by it."""
    return (
        request.method in ("GET", "HEAD")
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    )


def _is_ours(origin: str) -> bool:
    """Whether `origin` is this host.  TLS may end before us, so http here may be https there."""
    try:
        sent, here = urlsplit(origin), urlsplit(request.host_url)
        if sent.scheme not in _PORTS or (request.is_secure and sent.scheme != "https"):
            return False
        default = _PORTS[sent.scheme]  # a host without a port has the one of its own scheme
        ports = sent.port or default, here.port or default
    except ValueError:  # a port that is none
        return False
    return sent.hostname == here.hostname and ports[0] == ports[1]


def _stay_here(response: Response) -> Response:
    """No page sends people to another site, whatever an address asked for (ASVS 3.7.2)."""
    place = response.headers.get("Location", "")
    if 300 <= response.status_code < 400 and not _stays(place) and place != g.get("file_link"):
        current_app.logger.error("a redirect of %s led away and was stopped", request.endpoint)
        response.headers["Location"] = "/"
    return response


def _stays(place: str) -> bool:
    own = request.host_url.rstrip("/")
    return not place or local_path(place.removeprefix(own) or "/") is not None
