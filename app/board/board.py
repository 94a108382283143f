"""The board of a quarter: rounds by units, ranks on the scale, punctuality."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.board.due import Calendar
from app.board.facts import facts_by_district
from app.board.punctuality import Punctuality, punctuality_of
from app.board.queries import UnitQuarter, quarter_by_unit
from app.board.scale import Rank, Seen, rank_of
from app.board.sheet import Line, Units, calendar_sheet, units_in
from app.review.sealing import seals_of_quarter
from app.rounds.calendar import Occurrence
from app.shared.clock import Quarter
from app.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Board:
    """A quarter as its reader sees it, by district."""

    calendar: Calendar
    units: Units
    lines: Sequence[Line]  # the whole fiscal year up to the quarter
    ranks: Mapping[str, Rank]  # by district code
    sealed: Collection[str]  # districts whose quarter is closed
    figures: Sequence[UnitQuarter]

    @property
    def due(self) -> Sequence[Occurrence]:
        """The columns."""
        return self.calendar.of_quarter

    def on_time(self, line: Line) -> Punctuality:
        """How punctual a district was in this quarter, its centres included."""
        return punctuality_of(c for c in line.single if c.occurrence.quarter == self.quarter)

    def on_time_to_date(self, line: Line) -> Punctuality:
        """The same for the fiscal year so far."""
        return punctuality_of(line.single)

    def on_time_of(self, occurrence: Occurrence) -> Punctuality:
        """How punctual all were with one thing."""
        return punctuality_of(
            cell
            for line in self.lines
            for cell in line.single
            if cell.occurrence.key == occurrence.key
        )

    def on_time_in_all(self, *, to_date: bool = False) -> Punctuality:
        """All districts together."""
        each = self.on_time_to_date if to_date else self.on_time
        return sum((each(line) for line in self.lines), Punctuality())

    @property
    def quarter(self) -> Quarter:
        """The quarter it shows."""
        return self.calendar.quarter


def board_of(session: Session, actor: Actor, calendar: Calendar, today: date) -> Board:
    """The board of everything the actor sees.  The number of queries is fixed."""
    units = units_in(session, actor)
    figures = quarter_by_unit(session, actor, calendar.quarter, by="district")
    lines = calendar_sheet(session, actor, calendar, units, today)
    ranks = _ranks(session, actor, calendar, lines, figures, today)
    sealed = frozenset(seals_of_quarter(session, actor, calendar.quarter))
    return Board(calendar, units, lines, ranks, sealed, figures)


def _ranks(
    session: Session,
    actor: Actor,
    calendar: Calendar,
    lines: Sequence[Line],
    figures: Sequence[UnitQuarter],
    today: date,
) -> dict[str, Rank]:
    programme = calendar.programme
    if programme is None:
        return {}
    codes = [line.unit.code for line in lines]
    facts = facts_by_district(session, actor, calendar, programme, codes, figures)
    return {
        line.unit.code: rank_of(
            Seen(programme, calendar.quarter, today, facts[line.unit.code], line.single)
        )
        for line in lines
    }


def within(actor: Actor, district_code: str) -> Actor:
    """The actor, seeing one district of their area only.  Raises NotFound: it is not theirs."""
    if actor.role == "volunteer" or len(district_code) != 4 or not actor.sees_area(district_code):
        raise NotFound(kind="district")
    return replace(actor, area_code=district_code)
