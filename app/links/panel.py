"""The links on the page of a packet, and beside a copy for the public."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.links import queries
from app.links.models import LinkKind
from app.links.objects import NotLinkable, linked_for
from app.links.rules import is_live
from app.packets.models import Packet
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.panels import register_panel
from app.sharing.models import SharingCopy


def init_app(_app: Flask) -> None:
    """Show the links where the thing itself is shown."""
    register_panel("packet", links_of_packet, order=50)
    register_panel("sharing_copy", links_of_copy, order=50)


def links_of_packet(packet: Packet) -> str | None:
    """The links to an issued packet, and the way to make one."""
    return _panel("packet", packet) if packet.state == "ready" else None


def links_of_copy(copy: SharingCopy) -> str | None:
    """The same for a copy that may be shown."""
    return _panel("copy", copy)


def _panel(kind: LinkKind, shared: Packet | SharingCopy) -> str | None:
    session, actor, why = db.session(), current_actor(), None
    try:
        linked_for(session, actor, kind, shared.id)
    except NotFound:
        return None
    except NotLinkable as refusal:
        why = refusal.why
    links = queries.links_to(session, actor, kind, shared.id)
    instant = now()
    live = [
        one
        for one in links
        if is_live(expires_at=one.expires_at, revoked_at=one.revoked_at, now=instant)
    ]
    return render_template("links/_panel.html", kind=kind, shared=shared, links=live, why=why)
