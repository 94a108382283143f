"""What only networks know: who looked at the members' phones is noted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.networks.models import NetworkOrder


def note_phones_seen(session: Session, order: NetworkOrder, *, actor: Actor, now: datetime) -> None:
    """Log that the actor looked at the phones of an order's members (PDPA 37)."""
    record(
        session, actor_id=actor.account_id, action="network_order.contact_seen",
        kind="network_order", object_id=order.id, now=now,
        facts={"members": sum(bool(member["phone"]) for member in order.members)},
    )  # fmt: skip
