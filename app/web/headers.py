"""Response headers: what a browser may do with our pages, and how long it may keep them."""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # blob: previews of photos not sent yet; data: in styles
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        # A script may turn text into markup only through these two: static/src/js/shared/trusted.js
        # (bundled more than once) and, on a map, static/src/js/web/map_trust.js.
        "require-trusted-types-for 'script'",
        "trusted-types lakthan default 'allow-duplicates'",
    )
)
SEALED = "default-src 'none'; sandbox"  # nothing in a file may run, whatever it is
DATA = "default-src 'none'; frame-ancestors 'none'"  # an answer for a program
UNUSED = (  # what a page could ask of a browser, and ours never does
    "accelerometer", "autoplay", "browsing-topics",
    "clipboard-read", "compute-pressure", "display-capture", "encrypted-media", "fullscreen",
    "gamepad", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "keyboard-map",
    "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
USED = (  # by our own pages, in no frame
    "camera", "clipboard-write", "geolocation", "publickey-credentials-create",
    "publickey-credentials-get",
)  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Origin-Agent-Cluster": "?1",
    "Lakthan": "1",  # ours: the service worker tells it from a captive portal's page
    "Permissions-Policy": ", ".join(
        [f"{name}=()" for name in UNUSED] + [f"{name}=(self)" for name in USED]
    ),
}
_YEAR_S = 365 * 24 * 3600
_HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")  # the bundler's names: a new content, a new name
_RUNS = ("text/html", "text/javascript", "application/javascript")  # governed by a page's policy


def init_app(app: Flask) -> None:
    """Number every request and put the headers on every answer."""
    settings = app.config["SETTINGS"]
    app.config["CONTENT_POLICY"] = policy_with_tiles(settings.map_tiles)
    app.config["STAY_ENCRYPTED"] = stay_encrypted(subdomains=settings.hsts_subdomains)
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


def stay_encrypted(*, subdomains: bool) -> str:
    """The promise never to speak without TLS for two years, as browsers' own lists ask for."""
    return f"max-age={2 * _YEAR_S}" + ("; includeSubDomains" if subdomains else "")


def put_headers(response: Response) -> Response:
    """Add what is missing; a view that set a header itself keeps its own."""
    response.headers.setdefault("Content-Security-Policy", _policy_for(response))
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("X-Request-Id", request_id())
    if request.is_secure:
        response.headers.setdefault(
            "Strict-Transport-Security", current_app.config["STAY_ENCRYPTED"]
        )
    _put_caching(response)
    return response


def _policy_for(response: Response) -> str:
    """A page's policy for pages and scripts; nothing at all for files and data."""
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return SEALED
    page = str(current_app.config.get("CONTENT_POLICY", POLICY))
    if request.endpoint == "static" or not response.mimetype or response.mimetype in _RUNS:
        return page
    return DATA


def _put_caching(response: Response) -> None:
    """Whatever does not say that it is public holds somebody's data: nobody keeps it.

    Flask's own `no-cache` for files is not enough: it lets a shared computer keep a table.
    """
    said = response.headers.get("Cache-Control", "")
    if request.endpoint == "static" and request.method != "OPTIONS" and response.status_code < 400:
        if response.status_code == 200 and _HASHED.search(request.path):
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    elif "no-store" not in said and ("public" not in said or response.status_code >= 400):
        response.headers["Cache-Control"] = "no-store"
