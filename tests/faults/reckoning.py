"""Afterwards: is all that was receipted there once, whole and finished, and does nothing hang?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from app.packets import ringing_jobs
from app.packets.bag import verify
from app.packets.models import Packet, PacketPart
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, now
from app.shared.db import db
from app.shared.files import content_key
from app.shared.queue import QUEUES, DoorbellBroken, queue_named, sender
from app.shared.work import work
from app.upkeep.pending import pending
from app.uploads.models import Upload
from app.visits.models import Visit
from tests.faults.field import FULL
from tests.faults.stand import PATIENCE_S, Stand, comes, until
from tests.faults.village import Village
from tests.sync.phone_client import today

SWEEP = "app.upkeep.jobs.sweep"
LONGEST_LEASE_S = 300  # a horse that dies, its lease, the next sweeps: nothing waits longer


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a storm left: how much there was, and how long until all of it was finished."""

    visits: int
    photos: int
    partials: int
    finished_s: float


def ask_for_a_packet(village: Village) -> UUID:
    """As the page of the village's officer does."""
    with village.stand.app.app_context():
        with work() as w:
            scope = scope_for(w.session, village.officer, "centre", village.code)
            packet, _ = request_packet(
                w.session, village.officer, scope, Quarter.of_day(today()),
                programme=load_programme(), now=now(),
            )  # fmt: skip
            w.after_commit(ringing_jobs.BEGIN, packet_id=str(packet.id))
        db.session.remove()
        return packet.id


def minutes_pass(stand: Stand) -> None:
    """The leases of the dead end and the sweep comes by: what would take minutes, at once."""
    ended = now() - timedelta(seconds=1)
    long_ago = datetime(2024, 1, 1, tzinfo=UTC)
    with stand.app.app_context():
        with work() as w:
            for each in (Photo, PacketPart, Packet):
                taken = each.lease_until.is_not(None)
                w.session.execute(update(each).where(taken).values(lease_until=ended))
            waits = Photo.state == "received"
            w.session.execute(update(Photo).where(waits).values(state_since=long_ago))
        with work() as w:
            ringing_jobs.ring_waiting(w, now() + timedelta(minutes=2))
        db.session.remove()
    try:
        sender(stand.settings.redis_url)(SWEEP)
    except DoorbellBroken:
        return


def reckon(village: Village, packet_id: UUID | None = None) -> Reckoned:
    """Every promise at once; the first that does not hold fails."""
    stand = village.stand
    assert not village.tally.ugly, (village.tally.ugly[:5], stand.words())
    finished_s = _all_is_finished(stand, packet_id)
    _phones_are_believed(village)
    visits = _each_visit_is_there_once(village)
    photos = _each_photo_is_there_whole(village)
    _no_file_is_another(stand)
    _the_log_is_whole(stand)
    if packet_id is not None:
        _the_packet_holds(stand, packet_id)
    _nothing_hangs(stand)
    return Reckoned(visits, photos, _halves_are_swept(stand), finished_s)


def _halves_are_swept(stand: Stand) -> int:
    """What the killed left half written goes with the sweep, once it is old; tells how many."""

    def halves() -> list[Path]:
        return list(stand.settings.files_dir.rglob("*.partial"))

    left = halves()
    for path in left:
        os.utime(path, (0, 0))  # as if days had passed

    def are_gone() -> bool:
        with suppress(DoorbellBroken):
            sender(stand.settings.redis_url)(SWEEP)
        return not halves()

    assert comes(are_gone), f"still there: {halves()}\n{stand.words()}"
    return len(left)


def _all_is_finished(stand: Stand, packet_id: UUID | None) -> float:
    """Wait until no row waits; the short form helps leases to their end."""
    began = time.monotonic()
    hurried = began

    def is_finished() -> bool:
        nonlocal hurried
        if not FULL and time.monotonic() - hurried > 1:
            if not stand.horses():  # else a lease may be of the living
                with suppress(OperationalError):  # a worker was quicker, and nothing is to hurry
                    minutes_pass(stand)
            hurried = time.monotonic()
        return not waiting(stand) and _is_read_back(stand, packet_id)

    patience_s = LONGEST_LEASE_S if FULL else PATIENCE_S
    assert comes(is_finished, patience_s), f"waits: {waiting(stand)}\n{stand.words()}"
    return time.monotonic() - began


