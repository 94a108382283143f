"""Drafts for tests: an ordinary follow-up, but for what a test says."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from app.followups.draft import FollowupDraft
from app.shared.ids import new_id
from app.shared.record import Capture
from tests.visits.drafts import NOW, PROGRAMME

VISITED = date(2024, 1, 10)


def make_followup(visit_id: UUID, **facts: Any) -> FollowupDraft:
    """A call a month later: four of ten use it, but for `facts`."""
    ordinary: dict[str, Any] = {
        "id": new_id(),
        "visit_id": visit_id,
        "followed_on": date(2024, 2, 12),
        "method": "phone",
        "used": "used",
        "n_followed": 10,
        "n_used": 4,
        "step_months": 1,
        "capture": Capture(at=NOW),
        "programme_version": PROGRAMME.name,
    }
    return FollowupDraft(**ordinary | facts)
