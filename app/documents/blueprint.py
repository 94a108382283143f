"""The documents' blueprint and its door."""

from __future__ import annotations

from flask import Blueprint

from app.documents.words import WORDS
from app.web import nav

bp = Blueprint("documents", __name__)
nav.register("documents.index", WORDS.many, "file", order=28)
