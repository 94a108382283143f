"""The sync API: records in, receipts out, and what changed since."""

from __future__ import annotations

from flask import Flask

from app.shared.forgetting import register_forgetting
from app.sync import changes_routes, held_routes, openapi, records_routes, rescue_routes
from app.sync.blueprint import bp, pages
from app.sync.held_upkeep import forget_in_held

__all__ = [
    "bp",
    "changes_routes",
    "held_routes",
    "init_app",
    "openapi",
    "records_routes",
    "rescue_routes",
]


def init_app(app: Flask) -> None:
    """Add the pages, and have what is held forget whom a visit forgets."""
    app.register_blueprint(pages)
    register_forgetting("visit", forget_in_held)
