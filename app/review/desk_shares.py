"""What orders, assessments, plans, documents and posts bring to a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.assessments.models import Assessment
from app.documents.kinds import DOCUMENT
from app.documents.models import Document
from app.networks.models import NetworkOrder
from app.networks.queries import order_in_force
from app.plans.models import PlanItem, PlanResult
from app.plans.queries import newest_results
from app.publicity.queries import posts_between
from app.records.queries import entries
from app.review.asked import Asked
from app.review.content import Gap, Item, Share


def networks(asked: Asked) -> Share:
    """The order in force: its sectors, and how many members each has; no names."""
    order = order_in_force(
        asked.session, asked.unit.district_code, asked.programme.fiscal_year, asked.last
    )
    if order is None:
        return Share({"orders": 0}, gaps=[Gap("no_order")])
    members = Counter(member.get("sector") for member in order.members)
    counts = {sector.key: members[sector.key] for sector in asked.programme.sectors}
    missing = tuple(key for key, count in counts.items() if not count)
    facts = {"order_no": order.order_no, "act": order.act, "members": len(order.members)}
    gaps = [Gap("sectors_missing", len(missing), missing)] if missing else []
    if not _has_scan(asked, order):
        gaps.append(Gap("order_without_scan"))
    item = _item("network_order", order, asked, order.dated_on, order.order_no, facts)
    return Share({"orders": 1, "by_sector": counts, **facts}, [item], gaps=gaps)


def assessments(asked: Asked) -> Share:
    """The centres' grades, before and now, and each side's mean percent.

    Before: the newest grade of an earlier fiscal year, else the first of this one.
    """
    now, before = asked.assessments, _grades_before(asked)
    grades = [grade.key for grade in asked.programme.grades]
    now = {row.id: now[row.id] for row in asked.centres if row.id in now}  # by code
    found = list(now.values())
    missing = [asked.codes[id_] for id_ in asked.open_ids if id_ not in now]
    raised = sum(
        1
        for one in found
        if one.centre_id in before
        and _better(grades, one.grade, before[one.centre_id])
    )  # fmt: skip
    figures = {
        "centres": len(asked.open_ids),
        "assessed": len(found),
        "before": {key: sum(1 for one in before.values() if one == key) for key in grades},
        "now": {key: sum(1 for one in found if one.grade == key) for key in grades},
        "raised": raised,
        "sides": _mean_of_sides(found, [side.key for side in asked.programme.five_p]),
    }
    gaps = [Gap("centres_unassessed", len(missing), tuple(missing))] if missing else []
    items = [
        _item("assessment", one, asked, one.assessed_on, asked.names[id_], _graded(one, before))
        for id_, one in now.items()
    ]
    return Share(figures, items, gaps=gaps)


def plan_items(asked: Asked) -> Share:
    """The year's plan: items and budget, by strategy and side; dropped ones are not summed."""
    standing = [item for item in asked.plan if item.dropped_reason is None]
    strategies = Counter(item.strategy for item in standing)
    sides = Counter(item.side for item in standing)
    figures = {
        "items": len(standing),
        "dropped": len(asked.plan) - len(standing),
        "budget_baht": sum(item.budget_baht for item in standing),
        "centres": len({item.centre_id for item in standing if item.centre_id}),
        "by_strategy": {s.key: strategies[s.key] for s in asked.programme.strategies},
        "by_side": {side.key: sides[side.key] for side in asked.programme.five_p},
    }
    items = [
        _item("plan_item", one, asked, one.starts_on, one.title, _planned(one, asked))
        for one in asked.plan
    ]
    return Share(figures, items, gaps=_plan_gaps(asked, standing))


def plan_results(asked: Asked) -> Share:
    """What came of the plan up to the last day: the newest report of each item."""
    standing = {item.id: item for item in asked.plan if item.dropped_reason is None}
    results = newest_results(asked.session, list(standing), asked.last)
    found = [(item, results[id_]) for id_, item in standing.items() if id_ in results]
    figures = {
        "items": len(standing),
        "reported": len(found),
        "finished": sum(1 for _, one in found if one.done_percent == 100),
        # An item nobody reported on counts as nothing done.
        "done_percent": round(sum(one.done_percent for _, one in found) / len(standing), 1)
        if standing
        else 0,
        "budget_baht": sum(item.budget_baht for item in standing.values()),
        "spent_baht": sum(one.spent_baht for _, one in found),
    }
    items = [
        _item("plan_result", one, asked, one.reported_on, item.title, _reported(item, one))
        for item, one in found
    ]
    if not standing:
        return Share(figures, items, gaps=[Gap("no_plan_items")])
    lacking = len(standing) - len(found)
    return Share(figures, items, gaps=[Gap("results_missing", lacking)] if lacking else [])


