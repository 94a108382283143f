"""The desk's pages: requests of people about their data."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("requests", __name__)
