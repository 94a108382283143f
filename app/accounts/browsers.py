"""The browser a request comes from: its name for its owner, its address, whom it knows.

A browser that somebody signed in with before has a cookie of its own that says so, signed and bound
to the account; it lasts a year and outlives signing out.  It opens nothing.  It only has its own
count of misses, so that a stranger who tries passwords elsewhere cannot make its owner wait.
"""

from __future__ import annotations

import hmac
import secrets
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from flask import after_this_request, current_app, request
from werkzeug.wrappers import Response

from app.accounts.agents import agent_of
from app.shared.keys import derived_key
from config import Settings

_PURPOSE = b"lakthan-known-browser-1"
_YEAR_S = 365 * 24 * 3600
_MOST_ACCOUNTS = 8  # a phone that a whole group shares; whoever came first drops out
_SIGNATURE_DIGITS = 32  # 128 bits
_IPV6_SHARED_BITS = 64  # one household, one phone: whoever has one address there has them all
_LONGEST = 2_000  # characters; eight accounts take under one thousand


def agent() -> str | None:
    """What the browser is called: "Android · Chrome"."""
    return agent_of(request.user_agent.string)


def address() -> str:
    """Where the request comes from, as misses are counted: of IPv6 only the network."""
    text = request.remote_addr or ""
    try:
        found = ip_address(text)
    except ValueError:
        return text  # a socket's path, a proxy that says nothing
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> _IPV6_SHARED_BITS << _IPV6_SHARED_BITS))
    return str(found)


def known_as(account_id: UUID) -> str | None:
    """This browser's own name with the account; None if it never signed in to it."""
    return _read().get(account_id.hex)


def remember(account_id: UUID) -> bool:
    """Have the answer tell this browser that it is known to the account; False: it was already."""
    known = _read()
    if account_id.hex in known:
        return False
    kept = dict(list(known.items())[1 - _MOST_ACCOUNTS :])
    _write(kept | {account_id.hex: secrets.token_urlsafe(12)})
    return True


def forget(account_id: UUID) -> None:
    """Have this browser forget that it is known to the account."""
    known = _read()
    if known.pop(account_id.hex, None):
        _write(known)


def _read() -> dict[str, str]:
    """Account -> this browser's name with it, out of the parts that we have signed."""
    known = {}
    for part in request.cookies.get(_cookie_name(), "")[:_LONGEST].split("."):
        account, _, rest = part.partition("~")
        name, _, signature = rest.partition("~")
        if hmac.compare_digest(signature.encode(), _sign(account, name).encode()):
            known[account] = name
    return known


def _write(known: dict[str, str]) -> None:
    value = ".".join(f"{a}~{name}~{_sign(a, name)}" for a, name in known.items())

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(), value, max_age=_YEAR_S, path="/", httponly=True, samesite="Lax",
            secure=_settings().is_production,
        )  # fmt: skip
        return response


def _sign(account: str, name: str) -> str:
    key = derived_key(_settings().signing_key, _PURPOSE)
    text = f"{account}~{name}".encode("utf-8", "replace")
    return hmac.digest(key, text, "sha256").hex()[:_SIGNATURE_DIGITS]


def _cookie_name() -> str:
    return "__Host-lakthan-known" if _settings().is_production else "lakthan-known"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
