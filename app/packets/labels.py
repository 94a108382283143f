"""What the packets' pages say of a unit, of a step and of a failure, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.areas.models import Area
from app.packets.models import Packet

STEPS: dict[str, LazyString] = {
    "survey": _l("Checking the photos"),
    "report": _l("Writing the report"),
    "tables": _l("Writing the tables"),
    "archive": _l("Packing the files"),
}

TROUBLE: dict[str, LazyString] = {
    "photo_changed": _l("A photo's file changed while the packet was built."),
    "typesetting": _l("The report could not be written."),
    "memory": _l("The machine had too little memory."),
    "storage": _l("The disk could not be read or written. It may be full."),
    "gave_up": _l(
        "Three tries broke off without a reason. The machine may have been switched off."
    ),
}


def unit_name(
    scope_kind: str, scope_code: str, areas: Mapping[str, Area], centre: str | None, locale: str
) -> str:
    """อำเภอปง / Pong District; a centre by its own name."""
    if scope_kind == "centre":
        return centre or scope_code
    area = areas.get(scope_code)
    name = scope_code if area is None else area.name_in(locale)
    if scope_kind == "district":
        return gettext("%(name)s District", name=name)
    return gettext("%(name)s Province", name=name)


def unit_names(
    packets: Iterable[Packet], areas: Mapping[str, Area], centres: Mapping[UUID, str], locale: str
) -> dict[UUID, str]:
    """The unit of each packet, by the packet's id."""
    return {
        p.id: unit_name(
            p.scope_kind, p.scope_code, areas,
            centres.get(p.centre_id) if p.centre_id else None, locale,
        )
        for p in packets
    }  # fmt: skip


def progress_words(packet: Packet) -> tuple[str, str]:
    """What is being done, and how far: ("Checking the photos", "34 of 200")."""
    if packet.state == "queued":
        return gettext("Waiting for a free worker"), ""
    label = str(STEPS[packet.step]) if packet.step in STEPS else gettext("Starting")
    if not packet.total:
        return label, ""
    return label, gettext("%(done)s of %(total)s", done=packet.done, total=packet.total)


def trouble(code: str | None) -> str:
    """Why a packet could not be built, for people."""
    sentence = TROUBLE.get(code or "")
    return str(sentence) if sentence else gettext("The packet could not be built.")
