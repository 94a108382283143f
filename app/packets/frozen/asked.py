"""Whose quarter is frozen: the unit with its centres, and the days that count for it.

The centres are read once; everything else is read by the modules beside this one, each kind in a
number of statements that does not grow with its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.areas.models import Area
from app.areas.queries import areas_by_code, areas_under
from app.centres.models import Centre
from app.packets.frozen.content import Options, RecordItem, Scope
from app.rounds.calendar import Occurrence, occurrences_of
from app.rounds.programme import Programme, programme_of_year
from app.rounds.queries import rounds_of_quarter
from app.shared.clock import Quarter, bangkok_day

Areas = Mapping[str, Area]
Kind = TypeVar("Kind", bound=RecordItem)
MOST_NAMED = 5_000  # ids in one statement: SQLite takes 32,766 values, PostgreSQL 65,535
_OF_EVERY = tuple(field.name for field in fields(RecordItem))


@dataclass(frozen=True)
class Asked:
    """One unit's quarter, being frozen on the Bangkok day `today`."""

    session: Session
    scope: Scope
    quarter: Quarter
    programme: Programme
    options: Options
    today: date

    @cached_property
    def areas(self) -> Areas:
        """Every area, by code."""
        return areas_by_code(self.session)

    @cached_property
    def centres(self) -> list[Centre]:
        """The unit's centres, by code."""
        found = self.session.scalars(select(Centre).where(self.within()))
        return sorted(found, key=lambda centre: (centre.district_code, centre.code))

    @cached_property
    def order(self) -> dict[UUID, int]:
        """The place of each centre among them, by id."""
        return {centre.id: place for place, centre in enumerate(self.centres)}

    @cached_property
    def codes(self) -> dict[UUID, str]:
        """The code of each centre, by id."""
        return {centre.id: centre.code for centre in self.centres}

    @cached_property
    def districts(self) -> list[str]:
        """Codes of the unit's districts; a centre's is the one it lies in."""
        if self.scope.kind == "centre":
            return [centre.district_code for centre in self.centres]
        return [area.code for area in areas_under(self.session, self.scope.code, "district")]

    @cached_property
    def own_programme(self) -> Programme | None:
        """The programme of the quarter's fiscal year: a quarter that is over keeps its own."""
        if self.programme.fiscal_year == self.quarter.fiscal_year:
            return self.programme
        return programme_of_year(self.quarter.fiscal_year)

    @cached_property
    def due(self) -> list[Occurrence]:
        """What counts for the quarter, by due day."""
        return _due(self.own_programme, self.quarter)

    def until(self, gathered: str) -> date:
        """The last day that counts for what rounds call `gathered`.

        A plan of the first quarter is due in February: what is written until then belongs to it,
        as it belongs to the report (`app.review.asked.Asked.last`).
        """
        return _until(self.due, self.quarter, gathered)

    def until_before(self, gathered: str) -> date:
        """The same for the quarter before."""
        before = self.quarter.previous()
        same_year = before.fiscal_year == self.quarter.fiscal_year
        own = self.own_programme if same_year else programme_of_year(before.fiscal_year)
        return _until(_due(own, before), before, gathered)

    def within(self) -> ColumnElement[bool]:
        """Whether a centre is one of the unit's."""
        if self.scope.kind == "centre":
            return Centre.code == self.scope.code
        return Centre.subdistrict_code.startswith(self.scope.code, autoescape=True)

    def in_quarter(self, day: Any) -> ColumnElement[bool]:
        """Whether a column's day falls in the quarter."""
        found: ColumnElement[bool] = day.between(self.quarter.first_day, self.quarter.last_day)
        return found

    def holds(self, model: Any) -> ColumnElement[bool]:
        """Whether a record is the unit's and is not struck out.

        What a district does as such is its own and its province's, not its centres'.
        """
        of_centre = model.centre_id.in_(select(Centre.id).where(self.within()))
        whose: ColumnElement[bool] = of_centre
        if self.scope.kind != "centre":
            of_district = model.district_code.startswith(self.scope.code, autoescape=True)
            whose = or_(of_centre, and_(model.centre_id.is_(None), of_district))
        return and_(whose, model.deleted_at.is_(None))

    def in_order(self, rows: Iterable[Any], day: str) -> list[Any]:
        """Records by district and centre, the district's own after its centres', then by day."""
        last = len(self.order)
        return sorted(
            rows,
            key=lambda row: (
                self.district_of(row), self.order.get(row.centre_id, last), getattr(row, day),
                str(row.id),
            ),
        )  # fmt: skip

    def district_of(self, row: Any) -> str:
        """The district a record stands under: its centre's, wherever that lay when it was made."""
        place = self.order.get(row.centre_id)
        code: str = row.district_code if place is None else self.centres[place].district_code
        return code

    def item(self, kind: type[Kind], row: Any, **told: Any) -> Kind:
        """A record as a line of the list: its columns by name, but for what is `told`."""
        names = [field.name for field in fields(kind) if field.name not in (*_OF_EVERY, *told)]
        return kind(
            id=str(row.id), version=row.version, content_sha256=row.content_sha256,
            district_code=self.district_of(row), centre_code=self.codes.get(row.centre_id),
            received_on=bangkok_day(row.received_at),
            **{name: plain(getattr(row, name)) for name in names}, **told,
        )  # fmt: skip


def plain(value: Any) -> Any:
    """A column's value as a list holds it."""
    if isinstance(value, list):
        return tuple(plain(each) for each in value)
    if isinstance(value, UUID):
        return str(value)
    return sound(value) if isinstance(value, str) else value


def sound(text: str) -> str:
    """`text` as UTF-8 can hold it: a JSON column may hold half of a character, a file may not."""
    return text.encode("utf-8", "replace").decode("utf-8")


def by_many(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Ids in shares that fit into one statement."""
    every = sorted(set(ids))
    for start in range(0, len(every), MOST_NAMED):
        yield every[start : start + MOST_NAMED]


def ids_of(texts: Iterable[object]) -> set[UUID]:
    """Those of `texts` that are ids."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(str(text)))
        except ValueError:
            continue
    return found


def _due(programme: Programme | None, quarter: Quarter) -> list[Occurrence]:
    return occurrences_of(programme, quarter) if programme else rounds_of_quarter(quarter)


def _until(due: Iterable[Occurrence], quarter: Quarter, gathered: str) -> date:
    days = [one.covers_to for one in due if gathered in one.round.gathers]
    return max([quarter.last_day, *days])
