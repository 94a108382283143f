"""One item, one decision: done, known, waiting, in conflict, or refused and why.

Each is tried behind a savepoint of its own, so whatever is wrong with one undoes nothing of its
neighbours.
"""

from __future__ import annotations

import logging

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.shared.errors import DomainError
from app.sync.items import Item
from app.sync.kinds import act_for
from app.sync.proofs import keep_proof
from app.sync.verdicts import Delivery, Verdict

log = logging.getLogger(__name__)

NOT_STORABLE = "not_storable"
# What our own slips raise.  They are logged and cost one item, not the ninety-nine beside it:
# a phone would send the same hundred again and again, and nothing would ever arrive.
SLIPS = (
    DataError,
    IntegrityError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def judge(session: Session, item: Item, by: Delivery) -> Verdict:
    """Carry the item out, or say why not.  Raises only what no single item can be blamed for.

    Sent again, it is known, whatever has become of its record since: nothing comes back.
    """
    try:
        act = act_for(item)
        if proof := by.seen.proofs.get((item.kind, item.id, item.sha256)):
            return Verdict("known", version=proof.version, received_at=proof.received_at)
        with session.begin_nested():
            done = act(session, item, by)
            if done.fresh:
                keep_proof(session, item, done.version, by, veil=done.late)
    except DomainError as refusal:
        return Verdict.of(refusal)
    except SLIPS:
        log.exception("item %s (%s %s) cannot be stored", item.id, item.op, item.kind)
        return Verdict("refused", NOT_STORABLE)
    return Verdict("created" if done.fresh else "known", version=done.version, rings=done.rings)
