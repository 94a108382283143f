"""The blueprint that the phones' addresses and the pages on them share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("devices", __name__)
