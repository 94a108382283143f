"""Building packets.  Queue: packets, 15 min."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from subprocess import TimeoutExpired
from time import monotonic
from uuid import UUID

from flask import current_app

from app.packets import claims
from app.packets.bag.writer import PhotoChanged
from app.packets.claims import Built, Claim, ClaimLost
from app.packets.compile import write_packet
from app.packets.report.volumes import TypesettingFailed
from app.packets.store import StoredPhotos, clear_leftovers, packet_key
from app.shared.clock import now
from app.shared.files import FileStore
from app.shared.work import work

log = logging.getLogger(__name__)
TELL_EVERY_S = 1.0  # a page looks every two seconds; each telling is one small commit
ERROR_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (PhotoChanged, "photo_changed"),
    (TypesettingFailed, "typesetting"),
    (TimeoutExpired, "typesetting"),
    (MemoryError, "memory"),
    (OSError, "storage"),
)


def build(packet_id: str) -> None:
    """Build one packet from its frozen list and issue it.

    Harmless twice, even at the same time: a packet is claimed before it is begun, the claim is
    checked at every progress and when the outcome is written, each attempt writes a file of its
    own, and the same list makes the same bytes.  A ready packet is left alone.  No transaction
    is open while it is built; a build that is killed leaves a `.partial` and a lease that ends.
    """
    with work() as w:
        held = claims.claim(w.session, UUID(packet_id), now())
    if held is None:
        return
    files: FileStore = current_app.extensions["files"]
    try:
        built = _build(held, files)
        with work() as w:
            claims.finish(w.session, held, built, now=now())
    except ClaimLost:
        log.info("packet %s went to another worker meanwhile", packet_id)
        files.delete(packet_key(held.packet_id, held.attempt))
    except tuple(kind for kind, _code in ERROR_CODES) as error:
        _give_back(held, _code_of(error))
        raise  # the job looks failed; the sweeper rings for the next attempt


def _build(held: Claim, files: FileStore) -> Built:
    clear_leftovers(files, held.packet_id)
    key = packet_key(held.packet_id, held.attempt)
    with files.writing(key) as target:
        done = write_packet(held.content, StoredPhotos(files), target, progress=_Teller(held))
    path = files.path(key)
    return Built(key, _sha256(path), path.stat().st_size, done.files, len(done.gaps))


class _Teller:
    """Writes progress into the row: each new step, each step's end, and once a second."""

    def __init__(self, held: Claim) -> None:
        self.held = held
        self.step = ""
        self.told_at = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Tell, if there is something worth telling.  Raises ClaimLost."""
        if step == self.step and done < total and monotonic() - self.told_at < TELL_EVERY_S:
            return
        with work() as w:
            claims.advance(w.session, self.held, step, done, total, now=now())
        self.step, self.told_at = step, monotonic()


def _give_back(held: Claim, code: str) -> None:
    try:
        with work() as w:
            claims.give_back(w.session, held, code, now=now())
    except ClaimLost:
        log.info("packet %s went to another worker meanwhile", held.packet_id)


def _code_of(error: BaseException) -> str:
    return next(code for kind, code in ERROR_CODES if isinstance(error, kind))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
