"""Assessments to test with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.kinds import ASSESSMENT
from app.assessments.models import Assessment
from app.records import service
from app.records.draft import Draft
from app.rounds.programme import Programme, load_programme
from app.shared.ids import new_id
from app.shared.record import Capture
from tests.conftest import NOW

CRITERIA = [criterion.key for criterion in load_programme().assessment.criteria]


def scores(points: int = 4, **other: int) -> list[dict[str, Any]]:
    """Every criterion with `points`, except those named."""
    return [
        {"criterion": key, "points": other.get(key, points), "note": None, "evidence": []}
        for key in CRITERIA
    ]


def draft(centre_id: UUID, **told: Any) -> Draft:
    """An acceptable assessment; `told` changes its fields."""
    values: Mapping[str, Any] = {
        "assessed_on": date(2024, 1, 20),
        "fiscal_year": 2567,
        "assessor": "นางสาวสมใจ ใจดี",
        "co_assessors": None,
        "scores": scores(),
        "problems": None,
        "needs": None,
        "strategies": ["strengthen"],
        "target_grade": "A",
        "proposed_grade": "A",
    }
    capture = told.pop("capture", Capture(at=NOW))
    record_id = told.pop("id", None) or new_id()
    return Draft(
        kind="assessment", id=record_id, centre_id=centre_id, values={**values, **told},
        capture=capture, programme_version=load_programme().name,
    )  # fmt: skip


def assess(
    session: Session, actor: Actor, centre_id: UUID, programme: Programme | None = None, **told: Any
) -> Assessment:
    """Record one, as its officer."""
    row, _created = service.record(
        session, ASSESSMENT, draft(centre_id, **told), actor=actor, now=NOW,
        programme=programme or load_programme(),
    )  # fmt: skip
    found: Assessment = row
    return found