def waiting(stand: Stand) -> dict[str, int]:
    """Rows that wait, by kind."""
    with stand.app.app_context():
        found = {each.kind: each.count for each in pending(db.session(), now()) if each.count}
        db.session.remove()
    return found


def _phones_are_believed(village: Village) -> None:
    """Everything receipted is known under the same digest when it is said again."""
    for each in village.phones:
        items = list(each.items.values())
        assert each.receipted == set(each.items)
        for start in range(0, len(items), 100):
            told = {result["status"] for result in each.phone.post(items[start : start + 100])}
            assert told == {"known"}, told
        each.phone.cursor = None
        each.phone.pull()


def _each_visit_is_there_once(village: Village) -> int:
    said = {
        UUID(key): item["data"]["n_male"]
        for each in village.phones
        for key, item in each.items.items()
        if item["kind"] == "visit"
    }
    with village.stand.app.app_context():
        of_centre = select(Visit.id, Visit.n_male).where(Visit.centre_id == village.centre)
        rows = [(row[0], row[1]) for row in db.session().execute(of_centre)]
        db.session.remove()
    assert len(rows) == len(said)
    assert dict(rows) == said
    return len(rows)


def _each_photo_is_there_whole(village: Village) -> int:
    brought = {key: content for each in village.phones for key, content in each.photos.items()}
    files = village.stand.app.extensions["files"]
    with village.stand.app.app_context():
        photos = list(db.session().scalars(select(Photo).where(Photo.centre_id == village.centre)))
        held = db.session().scalar(
            select(func.count()).where(
                Upload.attachment_id.in_([UUID(key) for key in brought]), Upload.state != "held"
            )
        )
        db.session.remove()
    assert sorted(str(photo.id) for photo in photos) == sorted(brought)
    assert held == 0, "an upload is half there"
    for photo in photos:
        assert photo.state == "processed", (photo.state, photo.last_error_code)
        lies = files.read(content_key("originals", photo.original_sha256))
        assert lies == brought[str(photo.id)]
        for digest in (photo.view_sha256, photo.thumb_sha256):
            made = files.read(content_key("renditions", str(digest)))
            assert sha256(made).hexdigest() == digest
    return len(photos)


def _no_file_is_another(stand: Stand) -> None:
    """No file under a name that says its content has other or fewer bytes."""
    for folder in ("originals", "renditions"):
        for path in (stand.files / folder).rglob("*"):
            if path.is_file() and not path.name.endswith(".partial"):
                assert sha256(path.read_bytes()).hexdigest() == path.name, path


def _the_log_is_whole(stand: Stand) -> None:
    """`flask audit verify`."""
    answer = stand.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0, answer.output
    assert "The audit log is whole" in answer.output


def _the_packet_holds(stand: Stand, packet_id: UUID) -> None:
    """It is issued and read back, and the verifier that needs nothing but a Python says so."""
    packet = _packet(stand, packet_id)
    assert packet.state == "ready", (packet.state, packet.last_error_code)
    path = stand.files / str(packet.file_key)
    assert sha256(path.read_bytes()).hexdigest() == packet.sha256
    command = [sys.executable, "-I", "-S", str(Path(verify.__file__)), str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def _packet(stand: Stand, packet_id: UUID) -> Packet:
    with stand.app.app_context():
        packet = db.session.get_one(Packet, packet_id, populate_existing=True)
        db.session.remove()
    return packet


def _is_read_back(stand: Stand, packet_id: UUID | None) -> bool:
    """Whether a packet that was asked for has ended; a ready one has its digest last."""
    if packet_id is None:
        return True
    packet = _packet(stand, packet_id)
    return packet.state == "failed" or packet.sha256 is not None


def _nothing_hangs(stand: Stand) -> None:
    """`/readyz` is content and the queues run empty.

    What RQ itself takes for running is left out: a killed worker's job stays in its list for
    minutes, and nobody asks it.
    """
    until(stand.is_ready, "ready")
    with stand.redis() as redis:
        queues = [queue_named(name, redis) for name in QUEUES]

        until(lambda: not any(queue.count for queue in queues), "the queues are empty")
