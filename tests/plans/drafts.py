"""Plan items and results for tests: ordinary ones, but for what a test says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.models import PlanItem, PlanResult
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.records.service import record
from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture
from tests.conftest import World

NOW = datetime(2024, 3, 25, 3, 0, tzinfo=UTC)
TODAY = date(2024, 3, 25)
PROGRAMME = load_programme()


def make_item(centre_id: UUID | None, **facts: Any) -> Draft:
    """An item of a centre, or of Pong as such, for February and March 2567."""
    values: dict[str, Any] = {field.name: field.nothing for field in PLAN_ITEM.fields} | {
        "fiscal_year": 2567,
        "side": "place",
        "strategy": "repair",
        "title": "ซ่อมฐานเรียนรู้",
        "target": "1 ฐาน",
        "starts_on": date(2024, 2, 15),
        "ends_on": date(2024, 3, 31),
        "budget_baht": 5_000,
        "budget_source": "department",
        "responsible": "นายสมชาย",
        "partners": [],
    }
    return _draft(PLAN_ITEM, values | facts, centre_id)


def make_result(item: PlanItem, **facts: Any) -> Draft:
    """A report on `item`: half done on 20 March 2567."""
    values: dict[str, Any] = {field.name: field.nothing for field in PLAN_RESULT.fields} | {
        "item_id": item.id,
        "reported_on": date(2024, 3, 20),
        "done_percent": 50,
        "result": "ซ่อมแล้วครึ่งหนึ่ง",
        "spent_baht": 2_000,
    }
    return _draft(PLAN_RESULT, values | facts, item.centre_id)


def _draft(kind: RecordKind, values: dict[str, Any], centre_id: UUID | None) -> Draft:
    return Draft(
        kind=kind.name,
        id=new_id(),
        centre_id=centre_id,
        district_code=None if centre_id else "5606",
        values=values,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )


def store_item(
    session: Session, world: World, centre_id: UUID | None, who: str = "officer", **facts: Any
) -> PlanItem:
    """Record an item and commit."""
    return _store(session, world, PLAN_ITEM, make_item(centre_id, **facts), who)


def store_result(
    session: Session, world: World, item: PlanItem, who: str = "officer", **facts: Any
) -> PlanResult:
    """Record a report and commit."""
    return _store(session, world, PLAN_RESULT, make_result(item, **facts), who)


def _store(session: Session, world: World, kind: RecordKind, draft: Draft, who: str) -> Any:
    row, _created = record(session, kind, draft, actor=world[who], now=NOW, programme=PROGRAMME)
    session.commit()
    return row
