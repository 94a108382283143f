"""Publicity's blueprint and its door."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.web import nav

bp = Blueprint("publicity", __name__)
nav.register("publicity.index", _l("Publicity"), "send", order=30)
