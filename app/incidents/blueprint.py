"""The register's blueprint, and the words all its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.areas.words import place_words
from app.incidents import words

bp = Blueprint("incidents", __name__)


def incident_words() -> dict[str, Any]:
    """What templates need to say an incident's keys in words."""
    return {
        "place": place_words(),
        "kind_words": words.KINDS,
        "risk_words": words.RISKS,
        "data_words": words.DATA_KINDS,
        "step_words": words.STEPS,
        "field_words": words.FIELDS,
        "how_words": words.HOW,
        "questions": words.QUESTIONS,
        "clock_badge": words.clock_badge,
    }
