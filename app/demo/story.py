"""The story as one: everything there is to record, worked out from the places and the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.demo.cycle import Deed, deeds
from app.demo.followups import Check, followups
from app.demo.photos import Print, photographs
from app.demo.visits import Entry, Place, visits
from app.rounds.programme import Programme


@dataclass(frozen=True)
class Story:
    """The visitor book, follow-ups, photographs and the other duties, in order of recording."""

    entries: tuple[Entry, ...]
    checks: tuple[Check, ...]
    prints: tuple[Print, ...]
    deeds: tuple[Deed, ...] = ()


def tell(
    places: Sequence[Place], subdistricts: Sequence[str], programme: Programme, today: date
) -> Story:
    """Work the story out up to the day before `today` (a Bangkok day).

    The same places and day give the same story; a later day tells what happened since.
    """
    entries = tuple(visits(places, subdistricts, today, programme.name))
    checks = tuple(followups(entries, programme.followup_months, today, programme.name))
    done = tuple(deeds(places, programme))
    return Story(entries, checks, tuple(photographs(places, entries, checks, done)), done)
