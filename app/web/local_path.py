"""Addresses that came from a request: read as text, and only a path on this site is followed."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, request


def init_app(app: Flask) -> None:
    """Refuse addresses that are no text, before any page looks at them."""
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """400 for a NUL: no person sends one, and PostgreSQL fails on text that holds one."""
    if b"%00" in request.query_string:
        abort(400)


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None: never a way to another site."""
    if not target or not target.isprintable() or "\\" in target:
        return None  # browsers drop tabs and line breaks and read \ as /
    if not target.startswith("/") or target.startswith("//"):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def here_path() -> str:
    """The path of the page being shown, with its query but without a language asked for."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    if not kept:
        return request.script_root + request.path
    return f"{request.script_root}{request.path}?{urlencode(kept)}"
