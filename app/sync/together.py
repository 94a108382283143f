"""New entries of the visitor book are taken together: nearly all that phones send.

The ordinary way (`judge`) asks the database eight times for each item, and most of the answers
are known before: the entry is new, its rules are kept, nothing waits for anything.  Such entries,
one after the other in a batch, are written here at one stroke.  What is only suspected of being
out of the ordinary goes the ordinary way, which also says what is wrong; so does the whole request
when the database contradicts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard
from uuid import UUID

from sqlalchemy.orm import Session

from app.shared.errors import DomainError
from app.shared.rows import Stroke
from app.subjects.receipts import agreed, keep_first_receipts
from app.sync.items import Item
from app.sync.judge import SLIPS
from app.sync.proofs import keep_first_proofs
from app.sync.verdicts import Delivery, Verdict
from app.sync.versions import claimed
from app.sync.visit_items import code_digest
from app.visits.draft import VisitDraft, visit_from_json
from app.visits.many import Places, places_of, record_visits
from app.visits.rules import check_visit

CREATED = Verdict("created", version=1)
NOWHERE = Places(frozenset(), {})


class NotTogether(Exception):
    """What was hoped to be plain and new is not: look first."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Which items of a batch (by place) are new entries with nothing to say against them."""

    drafts: Mapping[int, VisitDraft] = field(default_factory=dict)
    places: Places = NOWHERE


def are_new_visits(sent: Collection[object]) -> TypeGuard[Sequence[Item]]:
    """Whether all that came are entries said to be new, as is nearly all that phones send."""
    return all(isinstance(one, Item) and _is_new_visit(one) for one in sent)


def plain_visits(session: Session, items: Mapping[int, Item], by: Delivery) -> Plain:
    """Look for them.  Reads, once for the batch; writes nothing and raises no DomainError."""
    read = {place: draft for place, item in items.items() if (draft := _draft(item, by))}
    places = places_of(session, read.values(), by.actor) if read else NOWHERE
    ids = Counter(item.id for item in items.values())
    codes = Counter(item.receipt_code for item in items.values() if item.receipt_code)
    drafts = {
        place: draft
        for place, draft in read.items()
        if places.hold(draft) and ids[draft.id] == 1 and codes[items[place].receipt_code or ""] < 2
    }
    return Plain(drafts, places)


def write(
    session: Session, sent: Sequence[tuple[Item, VisitDraft]], places: Places, by: Delivery
) -> None:
    """Write plain visits, sorted as a batch is taken; each is `CREATED` then.  Flushes.

    Raises:
        DBAPIError: not all of them are new; the caller rolls back.
    """
    stroke = Stroke()
    drafts = [draft for _, draft in sent]
    record_visits(stroke, drafts, places, actor=by.actor, now=by.now, programme=by.programme)
    keep_first_receipts(stroke, _codes(sent, by), now=by.now)
    keep_first_proofs(stroke, [item for item, _ in sent], by)
    stroke.write(session)


def _draft(item: Item, by: Delivery) -> VisitDraft | None:
    """The entry, if it is a new one and the rules have nothing against it."""
    if not _is_new_visit(item) or item.id in by.seen.stored:
        return None
    if (item.kind, item.id, item.sha256) in by.seen.proofs:
        return None
    try:
        draft = claimed(item.without_attachments(), visit_from_json(item.data), by)
        return None if check_visit(draft, now=by.now, programme=by.programme) else draft
    except (DomainError, *SLIPS):
        return None  # `judge` says what it is


def _is_new_visit(item: Item) -> bool:
    return (item.kind, item.op) == ("visit", "create")


def _codes(sent: Sequence[tuple[Item, VisitDraft]], by: Delivery) -> dict[str, UUID]:
    """Digests of the receipt codes of those who may have one."""
    told = ((code_digest(item, by), draft) for item, draft in sent if agreed(draft))
    return {digest: draft.id for digest, draft in told if digest}
