"""What publishing a version would change for reports and for records that are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.rounds.calendar import Occurrence
from app.rounds.differences import Moved, Vanished, moved_rounds, new_rounds, vanished_choices
from app.rounds.programme import programme_key
from app.rounds.schema import Programme
from app.rounds.uses import submissions_by_occurrence, used_choices


@dataclass(frozen=True, slots=True)
class Touched:
    """An occurrence that moves or vanishes, with how many submissions answer it already."""

    moved: Moved
    submissions: int
    is_past: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything worth a look before publishing."""

    replaces: Programme | None  # what is in force for the year now
    rounds: tuple[Touched, ...]
    added: tuple[Occurrence, ...]
    vanished: tuple[Vanished, ...]  # answers that records hold, offered no more
    other_mission: int  # submissions under another key, which the board would not find any more

    @property
    def is_grave(self) -> bool:
        """Whether something already sent, past or recorded is touched."""
        touched = any(one.submissions or one.is_past for one in self.rounds)
        return touched or bool(self.vanished or self.other_mission)


def impact_of(session: Session, before: Programme | None, after: Programme, today: date) -> Impact:
    """Compare what is in force for the year with what would be."""
    if before is None:
        return Impact(None, (), (), (), 0)
    sent = submissions_by_occurrence(session, programme_key(before))
    touched = tuple(
        Touched(moved, sent.get(moved.before.key, 0), moved.is_past(today))
        for moved in moved_rounds(before, after)
    )
    return Impact(
        replaces=before,
        rounds=touched,
        added=tuple(new_rounds(before, after)),
        vanished=tuple(used_choices(session, vanished_choices(before, after))),
        other_mission=sum(sent.values()) if before.key != after.key else 0,
    )
