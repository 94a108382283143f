"""The sync API's blueprint, and the one of its pages: what was held, and rescue files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sync", __name__, url_prefix="/api/v1")  # bearers only: each view is CSRF-exempt
pages = Blueprint("held", __name__)  # cookies and CSRF tokens, as every page
