"""Hosts: under which names this installation lets itself be asked.

A foreign name in `Host` is how DNS rebinding makes a browser take us for an attacker's own site,
and how a mail would lead to somebody else's.  Production answers to LAKTHAN_HOSTS alone.  The demo
also answers to this machine's names and to plain addresses: nobody can rebind those.
"""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest

from app.shared.errors import DomainError
from app.web.wording import wording
from config import Settings

_OWN = ("localhost",)


class BadHost(DomainError):
    """The request asks for a name that is none of ours."""

    code = "bad_host"


def init_app(app: Flask) -> None:
    """Refuse foreign names before anything else looks at the request."""
    app.before_request(_check_host)


def _check_host() -> Response | None:
    if isinstance(request.routing_exception, BadRequest):
        # No name at all: no address can be built here, so there is no page to answer with.
        return Response(wording("bad_host"), 400, content_type="text/plain; charset=utf-8")
    if not is_ours(request.headers.get("Host", ""), current_app.config["SETTINGS"]):
        raise BadHost
    return None


def is_ours(host: str, settings: Settings) -> bool:
    """Whether `host`, with or without a port, is a name this installation answers to."""
    name = _name_of(host)
    if name is None:
        return False
    named = {word.casefold() for word in settings.host_names}
    if name in named or host.casefold() in named:
        return True
    if settings.is_production:
        return False
    return name in _OWN or name == settings.listens_on.casefold() or _is_address(name)


def _name_of(host: str) -> str | None:
    """The name before the port, in small letters; None for what is no host at all."""
    if host.startswith("["):
        name, closed, port = host[1:].partition("]")
        port = port.removeprefix(":") if port.startswith(":") or not port else "?"
        name = name if closed else ""
    else:
        name, colon, port = host.partition(":")
        port = port if colon else ""
    if not name or (port and not (port.isascii() and port.isdigit())):
        return None
    return name.casefold()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
