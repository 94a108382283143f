"""Units: who owes a report - a district, or a centre - always within an actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.areas.queries import DISTRICT_DIGITS, areas_under
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.shared.errors import NotFound

Level = Literal["centre", "district"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One that reports.  `code` is the district's, or the centre's; `name` is Thai, as official."""

    code: str
    district_code: str
    centre_id: UUID | None
    name: str
    name_en: str = ""

    @property
    def level(self) -> Level:
        """What it is."""
        return "centre" if self.centre_id else "district"

    @property
    def eyes(self) -> Actor:
        """Somebody who sees just this unit: for reading with every slice's own queries.

        Nobody's account; whoever asks has found the unit by `unit_for` or `units_of`.
        """
        role: Literal["volunteer", "officer"] = "volunteer" if self.centre_id else "officer"
        return Actor(UUID(int=0), role, self.district_code, self.centre_id, self.name)

    def name_in(self, locale: str) -> str:
        """The name in `locale`; a centre has one."""
        return self.name if locale == "th" or not self.name_en else self.name_en


def units_of(session: Session, actor: Actor, level: str) -> list[Unit]:
    """Every unit of `level` (`centre` or `district`) in scope, in code order.

    A volunteer has no district.  Closed centres owe nothing.
    """
    if level == "centre":
        return [_of_centre(one) for one in session.scalars(_open_centres(actor))]
    if actor.role == "volunteer":
        return []
    prefix = actor.area_code[:DISTRICT_DIGITS]
    return [_of_district(area) for area in areas_under(session, prefix, "district")]


def unit_for(session: Session, actor: Actor, code: str) -> Unit:
    """The unit of this code.  Raises NotFound: none, or not for this actor."""
    if len(code) == DISTRICT_DIGITS and actor.role != "volunteer":
        area = session.get(Area, code)
        if area is not None and area.kind == "district" and actor.sees_area(code):
            return _of_district(area)
    centre = session.scalars(
        select(Centre).where(Centre.code == code, centres_in_scope(actor))
    ).one_or_none()
    if centre is None:
        raise NotFound(kind="unit")
    return _of_centre(centre)


def units_named(session: Session, codes: Sequence[str]) -> dict[str, Unit]:
    """The units of these codes, whatever the scope: for rows that were found within it."""
    districts = [code for code in set(codes) if len(code) == DISTRICT_DIGITS]
    areas = session.scalars(select(Area).where(Area.code.in_(districts)))
    centres = session.scalars(select(Centre).where(Centre.code.in_(set(codes) - set(districts))))
    found = [_of_district(area) for area in areas] + [_of_centre(one) for one in centres]
    return {unit.code: unit for unit in found}


def _open_centres(actor: Actor) -> Select[Centre]:
    conditions = (centres_in_scope(actor), Centre.status != "closed")
    return select(Centre).where(*conditions).order_by(Centre.code)


def _of_centre(centre: Centre) -> Unit:
    return Unit(centre.code, centre.district_code, centre.id, centre.name)


def _of_district(area: Area) -> Unit:
    return Unit(area.code, area.code, None, area.name_th, area.name_en)
