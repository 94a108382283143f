"""The sweeper.  Queue: upkeep, 120 s, rung every 10 s by the clock (`worker.py --clock`)."""

from __future__ import annotations

import logging

from app.audit.service import seal
from app.packets.claims import stale_packets
from app.photos.claims import stale_photos
from app.shared.clock import now
from app.shared.work import work

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500


def sweep() -> None:
    """Ring again for every row that waits longer than its lease, and seal the audit log.

    Harmless twice or at the same time: a job that finds its row already claimed or done returns
    at once, and an audit entry is sealed only once.
    """
    with work() as w:
        instant = now()
        photo_ids = stale_photos(w.session, instant, limit=MOST_AT_ONCE)
        packet_ids = stale_packets(w.session, instant)
        for photo_id in photo_ids:
            w.after_commit("app.photos.jobs.process", photo_id=str(photo_id))
        for packet_id in packet_ids:
            w.after_commit("app.packets.jobs.build", packet_id=str(packet_id))
        sealed = seal(w.session)
    if photo_ids or packet_ids:
        log.info("rang again for %d photos, %d packets", len(photo_ids), len(packet_ids))
    if sealed:
        log.debug("sealed %d audit entries", sealed)
