"""The kinds of records that phones send, and how each op on them is done.

A new kind is one more entry here: what it does, and where its records lie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.kinds import ACTIVITY
from app.assessments.kinds import ASSESSMENT
from app.documents.kinds import DOCUMENT
from app.followups.models import Followup
from app.networks.kinds import NETWORK_ORDER
from app.photos.models import Photo
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.publicity.kinds import POST
from app.records.kinds import RecordKind
from app.sync import contact_items, followup_items, photo_items, visit_items
from app.sync.items import Item
from app.sync.record_items import RecordItems
from app.sync.verdicts import Delivery, Done, NoSuchKind, Present
from app.visits.models import Visit

Act = Callable[[Session, Item, Delivery], Done]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its ops, its table, and how its present version is told."""

    ops: Mapping[str, Act]
    table: Any = None
    present: Callable[[Session, Item, Actor], Present | None] = lambda *_: None


def _of_records(kind: RecordKind) -> Kind:
    items = RecordItems(kind)
    ops = {"create": items.create, "edit": items.edit, "delete": items.delete}
    return Kind(ops, kind.model, items.present)


# Named one by one, not taken from the registry: whoever imports this has every kind, in this order.
RECORDS = (ACTIVITY, NETWORK_ORDER, ASSESSMENT, PLAN_ITEM, PLAN_RESULT, POST, DOCUMENT)
KINDS: Mapping[str, Kind] = {  # parents before children: a batch is taken in this order
    "visit": Kind(
        {"create": visit_items.create, "edit": visit_items.edit, "delete": visit_items.delete},
        Visit,
        visit_items.present,
    ),
    "followup": Kind(
        {
            "create": followup_items.create,
            "edit": followup_items.edit,
            "delete": followup_items.delete,
        },
        Followup,
        followup_items.present,
    ),
    **{kind.name: _of_records(kind) for kind in RECORDS},
    "photo": Kind(
        {"create": photo_items.create, "edit": photo_items.edit, "delete": photo_items.delete},
        Photo,
        photo_items.present,
    ),
    "contact_seen": Kind({"create": contact_items.create}),
}
_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def act_for(item: Item) -> Act:
    """What to do for the item.  Raises NoSuchKind."""
    kind = KINDS.get(item.kind)
    act = kind.ops.get(item.op) if kind else None
    if act is None:
        raise NoSuchKind
    return act


def turn_of(item: Item) -> tuple[bool, int, str]:
    """In which order a batch is taken: creates first and parents before their children.

    Creates go by id, so that two phones' batches meet the same rows in the same order and do not
    wait for one another for ever; everything else keeps the order it was sent in (sorting is
    stable): a phone's second edit follows its first.
    """
    if item.op != "create":
        return (True, 0, "")
    return (False, _RANKS.get(item.kind, len(_RANKS)), str(item.id))
