"""Response headers: what a browser may do with our pages, and how long it may keep them."""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",  # blob: previews of photos not sent yet
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Lakthan": "1",  # ours: the service worker tells it from a captive portal's page
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
}
_YEAR_S = 365 * 24 * 3600
_HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")  # the bundler's names: a new content, a new name


def init_app(app: Flask) -> None:
    """Number every request and put the headers on every answer."""
    app.config["CONTENT_POLICY"] = policy_with_tiles(app.config["SETTINGS"].map_tiles)
    app.before_request(_number_request)
    app.after_request(put_headers)


def _number_request() -> None:
    g.request_id = secrets.token_hex(4).upper()  # short: people read it out over the telephone


def request_id() -> str:
    """The number of this request, for a person to quote and a log to find."""
    if "request_id" not in g:
        _number_request()
    return str(g.request_id)


def policy_with_tiles(tiles: str) -> str:
    """The policy, with pictures from the one host that the map's tiles come from, if any do."""
    if not tiles:
        return POLICY
    host = urlsplit(tiles).netloc
    return POLICY.replace("img-src 'self'", f"img-src 'self' https://{host}")


def put_headers(response: Response) -> Response:
    """Add what is missing; a view that set a header itself keeps its own."""
    policy = current_app.config.get("CONTENT_POLICY", POLICY)
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("X-Request-Id", request_id())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
    if request.endpoint == "static" and response.status_code < 400:
        _cache_static(response)
    else:
        response.headers.setdefault("Cache-Control", "no-store")  # pages hold people's data
    return response


def _cache_static(response: Response) -> None:
    if response.status_code == 200 and _HASHED.search(request.path):
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
