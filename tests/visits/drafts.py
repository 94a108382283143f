"""Drafts for tests: an ordinary entry of the visitor book, but for what a test says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture
from app.visits.draft import VisitDraft

NOW = datetime(2024, 2, 13, 3, 0, tzinfo=UTC)  # 10.00 in Bangkok
TODAY = date(2024, 2, 13)
PROGRAMME = load_programme()
CONSENTED = {"consent_followup": True, "leader_name": "ครูสมศรี ใจดี", "phone": "0812345678"}


def make_draft(centre_id: UUID, **facts: Any) -> VisitDraft:
    """An ordinary school group of 42, but for `facts`."""
    ordinary: dict[str, Any] = {
        "id": new_id(),
        "centre_id": centre_id,
        "visit_date": TODAY,
        "kind": "study",
        "group_name": "โรงเรียนบ้านควร",
        "sector": "students",
        "n_male": 20,
        "n_female": 22,
        "n_child": 20,
        "topics": ("mulch", "water"),
        "capture": Capture(at=NOW),
        "programme_version": PROGRAMME.name,
    }
    return VisitDraft(**ordinary | facts)
