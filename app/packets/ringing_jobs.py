"""Ringing for packets: which job does what waits (`waiting.py`).  Harmless twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from app.packets import store
from app.packets.waiting import forget_parts, left_over, waiting
from app.shared.files import FileStore
from app.shared.work import Ring, Work, work

BEGIN = "app.packets.jobs.begin"
PART = "app.packets.jobs.part"
JOIN = "app.packets.jobs.join"
READ_BACK = "app.packets.jobs.read_back"


def ring_parts(w: Work, packet_id: UUID, numbers: Iterable[int]) -> None:
    """Ring for parts, and for the packet's binding when they have all ended."""
    rings = [part_ring(packet_id, number) for number in numbers]
    w.after_commit_all(rings, (JOIN, {"packet_id": str(packet_id)}))


def part_ring(packet_id: UUID, number: int) -> Ring:
    """The ring for one part."""
    return PART, {"packet_id": str(packet_id), "number": str(number)}


def ring_waiting(w: Work, now: datetime) -> int:
    """Ring again for all that waits; returns how often.  Called by the sweeper."""
    found = waiting(w.session, now)
    rings = [
        *((BEGIN, {"packet_id": str(packet_id)}) for packet_id in found.to_begin),
        *(part_ring(packet_id, number) for packet_id, number in found.parts),
        *((JOIN, {"packet_id": str(packet_id)}) for packet_id in found.to_bind),
        *((READ_BACK, {"packet_id": str(packet_id)}) for packet_id in found.to_read),
    ]
    for function, ids in rings:
        w.after_commit(function, **ids)
    return len(rings)


def clear_left_over(files: FileStore, packet_ids: Sequence[UUID] | None = None) -> None:
    """Remove the parts of packets that are issued or not wanted any more, if they are.

    Without `packet_ids`: of all that have any.  Their rows are locked meanwhile, so that none of
    them can be begun anew before the old files are gone.
    """
    with work() as w:
        for packet_id in left_over(w.session, packet_ids):
            store.clear_parts(files, packet_id)
            forget_parts(w.session, packet_id)
