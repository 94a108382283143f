"""Choices: how a higher slice says what a lower slice's record can name.

An activity can be part of a plan, yet activities may not import plans.  So the form asks here for
whatever was registered for its field; the higher slice registers when the application is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor

Pairs = Sequence[tuple[str, object]]  # id and words
Find = Callable[[Session, Actor, Any | None], Pairs]  # the record that is corrected, or None

_FINDERS: dict[tuple[str, str], Find] = {}


def register_choices(kind_name: str, field_name: str, find: Find) -> None:
    """Offer `find(session, actor, row)` in a field of type `ref` or `refs`; the last one wins."""
    _FINDERS[kind_name, field_name] = find


def choices_for(
    session: Session, actor: Actor, kind_name: str, field_name: str, row: Any | None
) -> Pairs:
    """What the field can name, as far as the actor may see it; nothing where nobody registered."""
    find = _FINDERS.get((kind_name, field_name))
    return find(session, actor, row) if find else ()
