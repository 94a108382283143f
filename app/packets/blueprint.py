"""The packets' blueprint, and who may open its pages."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.rules import Role

bp = Blueprint("packets", __name__, url_prefix="/packets")
ROLES: tuple[Role, ...] = ("officer", "reviewer", "admin")
