"""The web app manifest: what the application is called and looks like on a home screen."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from app.accounts.access import allow_public
from app.phone.blueprint import bp
from app.web.assets import asset_url
from app.web.locale import page_locale

KEPT_S = 3600


@bp.get("/manifest.webmanifest")
@allow_public
def manifest() -> Response:
    """The manifest.  Browsers ask for it without cookies, so the language is in the address."""
    text = json.dumps(_manifest(), ensure_ascii=False)
    answer = Response(text, content_type="application/manifest+json; charset=utf-8")
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer


def _manifest() -> dict[str, Any]:
    start = url_for("phone.shell")
    return {
        "id": start,  # never changed: another id would be another application on the phone
        "name": _("Lakthan"),
        "short_name": _("Lakthan"),
        "description": _(
            "Visitor book, follow-ups and photos of the learning centres. Works without a network."
        ),
        "lang": page_locale(),
        "dir": "ltr",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f4ec",
        "theme_color": "#0f3b2a",
        "categories": ["productivity", "government"],
        "icons": [
            _icon("icon-192.png", 192),
            _icon("icon-512.png", 512),
            _icon("icon-maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            _shortcut(_("Somebody came"), f"{start}/visits/new"),
            _shortcut(_("Take photos"), f"{start}/photos/new"),
            _shortcut(_("Outbox"), f"{start}/outbox"),
        ],
    }


def _icon(name: str, side_px: int, purpose: str = "any") -> dict[str, str]:
    return {
        "src": asset_url(name),
        "sizes": f"{side_px}x{side_px}",
        "type": "image/png",
        "purpose": purpose,
    }


def _shortcut(name: str, address: str) -> dict[str, Any]:
    return {"name": name, "url": address, "icons": [_icon("icon-192.png", 192)]}
