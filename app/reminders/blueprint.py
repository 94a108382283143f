"""The reminders' blueprint and what its views share."""

from __future__ import annotations

from flask import Blueprint, current_app

from config import Settings

bp = Blueprint("reminders", __name__)


def settings() -> Settings:
    """This process's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found
