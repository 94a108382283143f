"""A passkey's ceremony in a browser: which site, which challenge, for what.  Knows the request.

The challenge waits in the browser's own signed cookie, so a page that is only looked at writes no
row; that it counts once is the database's to say (`passkeys.spend_challenge`).
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session

from app.accounts.passkey_site import Site, site_of
from app.accounts.passkeys import CHALLENGE_BYTES, CHALLENGE_LIFE, PasskeyRefused
from app.shared.decode import JsonRecord
from app.shared.errors import Malformed
from app.web.json_body import read_json
from config import Settings

BODY_MAX = 32 * 1024  # bytes; an answer takes some two thousand
_PLACE = "passkey"  # name of the cookie's field


def site_here() -> Site | None:
    """The site of this request, or None where browsers or settings allow no passkeys."""
    settings: Settings = current_app.config["SETTINGS"]
    named = [urlsplit(settings.site_url).hostname or "", *settings.host_names]
    return site_of(
        request.scheme,
        request.host,
        trusted=[name for name in named if name],
        production=settings.is_production,
    )


def needed_site() -> Site:
    """The site of this request.  Raises PasskeyRefused where there are no passkeys."""
    site = site_here()
    if site is None:
        raise PasskeyRefused
    return site


def new_challenge(purpose: str, *, now: datetime) -> bytes:
    """A challenge for this browser and this purpose; the one before it is worth nothing."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    text = urlsafe_b64encode(challenge).decode()
    session[_PLACE] = {**session.get(_PLACE, {}), purpose: [text, int(now.timestamp())]}
    return challenge


def take_challenge(purpose: str, *, now: datetime) -> bytes:
    """The challenge this browser was given for `purpose`; it is taken away from the cookie.

    Raises:
        PasskeyRefused: it was given none, or too long ago.
    """
    waiting = dict(session.get(_PLACE, {}))
    text, given_at = waiting.pop(purpose, (None, 0))
    session[_PLACE] = waiting
    if text is None or not 0 <= now.timestamp() - given_at <= CHALLENGE_LIFE.total_seconds() + 1:
        raise PasskeyRefused
    return urlsafe_b64decode(text)


def read_answer(*others: str) -> tuple[Mapping[str, Any], dict[str, str | None]]:
    """What the browser's key answered (`credential`), and texts that came with it, by name.

    Raises:
        Malformed, and what `read_json` raises.
    """
    body = read_json(BODY_MAX)
    told = JsonRecord(body, frozenset({"credential", *others}))
    credential = body["credential"] if isinstance(body, dict) and "credential" in body else None
    if not isinstance(credential, dict):
        raise Malformed("credential", "object")
    return credential, {name: told.text(name) for name in others}
