"""Addresses that came from a request: only a path on this site is ever followed."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import request


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
