"""Building packets.  Queue: packets.  Parts by any number of workers, then one binds them.

begin      2 min    plans the parts, rings for all of them and for the binding after them
part      10 min    makes one part
join      30 min    binds a packet whose parts are all done, and issues it
read_back 30 min    reads the issued file once more, from where it lies
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from subprocess import TimeoutExpired
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import undefer

from app.packets import claims, part_claims, reading_jobs, ringing_jobs, store
from app.packets.bag.signature import PacketKey
from app.packets.bag.writer import PhotoChanged
from app.packets.claims import Built, Claim, ClaimLost
from app.packets.compile import Compiled, form_in, make_part, pages_of, write_packet
from app.packets.directory import list_documents
from app.packets.frozen.content import Content, from_json
from app.packets.heartbeat import beating
from app.packets.models import Packet
from app.packets.part_claims import PartClaim
from app.packets.parts import Part, PartMade, plan_parts
from app.packets.report.setting import TypesettingFailed
from app.packets.vault import Vault
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.work import work

log = logging.getLogger(__name__)
SHARES = {"report": (0.0, 0.6), "tables": (0.6, 0.7), "archive": (0.7, 1.0)}  # of the binding


class PartsGone(Exception):
    """What some parts came to cannot be read any more: they are made again."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(*numbers)
        self.numbers = tuple(numbers)


BREAKS: tuple[tuple[type[Exception], str], ...] = (
    (PartsGone, "parts_gone"),
    (PhotoChanged, "photo_changed"),
    (TypesettingFailed, "typesetting"),
    (TimeoutExpired, "typesetting"),
    (MemoryError, "memory"),
    (OSError, "storage"),
)
EXPECTED = tuple(kind for kind, _code in BREAKS)


def begin(packet_id: str) -> None:
    """Plan a packet's parts and ring for those that are to be made, and for the binding.

    Harmless twice, even at the same time: rows that are there stay, parts that are done are not
    rung for, and a packet that is ready, cancelled or failed is left alone.
    """
    number = UUID(packet_id)
    content = _content(number)
    weights = [each.weight for each in plan_parts(content)] if content else []
    with work() as w:
        waiting = part_claims.begin(w.session, number, weights, now=now())
        if waiting is not None:
            ringing_jobs.ring_parts(w, number, waiting)


def part(packet_id: str, number: str) -> None:
    """Make one part and store what it came to.

    Harmless twice, even at the same time: a part is claimed before it is begun, its claim is
    checked while it is made and when it is done, and the same list makes the same bytes.  A part
    that is done is left alone.  One that is killed leaves a folder, which the next claim clears,
    and a lease that ends.
    """
    with work() as w:
        held = part_claims.claim_part(w.session, UUID(packet_id), int(number), now())
    if held is None:
        return
    with _giving_back(held.packet_id, lambda error: _give_back_part(held, error)):
        _make(held)
        with work() as w:
            if part_claims.finish_part(w.session, held, now=now()):
                w.after_commit(ringing_jobs.JOIN, packet_id=packet_id)


def join(packet_id: str) -> None:
    """Bind a packet whose parts are all done, and issue it.

    Harmless twice and too early: the packet is claimed, and only when its parts are done; each
    claim writes a file of its own; a ready packet is left alone.
    """
    with work() as w:
        held = claims.claim(w.session, UUID(packet_id), now())
    if held is None:
        return
    with _giving_back(held.packet_id, lambda error: _give_back(held, error)):
        built = _bind(held)
        try:
            with work() as w:
                claims.finish(w.session, held, built, now=now())
                w.after_commit(ringing_jobs.READ_BACK, packet_id=packet_id)
        except ClaimLost:
            _vault().delete(built.file_key)
            raise
    ringing_jobs.clear_left_over(_files(), [held.packet_id])


def read_back(packet_id: str) -> None:
    """Read an issued file from where it lies, check it, and note the digest of the whole.

    Harmless twice.  A file that is not what was issued is kept aside, and its packet fails.
    """
    reading_jobs.read_back(UUID(packet_id), _files(), _vault())


def _content(packet_id: UUID) -> Content | None:
    packet = db.session().get(Packet, packet_id, options=[undefer(Packet.frozen)])
    content = from_json(packet.frozen) if packet and packet.frozen else None
    db.session.remove()  # no transaction is open while a packet is built
    return content


