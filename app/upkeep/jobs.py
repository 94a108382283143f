"""The sweeper.  Queue: upkeep, 120 s, rung every 10 s by the clock (`worker.py --clock`)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from app.accounts import tries
from app.audit.service import seal
from app.documents import queries as documents
from app.findings.renewal import renew_changed
from app.findings.waiting import unexamined
from app.packets import clearing
from app.packets.ringing_jobs import clear_left_over, ring_waiting
from app.photos import queries as photos
from app.photos.claims import stale_photos
from app.shared.clock import now
from app.shared.files import FileStore
from app.shared.work import work
from app.sharing.clearing import sweep_copies
from app.sync.jobs import sweep_held
from app.upkeep import marks, storage
from app.upkeep.scrub_jobs import anchor_log, scrub
from app.uploads.expiry import expire, left_behind, orphans, remove_files
from app.uploads.landing import LeftBehind
from app.verification.clearing import remove_left_over, sweep_checks
from app.visits.tallies import fold

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500


def _in_use(session: Session, digests: Collection[str]) -> set[str]:
    """Those of `digests` that a photo or a document has."""
    return photos.digests_in_use(session, digests) | documents.digests_in_use(session, digests)


def sweep() -> None:
    """Ring again for every row that waits longer than its lease, seal the audit log, clear up.

    Harmless twice or at the same time: a job that finds its row already claimed or done returns
    at once, an audit entry is sealed only once, and a file that is gone cannot go again.
    """
    files: FileStore = current_app.extensions["files"]
    instant = now()
    old: Sequence[LeftBehind] = ()
    with _without_the_store():
        old = left_behind(files, instant)
    with work() as w:
        photo_ids = stale_photos(w.session, instant, limit=MOST_AT_ONCE)
        for photo_id in photo_ids:
            w.after_commit("app.photos.jobs.process", photo_id=str(photo_id))
        packets = ring_waiting(w, instant)
        renew_changed(w.session)
        for photo_id in unexamined(w.session, instant):
            w.after_commit("app.findings.jobs.examine", photo_id=str(photo_id))
        sweep_copies(w, instant)
        checked = sweep_checks(w, instant)
        tries.sweep(w.session, now=instant)
        sealed = seal(w.session)
        fold(w.session)
        expired = expire(w.session, instant, in_use=_in_use)
        orphaned = orphans(w.session, old)
    with _without_the_store():
        remove_files(files, expired, orphaned, instant)
        remove_left_over(files, checked, instant)
        clear_left_over(files)
    if expired or orphaned:
        log.info(
            "removed %d unfinished uploads, %d files nobody claimed, %d left-over files",
            len(expired.unfinished), len(expired.unclaimed), len(orphaned),
        )  # fmt: skip
    sweep_held()
    clear_packets(files, instant)
    scrub(files, instant)
    anchor_log()
    with work() as w:
        storage.count_now_and_then(w.session, instant)
        marks.note(w.session, "sweep", now=now())
    if photo_ids or packets:
        log.info("rang again for %d photos, %d times for packets", len(photo_ids), packets)
    if sealed:
        log.debug("sealed %d audit entries", sealed)


@contextmanager
def _without_the_store() -> Iterator[None]:
    """A disk or a bucket that is away keeps nobody from the rest; a later sweep clears up."""
    try:
        yield
    except OSError as error:
        log.error("the store is away, nothing is cleared up there: %s", error)


def clear_packets(files: FileStore, instant: datetime) -> None:
    """Remove the files of packets that were withdrawn or cancelled.  Harmless twice."""
    with work() as w:
        found = clearing.over(w.session, instant)
    for each in found:
        try:
            clearing.remove_withdrawn(files, current_app.extensions["packet_vault"], each)
        except OSError as error:  # the next sweep tries again
            log.error("files of packet %s are still there: %s", each.packet_id, error)
            continue
        with work() as w:
            clearing.note(w.session, files, each, instant)
