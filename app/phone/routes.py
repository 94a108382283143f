"""The phone's own addresses: manifest, service worker, shell."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("phone", __name__)
