"""Activities for tests: an ordinary work day, but for what a test says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.activities.kinds import ACTIVITY
from app.records.draft import Draft
from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture

NOW = datetime(2024, 2, 13, 3, 0, tzinfo=UTC)  # 10.00 in Bangkok
HELD_ON = date(2024, 2, 10)
PROGRAMME = load_programme()


def make_activity(centre_id: UUID, **facts: Any) -> Draft:
    """A joint work day of 32, but for `facts`."""
    told = {field.name: field.nothing for field in ACTIVITY.fields} | {
        "kind": "aow_mue",
        "title": "เอามื้อสามัคคี ปลูกป่า 3 อย่าง",
        "held_on": HELD_ON,
        "sides": ["place", "people"],
        "n_male": 14,
        "n_female": 18,
        "n_youth": 6,
    }
    record_id = facts.pop("id", None) or new_id()
    return Draft(
        kind="activity",
        id=record_id,
        centre_id=centre_id,
        values=told | facts,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )
