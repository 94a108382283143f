"""What a share link may be.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.shared.errors import Problem
from app.shared.personal import holds_id_number

DAYS_MIN, DAYS_USUAL, DAYS_MAX = 1, 14, 90  # a quarter at most: then somebody asks for it anew
LABEL_MAX = 120
TOKEN_BYTES = 24  # 192 random bits; ASVS 5.0 11.5.1 asks for 128


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """A link as asked for: for whom, in the maker's words, and for how many days."""

    label: str | None
    days: int | None


def check_link(draft: LinkDraft) -> list[Problem]:
    """Every reason to refuse the link, in form order."""
    return [*_check_label(draft.label or ""), *_check_days(draft.days)]


def _check_label(label: str) -> list[Problem]:
    if not label.strip():
        return [Problem("label", "required")]
    if len(label) > LABEL_MAX:
        return [Problem("label", "too_long", {"max": LABEL_MAX})]
    if holds_id_number(label):
        return [Problem("label", "national_id_refused")]
    return []


def _check_days(days: int | None) -> list[Problem]:
    if days is None or not DAYS_MIN <= days <= DAYS_MAX:
        return [Problem("days", "link_days", {"min": DAYS_MIN, "max": DAYS_MAX})]
    return []


def is_live(*, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a link with these times opens anything at `now`."""
    return revoked_at is None and now < expires_at
