"""Plans by centre, summed up, carried over, and what is odd in a report.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from dateutil.relativedelta import relativedelta

from app.plans.models import PlanItem, PlanResult
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.shared.record import Capture, capture_of

DONE = 100  # percent


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one centre, or the district's own (`centre` None)."""

    centre: Any
    items: Sequence[PlanItem]


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in figures; dropped items do not count.  Amounts in baht."""

    items: int
    dropped: int
    budget: int
    spent: int
    by_side: Mapping[str, int]  # budget
    by_source: Mapping[str, int]  # budget
    items_by_side: Mapping[str, int]
    reported: int  # items with a result
    finished: int
    done_percent: int  # the mean over all items; one without a report counts as 0


def groups_of(items: Iterable[PlanItem]) -> list[Group]:
    """Items, which come in order, by their centre."""
    found: dict[UUID | None, list[PlanItem]] = {}
    for item in items:
        found.setdefault(item.centre_id, []).append(item)
    return [Group(own[0].centre if own[0].centre_id else None, own) for own in found.values()]


def totals_of(items: Iterable[PlanItem], results: Mapping[UUID, PlanResult]) -> Totals:
    """Add a plan up, with the newest `results` by item."""
    every = list(items)
    kept = [item for item in every if not item.dropped_reason]
    done = [results[item.id].done_percent if item.id in results else 0 for item in kept]
    return Totals(
        items=len(kept),
        dropped=len(every) - len(kept),
        budget=sum(item.budget_baht for item in kept),
        spent=sum(results[item.id].spent_baht for item in every if item.id in results),
        by_side=_summed(kept, "side", "budget_baht"),
        by_source=_summed(kept, "budget_source", "budget_baht"),
        items_by_side=_summed(kept, "side"),
        reported=sum(item.id in results for item in kept),
        finished=sum(percent == DONE for percent in done),
        done_percent=round(sum(done) / len(done)) if done else 0,
    )


def _summed(items: Iterable[PlanItem], name: str, amount: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        key = getattr(item, name)
        found[key] = found.get(key, 0) + (getattr(item, amount) if amount else 1)
    return found


def is_unfinished(item: PlanItem, newest: PlanResult | None) -> bool:
    """Whether something is left to carry over: neither dropped nor wholly done."""
    return not item.dropped_reason and (newest is None or newest.done_percent < DONE)


def carried_id(item_id: UUID, fiscal_year: int) -> UUID:
    """The id of what goes on with `item_id` in another year: asked twice, it is the same."""
    return uuid5(NAMESPACE_URL, f"plan-item:{item_id}:{fiscal_year}")


def carried_over(
    item: PlanItem, newest: PlanResult | None, fiscal_year: int, capture: Capture, programme: str
) -> Draft:
    """The draft that goes on with `item` in `fiscal_year`: same work, dates moved by the years
    between, and the money that is left.
    """
    years = relativedelta(years=fiscal_year - item.fiscal_year)
    left = max(item.budget_baht - (newest.spent_baht if newest else 0), 0)
    values = {name: getattr(item, name) for name in _NAMES} | {
        "fiscal_year": fiscal_year,
        "starts_on": item.starts_on + years,
        "ends_on": item.ends_on + years,
        "budget_baht": left,
        "carried_from": item.id,
        "dropped_reason": None,
    }
    return Draft(
        kind="plan_item",
        id=carried_id(item.id, fiscal_year),
        centre_id=item.centre_id,
        district_code=None if item.centre_id else item.district_code,
        values=values,
        capture=capture,
        programme_version=programme,
    )


_NAMES = (
    "side", "strategy", "title", "problem", "target", "budget_source", "responsible", "partners",
)  # fmt: skip


def draft_of(kind: RecordKind, row: Any, **changed: object) -> Draft:
    """A stored record as a draft, but for what is `changed`."""
    return Draft(
        kind=kind.name,
        id=row.id,
        centre_id=row.centre_id,
        district_code=None if row.centre_id else row.district_code,
        values={field.name: getattr(row, field.name) for field in kind.fields} | changed,
        capture=capture_of(row),
        programme_version=row.programme_version,
    )


def oddities(item: PlanItem, told: Mapping[str, Any], before: PlanResult | None) -> list[str]:
    """What is worth a question in a report: a code each.  Nothing here is refused.

    `done_fell`: less is done than was reported before, and nothing under obstacles says why.
    `over_budget`: more was spent than the item's budget.
    """
    found = []
    if before and told["done_percent"] < before.done_percent and not told["obstacles"]:
        found.append("done_fell")
    if (told["spent_baht"] or 0) > item.budget_baht:
        found.append("over_budget")
    return found


def oddities_stored(item: PlanItem, reports: Sequence[PlanResult]) -> list[str]:
    """As `oddities`, of the newest of an item's `reports` (newest first)."""
    if not reports:
        return []
    newest, *earlier = reports
    told = {n: getattr(newest, n) for n in ("done_percent", "obstacles", "spent_baht")}
    return oddities(item, told, earlier[0] if earlier else None)
