"""What the plan's pages share: whose plan, of which year, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.areas.models import Area
from app.areas.words import place_words
from app.plans.grades import grades_of
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.models import PlanItem
from app.plans.queries import items_seen
from app.records.words import field_words, value_words
from app.rounds.programme import Programme, load_programme, programme_of_year
from app.rounds.words import choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.tables import Column
from app.web.locale import page_locale


@dataclass(frozen=True, slots=True)
class Plan:
    """A district's plan of a fiscal year, as this reader sees it."""

    actor: Actor
    district: Area
    year: int
    programme: Programme
    items: Sequence[PlanItem]

    @property
    def title(self) -> str:
        """The district's name."""
        return self.district.name_in(page_locale())

    def facts(self) -> dict[str, Any]:
        """What every template of a plan needs."""
        return {
            "plan": self,
            "today": bangkok_day(now()),
            "writes": self.actor.role in PLAN_ITEM.writers,
            "labels": field_words("plan_item"),
            "result_labels": field_words("plan_result"),
            "value": value_words(PLAN_ITEM, self.programme),
            "result_value": value_words(PLAN_RESULT, self.programme),
            "place": place_words(),
            "class_name": choice_words("plot_classes"),
            "grade": grade_words(self.programme, self.grades()),
            "years": years_around(self.year),
        }

    def grades(self) -> Mapping[UUID, str]:
        """Grades of the centres in the plan."""
        ids = {item.centre_id for item in self.items if item.centre_id}
        return grades_of(db.session(), ids, self.year)


def plan_asked(district_code: str, year: int) -> Plan:
    """The plan a page is about.  Raises NotFound for a district outside the reader's area."""
    actor, session = current_actor(), db.session()
    district = session.get(Area, district_code) if len(district_code) == 4 else None
    if (
        district is None
        or district.kind != "district"
        or not district_code.startswith(actor.area_code[:4])
        or not 2500 <= year <= 2699
    ):
        raise NotFound(kind="plan")
    items = items_seen(session, actor, district_code, year)
    return Plan(actor, district, year, programme_for(year), items)


def programme_for(year: int) -> Programme:
    """The programme of a fiscal year, or the one in force where that year has none."""
    return programme_of_year(year) or load_programme()


def years_around(year: int) -> list[int]:
    """The year shown, the programme's, and the ones beside them, newest first."""
    usual = load_programme().fiscal_year
    return sorted({year, usual - 1, usual, usual + 1}, reverse=True)


def grade_words(
    programme: Programme, grades: Mapping[UUID, str]
) -> Callable[[UUID | None], tuple[str, str] | None]:
    """A function from a centre to its grade and the strategy usual for it, in words."""
    locale = page_locale()
    strategies = {one.key: one.in_(locale) for one in programme.strategies}
    known = {one.key: (one.in_(locale), strategies[one.strategy]) for one in programme.grades}
    return lambda centre_id: known.get(grades.get(centre_id, "")) if centre_id else None


def centre_columns() -> list[Column]:
    """Headings of a row's number and of what `centre_cells` gives."""
    return [
        Column(_("No."), 6), Column(_("Centre code"), 10), Column(_("Centre"), 30),
        Column(_("Place of the centre"), 30), Column(_("Class of plot")),
        Column(_("Present grade"), 24),
    ]  # fmt: skip


def centre_cells(plan: Plan) -> Callable[[PlanItem], list[str | None]]:
    """A function from an item to its centre's code, name, place, class and grade."""
    place, plot = place_words(), choice_words("plot_classes")
    grade = grade_words(plan.programme, plan.grades())

    def cells(item: PlanItem) -> list[str | None]:
        centre = item.centre
        if centre is None:
            return [None, plan.title, place(item.district_code), None, None]
        known = grade(centre.id)
        return [
            centre.code, centre.name, place(centre.subdistrict_code), plot(centre.plot_class),
            known[0] if known else None,
        ]  # fmt: skip

    return cells