def documents(asked: Asked) -> Share:
    """Other evidence, by kind; files that are still on a phone are said so."""
    found = asked.session.scalars(
        entries(DOCUMENT, asked.unit.eyes)
        .where(asked.within(Document.dated_on))
        .order_by(Document.dated_on, Document.id)
    ).all()
    awaited = sum(1 for one in found if one.state == "awaited")
    kinds = Counter(one.kind for one in found)
    items = [
        _item(
            "document", one, asked, one.dated_on, one.title,
            {"kind": one.kind, "state": one.state, "file_sha256": one.file_sha256},
        )
        for one in found
    ]  # fmt: skip
    gaps = [Gap("documents_awaited", awaited)] if awaited else []
    figures = {"documents": len(found), "awaited": awaited, "by_kind": dict(sorted(kinds.items()))}
    return Share(figures, items, gaps=gaps)


def posts(asked: Asked) -> Share:
    """Posts by channel, with the numbers as their people read them."""
    seen = posts_between(asked.session, asked.unit.district_code, asked.first, asked.last)
    centre_id = asked.unit.centre_id
    found = [one for one in seen if centre_id is None or one.centre_id == centre_id]
    channels = Counter(one.channel for one in found)
    figures = {
        "posts": len(found),
        "by_channel": {one.key: channels[one.key] for one in asked.programme.channels},
        **{name: sum(getattr(one, name) or 0 for one in found) for name in _READ},
    }
    items = [
        _item(
            "post", one, asked, one.posted_on, one.title,
            {name: getattr(one, name) for name in ("channel", "url", "side", "read_on", *_READ)},
        )
        for one in found
    ]  # fmt: skip
    return Share(figures, items, gaps=[] if found else [Gap("no_posts")])


_READ = ("views", "likes", "shares")


def _item(kind: str, row: Any, asked: Asked, day: Any, title: str, facts: dict[str, Any]) -> Item:
    code = asked.code_of(row.centre_id)
    return Item(kind, row.id, row.version, row.content_sha256, code, day, title, facts)


def _has_scan(asked: Asked, order: NetworkOrder) -> bool:
    held = select(func.count()).where(
        Document.subject_id == order.id, Document.deleted_at.is_(None)
    )
    return bool(asked.session.scalar(held))


def _grades_before(asked: Asked) -> dict[UUID, str]:
    """Each centre's grade at the outset, by its id."""
    rows = asked.session.execute(
        select(
            Assessment.centre_id, Assessment.fiscal_year, Assessment.proposed_grade,
            Assessment.decided_grade,
        )
        .where(
            Assessment.centre_id.in_(list(asked.codes)),
            Assessment.deleted_at.is_(None),
            Assessment.fiscal_year <= asked.programme.fiscal_year,
            Assessment.assessed_on <= asked.last,
        )
        .order_by(Assessment.assessed_on, Assessment.id)
    )  # fmt: skip
    earlier: dict[UUID, str] = {}
    first: dict[UUID, str] = {}
    for centre_id, year, proposed, decided in rows:
        if centre_id is None:
            continue
        if year < asked.programme.fiscal_year:
            earlier[centre_id] = decided or proposed
        else:
            first.setdefault(centre_id, decided or proposed)
    return first | earlier


def _better(grades: Sequence[str], now: str, before: str) -> bool:
    if now not in grades or before not in grades:
        return False  # a grade that the programme no longer has
    return grades.index(now) < grades.index(before)


def _mean_of_sides(found: Sequence[Assessment], sides: Sequence[str]) -> dict[str, float]:
    told = {side: [one.sides[side] for one in found if side in one.sides] for side in sides}
    return {side: round(sum(some) / len(some), 1) for side, some in told.items() if some}


def _graded(one: Assessment, before: dict[UUID, str]) -> dict[str, Any]:
    return {
        "grade": one.grade, "before": before.get(one.centre_id) if one.centre_id else None,
        "decided": one.decided_grade is not None, "percent": one.percent, "sides": one.sides,
        "strategies": one.strategies, "target_grade": one.target_grade, "problems": one.problems,
        "needs": one.needs,
    }  # fmt: skip


def _planned(item: PlanItem, asked: Asked) -> dict[str, Any]:
    graded = asked.assessments.get(item.centre_id) if item.centre_id else None
    names = (
        "side", "strategy", "problem", "target", "starts_on", "ends_on", "budget_baht",
        "budget_source", "responsible", "partners", "dropped_reason",
    )  # fmt: skip
    return {name: getattr(item, name) for name in names} | {
        "grade": graded.grade if graded else None
    }


def _reported(item: PlanItem, result: PlanResult) -> dict[str, Any]:
    names = (
        "item_id", "done_percent", "result", "output", "spent_baht", "obstacles", "suggestions",
    )  # fmt: skip
    return {name: getattr(result, name) for name in names} | {
        "side": item.side,
        "strategy": item.strategy,
        "target": item.target,
        "budget_baht": item.budget_baht,
        "evidence": len(result.evidence),
    }


def _plan_gaps(asked: Asked, standing: Sequence[PlanItem]) -> list[Gap]:
    if not standing:
        return [Gap("no_plan_items")]
    planned = {item.centre_id for item in standing}
    without = [asked.codes[id_] for id_ in asked.open_ids if id_ not in planned]
    return [Gap("centres_unplanned", len(without), tuple(without))] if without else []
