"""The blueprint of the pages on accounts, and who manages any."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.rules import Role

bp = Blueprint("administration", __name__)
MANAGERS: tuple[Role, ...] = ("officer", "admin")
