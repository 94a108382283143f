"""That somebody looked at a visitor's name and number on a phone, perhaps without a network."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.shared.decode import JsonRecord
from app.shared.errors import Malformed
from app.shared.record import take_turn
from app.sync.items import Item
from app.sync.proofs import brought_before
from app.sync.verdicts import Delivery, Done, Waits
from app.sync.versions import in_scope
from app.visits.models import Visit
from app.visits.service import note_contact_seen

_FIELDS = frozenset({"visit_id", "seen_at"})
_VERSION = 1  # there is nothing to correct in that somebody looked


def create(session: Session, item: Item, by: Delivery) -> Done:
    """Put the look in the audit log, once, with the time the phone says it was.

    The log has no ids of phones' making, so the proof of this item is what makes it once.
    """
    read = JsonRecord(item.without_attachments().data, _FIELDS)
    visit_id, seen_at = read.id("visit_id"), read.clock("seen_at")
    if seen_at is None:
        raise Malformed("seen_at", "instant with offset")
    take_turn(session, item.id)
    if brought_before(session, item):
        return Done(_VERSION, fresh=False)
    visit = in_scope(session, Visit, visit_id, by.actor)
    if visit is None:
        raise Waits(visit_id)
    note_contact_seen(session, visit, actor=by.actor, now=by.now, seen_at=seen_at, door="phone")
    return Done(_VERSION)
