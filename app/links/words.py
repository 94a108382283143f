"""What the links' pages call the thing that a link leads to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.areas.queries import areas_by_code
from app.links.models import ShareLink
from app.links.objects import Linked
from app.links.queries import packets_of
from app.packets.labels import unit_names
from app.packets.models import Packet
from app.packets.queries import centre_names
from app.web.filters import quarter_label
from app.web.locale import page_locale


def name_of(session: Session, linked: Linked) -> str:
    """อำเภอปง · ไตรมาส 1 ปีงบประมาณ 2567 · ฉบับที่ 2; of a copy, where its photo was taken."""
    if linked.packet is not None:
        return _packet_names(session, [linked.packet])[linked.packet.id]
    return gettext("A photo of %(centre)s", centre=linked.photo.centre.name if linked.photo else "")


def names_of(session: Session, links: Sequence[ShareLink]) -> dict[UUID, str]:
    """What each link leads to, by the link's id, whether or not it still does."""
    packets = packets_of(session, links)
    names = _packet_names(session, list(packets.values()))
    copy = gettext("A photo for the public")
    return {link.id: names.get(link.object_id, copy) for link in links}


def _packet_names(session: Session, packets: Sequence[Packet]) -> dict[UUID, str]:
    units = unit_names(
        packets, areas_by_code(session), centre_names(session, packets), page_locale()
    )
    return {
        one.id: f"{units[one.id]} · {quarter_label(one.quarter)} · "
        + gettext("edition %(n)s", n=one.edition)
        for one in packets
    }
