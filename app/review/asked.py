"""What is asked for when a report is put together: whose, which days; and what its parts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.assessments.models import Assessment
from app.assessments.queries import newest_of
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.devices.queries import unsent_summary
from app.plans.models import PlanItem
from app.plans.queries import items_of
from app.review.content import Gap
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.programme import Programme


@dataclass(frozen=True)
class Asked:
    """One unit's report for one occurrence, being put together; each part is read once."""

    session: Session
    programme: Programme
    occurrence: Occurrence
    unit: Unit

    @property
    def first(self) -> date:
        """The first day it covers."""
        return self.occurrence.covers_from

    @property
    def last(self) -> date:
        """The last day it covers."""
        return self.occurrence.covers_to

    def within(self, day: Any) -> ColumnElement[bool]:
        """Whether a column's day is one it covers."""
        found: ColumnElement[bool] = day.between(self.first, self.last)
        return found

    @cached_property
    def centres(self) -> Sequence[Any]:
        """The unit's centres by code: `id, code, name, plot_class, subdistrict_code, status`."""
        return self.session.execute(
            select(
                Centre.id, Centre.code, Centre.name, Centre.plot_class, Centre.subdistrict_code,
                Centre.status,
            )
            .where(centres_in_scope(self.unit.eyes))
            .order_by(Centre.code)
        ).all()  # fmt: skip

    @cached_property
    def codes(self) -> dict[UUID, str]:
        """Every centre's code."""
        return {row.id: row.code for row in self.centres}

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Every centre's name."""
        return {row.id: row.name for row in self.centres}

    @property
    def open_ids(self) -> list[UUID]:
        """The centres that are expected to do something."""
        return [row.id for row in self.centres if row.status == "active"]

    @cached_property
    def assessments(self) -> dict[UUID, Assessment]:
        """The assessment that counts for each centre at the end of the days it covers."""
        return newest_of(self.session, list(self.codes), self.programme.fiscal_year, self.last)

    @cached_property
    def plan(self) -> Sequence[PlanItem]:
        """The plan of the fiscal year, dropped items too; of a centre only its own."""
        items = items_of(self.session, self.unit.district_code, self.programme.fiscal_year)
        if self.unit.centre_id is None:
            return items
        return [item for item in items if item.centre_id == self.unit.centre_id]

    def code_of(self, centre_id: UUID | None) -> str | None:
        """A centre's code, or None for what is the district's own."""
        return self.codes.get(centre_id) if centre_id else None

    def phone_gaps(self) -> list[Gap]:
        """What the district's phones say that they have not sent yet."""
        if self.unit.centre_id is not None:
            return []
        unsent = unsent_summary(self.session, self.unit.eyes)
        found = (Gap("records_on_phones", unsent.records), Gap("photos_on_phones", unsent.photos))
        return [gap for gap in found if gap.count]
