"""Building a packet as workers do, one job after the other in this process."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.packets import jobs
from app.packets.models import PacketPart
from app.shared.db import db


def build(packet_id: str) -> None:
    """Plan, make every part, bind and read back.  Needs an application context."""
    jobs.begin(packet_id)
    for number in part_numbers(UUID(packet_id)):
        jobs.part(packet_id, str(number))
    jobs.join(packet_id)
    jobs.read_back(packet_id)


def part_numbers(packet_id: UUID) -> list[int]:
    """The numbers of the packet's parts."""
    of_packet = PacketPart.packet_id == packet_id
    numbers = select(PacketPart.number).where(of_packet).order_by(PacketPart.number)
    found = list(db.session().scalars(numbers))
    db.session.remove()
    return found
