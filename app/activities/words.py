"""What an activity and its fields are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.records.words import register_words

WORDS = register_words(
    "activity",
    title=_l("Activity"),
    many=_l("Activities"),
    new=_l("New activity"),
    labels={
        "kind": _l("What kind of activity"),
        "title": _l("What it was"),
        "held_on": _l("Date"),
        "ended_on": _l("Last day, if it took several"),
        "sides": _l("Sides of the 5P"),
        "n_male": _l("Men"),
        "n_female": _l("Women"),
        "n_youth": _l("Of these, under 20"),
        "n_total": _l("People"),
        "lead": _l("Who led it"),
        "partners": _l("Partners who took part"),
        "result": _l("What came of it"),
        "problems": _l("Problems"),
        "plan_item_id": _l("Part of the plan"),
    },
)
