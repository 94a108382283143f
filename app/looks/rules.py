"""What counts as a look, and when there are oddly many.  Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

# The audit log's actions that say that a name or number was shown, or left.
DOORS: dict[str, str] = {
    "visit.contact_seen": "visitor",
    "network_order.contact_seen": "member",
    "contacts.pulled": "phone",
    "packet.downloaded": "packet",  # of packets with names only
    "device.people_taken": "list",
}
Door = Literal["visitor", "member", "phone", "packet", "list"]
ONE_BY_ONE = ("visit.contact_seen", "network_order.contact_seen")
# An officer who calls the day's follow-ups opens one every two minutes at the most.
MANY_AN_HOUR = 30
LOOK_BACK_DAYS = 7


def actions_of(door: str) -> tuple[str, ...]:
    """The actions behind a door; all of them where the door is none."""
    found = tuple(action for action, its in DOORS.items() if its == door)
    return found or tuple(DOORS)


def hour_of(instant: datetime) -> datetime:
    """The full hour an instant lies in."""
    return instant.replace(minute=0, second=0, microsecond=0)
