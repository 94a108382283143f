"""The blueprint, who may open it, and what all its pages say."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.areas.words import place_words
from app.keeping.classes import CLASSES
from app.keeping.words import CLASS_WORDS, THEN_WORDS
from app.notices.text import BASIS_WORDS, how_long
from app.retention.words import CAUSE_WORDS, KIND_WORDS, ONE_WORDS
from app.web import nav

bp = Blueprint("retention", __name__, url_prefix="/retention")
KEEPERS: tuple[Role, ...] = ("reviewer", "admin")
nav.register("retention.index", _l("Keeping and destroying"), "clock", roles=KEEPERS, order=88)


def shared_words() -> dict[str, object]:
    """For every template of this slice."""
    return {
        "classes": CLASSES,
        "class_words": CLASS_WORDS,
        "then_words": THEN_WORDS,
        "basis_words": BASIS_WORDS | {"19": _l("consent of the person, sections 19 and 24")},
        "how_long": how_long,
        "kind_words": KIND_WORDS,
        "one_words": ONE_WORDS,
        "cause_words": CAUSE_WORDS,
        "place": place_words(),
    }
