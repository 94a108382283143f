"""The draft of a follow-up: what either door (form or JSON) hands to the rules and the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.shared.decode import CAPTURE_FIELDS, JsonRecord
from app.shared.record import Capture, content_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupDraft:
    """One check as told, before it is judged.  Texts are cleaned, blanks are None."""

    id: UUID
    visit_id: UUID
    followed_on: date
    method: str
    used: str
    n_followed: int
    n_used: int
    step_months: int | None = None
    topics: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    plot_rai: Decimal | None = None
    baht_saved_month: int | None = None
    baht_earned_month: int | None = None
    passed_on_to: int | None = None
    reason: str | None = None
    next_step: str | None = None
    next_due_on: date | None = None
    capture: Capture
    programme_version: str

    def columns(self) -> dict[str, object]:
        """The draft's own facts by column name, without id and circumstances."""
        facts = {name: getattr(self, name) for name in _OWN}
        return facts | {"topics": list(self.topics), "outcomes": list(self.outcomes)}

    @property
    def content_sha256(self) -> str:
        """Names this content: the same check sent again has the same hash."""
        facts = {"id": self.id, **self.columns(), **self.capture.facts()}
        return content_sha256("followup", facts)


_OWN = tuple(name for name in FollowupDraft.__dataclass_fields__ if name not in ("id", "capture"))
_FIELDS = frozenset(FollowupDraft.__dataclass_fields__) - {"capture"} | CAPTURE_FIELDS


def followup_from_json(item: object) -> FollowupDraft:
    """Read one follow-up of the sync API.  Raises Malformed(field, expected)."""
    read = JsonRecord(item, _FIELDS)
    return FollowupDraft(
        id=read.id("id"),
        visit_id=read.id("visit_id"),
        followed_on=read.day("followed_on"),
        method=read.word("method"),
        used=read.word("used"),
        n_followed=read.count("n_followed"),
        n_used=read.count("n_used"),
        step_months=read.whole("step_months"),
        topics=read.words("topics"),
        outcomes=read.words("outcomes"),
        plot_rai=read.hundredths("plot_rai"),
        baht_saved_month=read.whole("baht_saved_month"),
        baht_earned_month=read.whole("baht_earned_month"),
        passed_on_to=read.whole("passed_on_to"),
        reason=read.text("reason", lines=True),
        next_step=read.text("next_step", lines=True),
        next_due_on=read.day_or_none("next_due_on"),
        capture=read.capture(),
        programme_version=read.programme_version(),
    )
