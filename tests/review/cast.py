"""What the tests of the review share: rounds of the letter, and evidence of a district."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.kinds import ACTIVITY
from app.plans.kinds import PLAN_ITEM
from app.records import service as records
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.review.models import Submission
from app.review.service import submit
from app.review.units import Unit, unit_for
from app.rounds.calendar import Occurrence, occurrence_named
from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture
from tests.conftest import World

PROGRAMME = load_programme()
KEY = "khok_nong_na_2567"
NOW = datetime(2024, 2, 12, 3, 0, tzinfo=UTC)  # the day before the plan is due
LATER = NOW + timedelta(days=1)
TOO_LATE = NOW + timedelta(days=2)
DISTRICT = "5606"


def occurrence(key: str = "plan") -> Occurrence:
    found = occurrence_named(PROGRAMME, key)
    assert found is not None
    return found


def unit(session: Session, world: World, code: str = DISTRICT) -> Unit:
    return unit_for(session, world["reviewer"], code)


def write(session: Session, kind: RecordKind, actor: Actor, /, **told: Any) -> Any:
    """One record of a kind; what is not told is nothing."""
    place = {name: told.pop(name, None) for name in ("id", "centre_id", "district_code")}
    values = {field.name: told.get(field.name, field.nothing) for field in kind.fields}
    draft = Draft(
        kind=kind.name, id=place["id"] or new_id(), centre_id=place["centre_id"],
        district_code=place["district_code"], values=values, capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )  # fmt: skip
    return records.record(session, kind, draft, actor=actor, now=NOW, programme=PROGRAMME)[0]


def correct(session: Session, kind: RecordKind, row: Any, actor: Actor, /, **told: Any) -> Any:
    """The record's next version, with what is told anew."""
    values = {field.name: getattr(row, field.name) for field in kind.fields} | told
    draft = Draft(
        kind=kind.name, id=row.id, centre_id=row.centre_id,
        district_code=None if row.centre_id else row.district_code, values=values,
        capture=Capture(at=NOW), programme_version=PROGRAMME.name,
    )  # fmt: skip
    return records.edit(
        session, kind, draft, expected_version=row.version, actor=actor, now=LATER,
        programme=PROGRAMME,
    )  # fmt: skip


def plan_item(session: Session, actor: Actor, centre_id: UUID | None, **told: Any) -> Any:
    ordinary: dict[str, Any] = {
        "fiscal_year": 2567, "side": "place", "strategy": "repair", "title": "ซ่อมคันนา",
        "target": "1 แห่ง", "starts_on": date(2024, 2, 1), "ends_on": date(2024, 3, 1),
        "budget_baht": 5_000, "budget_source": "none", "responsible": "พัฒนากร",
        "centre_id": centre_id,
    }  # fmt: skip
    if centre_id is None:
        ordinary["district_code"] = DISTRICT
    return write(session, PLAN_ITEM, actor, **ordinary | told)


def activity(session: Session, actor: Actor, centre_id: UUID, **told: Any) -> Any:
    ordinary: dict[str, Any] = {
        "kind": "training", "title": "ห่มดิน", "held_on": date(2024, 2, 2), "sides": ["place"],
        "n_male": 4, "n_female": 6, "centre_id": centre_id,
    }  # fmt: skip
    return write(session, ACTIVITY, actor, **ordinary | told)


def send(
    session: Session, world: World, key: str = "plan", *, seen: int = 0, who: str = "officer",
    now: datetime = NOW, code: str = DISTRICT,
) -> Submission:  # fmt: skip
    return submit(
        session, PROGRAMME, occurrence(key), unit(session, world, code), seen_edition=seen,
        actor=world[who], now=now,
    )  # fmt: skip
