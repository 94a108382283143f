"""What a page's address asks for; what makes no sense there is ignored."""

from __future__ import annotations

from uuid import UUID

from flask import request

from app.shared.clock import Quarter


def asked_id(name: str) -> UUID | None:
    """The id under `name` in the page's address."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def asked_quarter() -> Quarter | None:
    """The quarter in the page's address."""
    try:
        return Quarter.parse(request.args.get("quarter", ""))
    except ValueError:
        return None
