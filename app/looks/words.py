"""What doors are called, and where they lead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.audit.models import AuditEntry
from app.looks.rules import DOORS

DOOR_WORDS: dict[str, LazyString] = {
    "visitor": _l("Name and phone of a visitor"),
    "member": _l("Phones of network members"),
    "phone": _l("Contacts sent to a phone"),
    "packet": _l("Packet with names"),
    "list": _l("List of who was on a phone"),
}
FROM_WORDS: dict[str, LazyString] = {
    "page": _l("on the visit's page"),
    "edit": _l("to correct the visit"),
    "followup": _l("to follow up"),
    "phone": _l("on a phone"),
    "request": _l("for a request of theirs"),
}
_PLACES = {
    "visit": ("visits.show", "visit_id"),
    "network_order": ("networks.show", "record_id"),
    "device": ("devices.show", "device_id"),
    "packet": ("packets.show", "packet_id"),
}


def door_words(entry: AuditEntry) -> str:
    """What was looked at, in words."""
    return str(DOOR_WORDS[DOORS[entry.action]])


def place_of_look(entry: AuditEntry) -> str | None:
    """The address of what was looked at; none where it has no page."""
    if entry.kind not in _PLACES:
        return None
    endpoint, name = _PLACES[entry.kind]
    try:
        values: dict[str, Any] = {name: UUID(entry.object_id)}
        return url_for(endpoint, **values)
    except ValueError:
        return None


def people_of_look(entry: AuditEntry) -> int | None:
    """How many people the entry says it concerned."""
    for name in ("count", "members", "people"):
        if isinstance(entry.facts.get(name), int):
            return int(entry.facts[name])
    return 1 if entry.action == "visit.contact_seen" else None
