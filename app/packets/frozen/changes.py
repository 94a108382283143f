"""What is other in a list than in the edition before: new, changed or gone.

By id and version; a photo whose file came, a grade that was decided and a report that was accepted
are changes, too.  What is told of a record are its own words, never a visitor's name or number.
"""

from __future__ import annotations

from app.packets.frozen.content import Change, Content
from app.packets.frozen.telling import KIND_WORDS, Told, told


def changes_since(previous: Content, content: Content) -> tuple[Change, ...]:
    """The differences, kind by kind: what is new or changed in the list's order, then what is gone.

    Of what is gone the words are those of the edition before.
    """
    before = {(one.kind, one.id): one for one in told(previous)}
    now = {(one.kind, one.id): one for one in told(content)}
    found = [
        _change(one, "changed" if key in before else "new")
        for key, one in now.items()
        if key not in before or before[key].mark != one.mark
    ]
    found += [_change(one, "gone") for key, one in before.items() if key not in now]
    places = {kind: place for place, kind in enumerate(KIND_WORDS)}
    return tuple(sorted(found, key=lambda change: places[change.kind]))


def _change(one: Told, what: str) -> Change:
    return Change(one.kind, one.id, what, one.centre_code, one.district_code, one.day, one.words)
