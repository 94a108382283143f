"""The plans' blueprints and their door."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.web import nav

bp = Blueprint("plans", __name__)
results_bp = Blueprint("plan_results", __name__)
nav.register("plans.overview", _l("District plan"), "list", order=46)
