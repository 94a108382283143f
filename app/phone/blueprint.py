"""The blueprint that the phone's addresses share: shell, manifest, service worker."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("phone", __name__)
