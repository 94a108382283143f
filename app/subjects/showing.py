"""What the desk's templates need to say requests in words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from app.areas.words import place_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.subjects import words
from app.subjects.blueprint import due_words
from app.subjects.models import SubjectRequest
from app.subjects.queries import names_of


def shown(requests: Iterable[SubjectRequest] = ()) -> dict[str, Any]:
    """Words of kinds, ways and states, of places and days left, and names of colleagues."""
    return {
        "kind_words": words.KINDS,
        "via_words": words.VIAS,
        "state_words": words.STATES,
        "place": place_words(),
        "due": partial(due_words, today=bangkok_day(now())),
        "names": names_of(db.session(), list(requests)),
    }
