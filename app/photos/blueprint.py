"""The photos' blueprint, and what its pages share."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.web import nav
from app.web.sealed import sealed, store, taken_away

__all__ = ["WRITERS", "bp", "id_or_400", "sealed", "store", "taken_away"]

bp = Blueprint("photos", __name__)
nav.register("photos.index", _l("Photos"), "photo", order=26)

WRITERS: tuple[Role, ...] = ("volunteer", "officer", "admin")


def id_or_400(text: str) -> UUID:
    """An id out of an address."""
    try:
        return UUID(text)
    except ValueError:
        abort(400)
