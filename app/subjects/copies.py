"""A person's data as a file: for them to keep, or to carry elsewhere (sections 30 and 31)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.subjects.holding import Holding

FORMAT = "lakthan-my-data-1"
_VISIT = (
    "visit_date", "time_in", "time_out", "kind", "group_name", "sector", "origin_subdistrict_code",
    "origin_text", "n_male", "n_female", "n_other", "n_child", "n_total", "topics", "trainer",
    "satisfaction", "suggestion", "leader_name", "phone", "consent_followup", "consent_photo",
    "next_followup_on", "captured_at", "received_at",
)  # fmt: skip
_FOLLOWUP = (
    "followed_on", "method", "used", "topics", "outcomes", "plot_rai", "baht_saved_month",
    "baht_earned_month", "passed_on_to", "reason", "next_step", "next_due_on", "n_followed",
    "n_used",
)  # fmt: skip
_REQUEST = ("kind", "via", "state", "received_at", "due_on", "decided_at", "decision")


def as_json(held: Holding, *, now: datetime) -> dict[str, Any]:
    """Everything that the page shows, in a form that a program reads."""
    return {
        "format": FORMAT,
        "made_at": _plain(now),
        "centre": {"code": held.centre.code, "name": held.centre.name},
        "visit": _columns(held.visit, _VISIT),
        "followups": [_columns(one, _FOLLOWUP) for one in held.followups],
        "photos": {"count": held.n_photos, "may_be_published": held.visit.consent_photo},
        "looked_at": [
            {"at": _plain(look.at), "role": look.role, "area_code": look.area_code}
            for look in held.looks
        ],
        "packets": [
            {
                "quarter": one.quarter, "unit": one.scope_code, "edition": one.edition,
                "issued_at": _plain(one.issued_at), "withdrawn": one.withdrawn,
            }
            for one in held.packets
        ],
        "requests": [_columns(one, _REQUEST) for one in held.requests],
    }  # fmt: skip


def _columns(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
