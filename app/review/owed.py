"""What is owed: every occurrence of a programme for every unit somebody sends for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.review.models import ItemVerdict, Submission
from app.review.queries import Standing, state_of, submissions_in_scope
from app.review.units import Unit, units_of
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme, programme_key

NOW: tuple[Standing, ...] = ("returned", "missing", "draft")  # what is its sender's turn


@dataclass(frozen=True, slots=True)
class Owed:
    """One occurrence for one unit, and how it stands."""

    programme: Programme
    occurrence: Occurrence
    unit: Unit
    submission: Submission | None
    standing: Standing
    to_mend: int = 0  # items sent back

    @property
    def key(self) -> str:
        """The programme's, for addresses."""
        return programme_key(self.programme)


def owed_by(
    session: Session,
    actor: Actor,
    programme: Programme,
    today: date,
    only: Collection[Occurrence] | None = None,
) -> list[Owed]:
    """Everything due under the programme for the actor's units, by due day; or `only` these
    occurrences.  Four queries.
    """
    wanted = (
        occurrences(programme)
        if only is None
        else [one for one in occurrences(programme) if one in only]
    )
    units = {level: units_of(session, actor, level) for level in ("district", "centre")}
    rows = session.scalars(
        submissions_in_scope(actor).where(
            Submission.programme == programme_key(programme),
            Submission.occurrence.in_([one.key for one in wanted]),
        )
    )
    sent = {(row.occurrence, row.unit_code): row for row in rows}
    mend = items_to_mend(session, [row.id for row in sent.values() if row.state == "returned"])
    return [
        _owed(programme, occurrence, unit, sent.get((occurrence.key, unit.code)), today, mend)
        for occurrence in wanted
        for unit in units[occurrence.level]
    ]


def items_to_mend(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many items of the newest edition of each submission were sent back."""
    if not ids:
        return {}
    newest = and_(
        Submission.id == ItemVerdict.submission_id, Submission.edition == ItemVerdict.edition
    )
    rows = session.execute(
        select(ItemVerdict.submission_id, func.count())
        .join(Submission, newest)
        .where(ItemVerdict.submission_id.in_(ids), ItemVerdict.verdict == "return")
        .group_by(ItemVerdict.submission_id)
    )
    return {id_: int(count) for id_, count in rows}


def by_occurrence(rows: Sequence[Owed]) -> list[list[Owed]]:
    """The rows in their order, those of one occurrence together: it may be due of many centres."""
    found: dict[str, list[Owed]] = {}
    for row in rows:
        found.setdefault(row.occurrence.key, []).append(row)
    return list(found.values())


def _owed(
    programme: Programme,
    occurrence: Occurrence,
    unit: Unit,
    row: Submission | None,
    today: date,
    mend: dict[UUID, int],
) -> Owed:
    standing = state_of(row, occurrence, today)
    return Owed(programme, occurrence, unit, row, standing, mend.get(row.id, 0) if row else 0)
