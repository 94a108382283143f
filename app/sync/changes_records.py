"""Records of every kind on a phone: one's own, and what an officer needs to write offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.models import Assessment
from app.networks.models import NetworkOrder
from app.networks.queries import orders_asked, orders_in_force
from app.plans.models import PlanItem
from app.plans.queries import newest_results, newest_results_asked
from app.records.kinds import RecordKind
from app.records.queries import in_scope
from app.sync.kinds import RECORDS

MOST, MOST_OF_ALL = 50, 100  # of a kind: one's own, and of everybody; 40 centres stay under 200 kB
LONGEST_CALLED = 60  # characters
_CALLED = {  # the column that says which one it is
    "activity": "title",
    "network_order": "order_no",
    "assessment": "computed_grade",
    "plan_item": "title",
    "plan_result": "item_id",
    "post": "title",
    "document": "title",
}
_OF_ALL = frozenset({"activity"})  # of everybody in the area: an assessment names them


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom, how far back, and for which fiscal years."""

    actor: Actor
    since: datetime
    today: date
    years: frozenset[int]  # Buddhist era


def entries_on_phone(session: Session, asked: Reader) -> list[dict[str, Any]]:
    """What was recorded lately: one's own of each kind, and the area's activities.

    Those struck out lately come too, as tombstones.
    """
    return [entry for kind in RECORDS for entry in _entries(session, asked, kind)]


def entries_asked(asked: Reader, kind: RecordKind) -> Select[*tuple[Any, ...]]:
    """The question for one kind: a row for each entry."""
    model, actor = kind.model, asked.actor
    mine: ColumnElement[bool] = model.recorder_id == actor.account_id
    recent = model.received_at >= asked.since
    shown = recent if kind.name in _OF_ALL else mine & recent
    called, day = getattr(model, _CALLED[kind.name]), getattr(model, kind.day)
    return (
        select(
            model.id, model.centre_id, model.district_code, day, called, model.version,
            mine.label("mine"), model.deleted_at.is_not(None).label("deleted"), model.received_at,
        )
        .where(in_scope(model, actor), or_(shown, mine & (model.deleted_at >= asked.since)))
        .order_by(model.received_at.desc(), model.id.desc())
        .limit(MOST_OF_ALL if kind.name in _OF_ALL else MOST)
    )  # fmt: skip


def _entries(session: Session, asked: Reader, kind: RecordKind) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind.name, "id": str(row[0]), "centre_id": str(row[1]) if row[1] else None,
            "district_code": row[2], "day": row[3].isoformat(),
            "called": str(row[4])[:LONGEST_CALLED], "version": row[5], "mine": row[6],
            "deleted": row[7],
        }
        for row in session.execute(entries_asked(asked, kind))
    ]  # fmt: skip


def office_on_phone(session: Session, asked: Reader) -> dict[str, Any]:
    """The running plans, how each centre was assessed, and - for offices - the orders in force."""
    orders = () if asked.actor.role == "volunteer" else _orders(session, asked)
    return {
        "plan_items": _plan_items(session, asked),
        "assessments": _assessments(session, asked),
        "orders": [_order(order) for order in orders],
    }


def members_named(office: Mapping[str, Any]) -> int:
    """How many people's names are in the orders: that they left for a phone is noted."""
    return sum(len(order["members"]) for order in office["orders"])


def office_asked(asked: Reader) -> dict[str, Select[Any]]:
    """The questions that `office_on_phone` asks."""
    items = _plan_items_asked(asked)
    told: dict[str, Select[Any]] = {
        "plan_items": items,
        "results": newest_results_asked(items.with_only_columns(PlanItem.id), asked.today),
        "assessments": _assessments_asked(asked),
    }
    if asked.actor.role != "volunteer":
        for year in sorted(asked.years):
            told[f"orders_{year}"] = orders_asked(asked.actor, year, asked.today)
    return told


def _plan_items_asked(asked: Reader) -> Select[PlanItem]:
    return (
        select(PlanItem)
        .where(
            in_scope(PlanItem, asked.actor),
            PlanItem.fiscal_year.in_(sorted(asked.years)),
            PlanItem.deleted_at.is_(None),
        )
        .order_by(PlanItem.district_code, PlanItem.starts_on, PlanItem.id)
    )


def _plan_items(session: Session, asked: Reader) -> list[dict[str, Any]]:
    items = session.scalars(_plan_items_asked(asked)).all()
    results = newest_results(session, [item.id for item in items], asked.today)
    return [
        {
            "id": str(item.id),
            "centre_id": str(item.centre_id) if item.centre_id else None,
            "district_code": item.district_code,
            "fiscal_year": item.fiscal_year,
            "side": item.side,
            "title": item.title,
            "dropped": item.dropped_reason is not None,
            "done_percent": results[item.id].done_percent if item.id in results else None,
        }
        for item in items
    ]


def _assessments(session: Session, asked: Reader) -> list[dict[str, Any]]:
    """Of each centre the newest: by its day, and of one day the last written down."""
    rows = session.scalars(_assessments_asked(asked))
    newest = {row.centre_id: row for row in rows}
    return [
        {
            "id": str(row.id),
            "centre_id": str(row.centre_id),
            "assessed_on": row.assessed_on.isoformat(),
            "fiscal_year": row.fiscal_year,
            "grade": row.grade,
            "percent": row.percent,
            "points": {score["criterion"]: score["points"] for score in row.scores},
        }
        for row in newest.values()
    ]


def _assessments_asked(asked: Reader) -> Select[Assessment]:
    years = sorted({year - back for year in asked.years for back in (0, 1)})
    return (
        select(Assessment)
        .where(
            in_scope(Assessment, asked.actor),
            Assessment.fiscal_year.in_(years),
            Assessment.deleted_at.is_(None),
        )
        .order_by(Assessment.assessed_on, Assessment.id)
    )


def _orders(session: Session, asked: Reader) -> Sequence[NetworkOrder]:
    """The newest order of each district, of whichever year."""
    found: dict[str, NetworkOrder] = {}
    for year in sorted(asked.years):
        found |= orders_in_force(session, asked.actor, year, asked.today)
    return [found[code] for code in sorted(found)]


def _order(order: NetworkOrder) -> dict[str, Any]:
    return {
        "id": str(order.id),
        "district_code": order.district_code,
        "fiscal_year": order.fiscal_year,
        "dated_on": order.dated_on.isoformat(),
        "order_no": order.order_no,
        "members": order.members,
    }
