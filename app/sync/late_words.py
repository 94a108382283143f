"""Words about a forgotten person that arrive late: they are received, and not written down.

A phone without a network goes on writing about somebody who has been forgotten meanwhile.  What
it counted is evidence and is kept; name, number and remarks are not, for nobody would look for
them again.  The phone still gets its receipt: there is nothing for it to mend.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.followups.draft import FollowupDraft
from app.followups.models import Followup
from app.photos.models import Photo
from app.shared.traces import Traces
from app.shared.veil import veiled
from app.sync.items import Item
from app.sync.proofs import not_before
from app.sync.verdicts import Delivery
from app.visits.draft import VisitDraft
from app.visits.forgetting import TOLD, forgotten_at, was_forgotten

_MS = timedelta(milliseconds=1)  # nonces carry no finer time


def is_late(session: Session, item: Item, visit_id: UUID, by: Delivery) -> bool:
    """Whether the visit's person was forgotten and the phone cannot have known when it wrote this.

    A nonce given out since then shows that it could; a phone's clock shows nothing, and a phone
    that signs nothing is taken for one that did not know.
    """
    forgotten = forgotten_at(session, visit_id)
    if forgotten is None:
        return False
    written = not_before(item, by)
    return written is None or written < _to_ms(forgotten)


def is_about_forgotten(session: Session, item: Item) -> bool:
    """Whether somebody was forgotten in the visit that the item is about, as far as it says."""
    visit_id = visit_of(session, item)
    return visit_id is not None and was_forgotten(session, visit_id)


def visit_of(session: Session, item: Item) -> UUID | None:
    """The visit that an item is about: its own, or the one it hangs on."""
    if item.kind == "visit":
        return item.id
    if item.kind == "followup":
        return _followed(session, item.id) or _named(item, "visit_id")
    subject_id = _named(item, "subject_id")
    if item.kind == "photo" and subject_id is None:
        subject_id = session.scalar(select(Photo.subject_id).where(Photo.id == item.id))
    return subject_id and (_followed(session, subject_id) or subject_id)


def without_words(draft: VisitDraft) -> VisitDraft:
    """The entry as forgetting leaves one."""
    traces = Traces(draft.leader_name, draft.phone)
    told = {name: traces.hide(getattr(draft, name)) for name in TOLD}
    blank = {"leader_name": None, "phone": None, "suggestion": None, "consent_followup": False}
    return replace(draft, **told | blank)


def without_remarks(draft: FollowupDraft) -> FollowupDraft:
    """The check without what was said."""
    return replace(draft, reason=None, next_step=None)


def kept_digest(session: Session, item: Item) -> str:
    """The digest to keep of an item: veiled where it is about somebody who was forgotten."""
    return veiled(session, item.sha256) if is_about_forgotten(session, item) else item.sha256


def _followed(session: Session, followup_id: UUID) -> UUID | None:
    return session.scalar(select(Followup.visit_id).where(Followup.id == followup_id))


def _named(item: Item, field: str) -> UUID | None:
    data: Any = item.data
    said = data.get(field) if isinstance(data, dict) else None
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _to_ms(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=moment.microsecond % 1000)