def _make(held: PartClaim) -> None:
    files, content = _files(), _content(held.packet_id)
    if content is None:
        raise ClaimLost(id=str(held.packet_id))
    planned = _planned(held, content)

    def renew() -> None:
        with work() as w:
            part_claims.renew_part(w.session, held, now=now())

    with (
        beating(renew) as tick,
        store.part_folder(files, held.packet_id, held.number, held.attempt) as folder,
    ):
        made = make_part(content, planned, store.sources_in(files, folder), folder, tick=tick)
        renew()
        store.keep_part(
            files, held.packet_id, made, pages_of(planned.number, folder),
            lambda name: form_in(folder, name),
        )  # fmt: skip


def _planned(held: PartClaim, content: Content) -> Part:
    """The part as this version of the program plans it; a plan of another version is renewed."""
    plan = plan_parts(content)
    weights = [each.weight for each in plan]
    with work() as w:
        if part_claims.is_planned(w.session, held.packet_id, weights):
            return plan[held.number]
    begin(str(held.packet_id))
    raise ClaimLost(id=str(held.packet_id))


def _bind(held: Claim) -> Built:
    files, key = _files(), store.packet_key(held.packet_id, held.attempt)
    made = _made(held, len(plan_parts(held.content)))
    teller, seal = _Teller(held), PacketKey(current_app.config["SETTINGS"].signing_key)
    with (
        beating(teller.tell) as tick,
        store.binding_folder(files, held.packet_id, held.attempt) as folder,
        files.writing(key) as target,
    ):
        sources = store.sources_in(files, folder)

        def progress(step: str, done: int, total: int) -> None:
            teller.note(step, done / total if total else 1.0)
            tick()

        done: Compiled = write_packet(
            held.content, made,
            store.part_pages(sources, held.packet_id, [each.number for each in made]),
            sources, target,
            seal=seal,
            forms=lambda _part, name: sources.path(store.form_key(held.packet_id, name)),
            folder=folder, progress=progress,
        )  # fmt: skip
        teller.tell()
        size_bytes = target.seek(0, 2)
    with files.open(key) as file:
        head = {"documents": list_documents(file), "key_id": seal.key_id}
    with beating(teller.tell):  # an upload takes minutes
        _vault().take_over(files, key)
    return Built(key, done.fingerprint, size_bytes, done.files, len(done.gaps), head)


def _made(held: Claim, count: int) -> list[PartMade]:
    """What all parts came to.  Raises PartsGone."""
    made, gone = [], []
    for number in range(count):
        try:
            made.append(store.read_part(_files(), held.packet_id, number))
        except (OSError, ValueError, KeyError, TypeError):
            gone.append(number)
    if gone:
        raise PartsGone(gone)
    return made


class _Teller:
    """Writes how far the binding is, with the lease."""

    def __init__(self, held: Claim) -> None:
        self.held, self.step, self.share = held, "report", 0.0

    def note(self, step: str, share: float) -> None:
        """`share` of the step is done."""
        start, stop = SHARES[step]
        self.step, self.share = step, start + (stop - start) * share

    def tell(self) -> None:
        """Write it down.  Raises ClaimLost."""
        with work() as w:
            claims.advance(w.session, self.held, self.step, self.share, now=now())


@contextmanager
def _giving_back(packet_id: UUID, give_back: Callable[[Exception], None]) -> Iterator[None]:
    """Whatever breaks off: say why in the row.  The job looks failed; the sweeper rings again."""
    try:
        yield
    except ClaimLost:
        log.info("packet %s went to another worker meanwhile, or is not wanted", packet_id)
        ringing_jobs.clear_left_over(_files(), [packet_id])
    except EXPECTED as error:
        try:
            give_back(error)
        except ClaimLost:
            log.info("packet %s went to another worker meanwhile", packet_id)
            return
        raise


def _give_back_part(held: PartClaim, error: Exception) -> None:
    with work() as w:
        part_claims.give_back_part(w.session, held, _code_of(error), now=now())


def _give_back(held: Claim, error: Exception) -> None:
    """Parts whose files are gone or changed are made again first."""
    numbers: tuple[int, ...] = ()
    if isinstance(error, PartsGone):
        numbers = error.numbers
    elif isinstance(error, PhotoChanged):
        made = _made(held, len(plan_parts(held.content)))
        wanted = str(error).removeprefix("data/")
        numbers = tuple(e.number for e in made if wanted in {file.name for file in e.files})
    with work() as w:
        claims.give_back(w.session, held, _code_of(error), now=now())
        part_claims.make_again(w.session, held.packet_id, numbers)
        ringing_jobs.ring_parts(w, held.packet_id, numbers)


def _code_of(error: Exception) -> str:
    return next(code for kind, code in BREAKS if isinstance(error, kind))


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files


def _vault() -> Vault:
    vault: Vault = current_app.extensions["packet_vault"]
    return vault
