"""Rescue files come in: from another phone over the API, or by a person on a page."""

from __future__ import annotations

from flask import Response, current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.audit.service import record
from app.devices.access import Phone, allow_device, current_device
from app.devices.answers import api_answer
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.files import FileStore, FileTooLarge, Readable
from app.shared.work import work
from app.sync.blueprint import bp, pages
from app.sync.comparison import KIND_WORDS
from app.sync.inbox import Reading, read_item
from app.sync.receipts import result_of
from app.sync.records_routes import MOST_ITEMS, delivery, receive
from app.sync.rescue import Blob, Rescued, add_chunk, source_of, upload_of
from app.sync.rescue_file import ChunkFrame, RescueDamaged, RescueFile
from app.uploads import arrivals, service
from app.uploads.landing import BytesRefused, Landing
from app.uploads.landings import landing_of
from app.uploads.models import Upload
from app.uploads.storage import DiskAway, DiskFull, storing
from app.web.wording import wording

LARGEST_BYTES = 2 * 1024**3  # some five hundred photos; a page takes what its forms take
MOST_SHOWN = 50  # sentences on the page about what could not be taken


@bp.post("/rescue")
@allow_device
def rescue() -> Response:
    """Hand in another phone's rescue file."""
    request.max_content_length = LARGEST_BYTES
    done = _import(request.stream, current_device().actor)
    by = delivery(done.source.phone, done.now, None)
    return api_answer(
        {
            "items": [result_of(answer, by) for answer in done.answers],
            "blobs": {"held": done.held, "refused": done.refused},
            "whole": not done.damaged,
        }
    )


@pages.route("/devices/rescue", methods=["GET", "POST"], endpoint="rescue")
@allow()
def rescue_page() -> ResponseReturnValue:
    """Open a rescue file: what it held, and what became of it."""
    if request.method == "GET":
        return render_template("sync/rescue.html", done=None)
    file = request.files.get("file")
    if not isinstance(file, FileStorage) or not file.filename:
        flash(wording("file_missing"), "error")
        return render_template("sync/rescue.html", done=None), 422
    try:
        done = _import(file.stream, current_actor())
    except DomainError as refusal:
        flash(wording(refusal.code, refusal.facts), "error")
        return render_template("sync/rescue.html", done=None), 422
    return render_template("sync/rescue.html", done=done, refusals=_refusals(done)[:MOST_SHOWN])


def _import(stream: Readable, actor: Actor) -> Rescued:
    """Take in what the file holds, as the account it comes from.  Harmless twice.

    A frame whose seal does not open costs only itself: a scratched file still gives what it can.

    Raises:
        RescueNotOurs, RescueDamaged: nothing in it could be read.
        RescueUnknownDevice, LockerUnreadable: it is not for this actor, or cannot be opened.
    """
    file = RescueFile(stream)
    seed = current_app.config["SETTINGS"].signing_key
    source = source_of(db.session(), file.opening, actor=actor, seed=seed)
    done = Rescued(source, now())
    waiting: list[Reading] = []
    try:
        for frame in file.frames():
            if isinstance(frame, ChunkFrame):
                _take_items(done, waiting)
                _take_chunk(done, frame)
            else:
                try:
                    waiting.append(read_item(source.opener.item(frame)))
                except RescueDamaged:
                    done.damaged += 1
                if len(waiting) == MOST_ITEMS:
                    _take_items(done, waiting)
    except RescueDamaged:  # cut short: what came before is good
        done.damaged += 1
    _take_items(done, waiting)
    if done.damaged and not done.answers and not done.held:
        raise RescueDamaged
    _note(done, actor)
    return done


def _take_items(done: Rescued, waiting: list[Reading]) -> None:
    if waiting:
        done.answers += receive(waiting, delivery(done.source.phone, now(), None))
        waiting.clear()


def _take_chunk(done: Rescued, frame: ChunkFrame) -> None:
    """Add one piece of a photo; hold the photo's bytes when it was the last."""
    blob = done.blobs.setdefault(frame.attachment_id, Blob())
    if blob.held or blob.broken:
        return
    try:
        plain = done.source.opener.chunk(frame)
        blob.upload = blob.upload or _upload(frame, done.source.phone)
        blob.held = blob.upload.state == "held" or (
            _add(blob.upload, frame, plain) and _hold(blob.upload)
        )
    except RescueDamaged:
        done.damaged += 1
        blob.broken = True
    except (DiskFull, DiskAway):
        raise
    except DomainError:  # too large, too many unfinished, or the phone sends it itself just now
        blob.broken = True


def _upload(frame: ChunkFrame, phone: Phone) -> Upload:
    most: int = current_app.config["SETTINGS"].photo_max_bytes
    if frame.size_bytes > most:
        raise FileTooLarge(max_bytes=most)
    with work() as w:
        upload = upload_of(w.session, frame, phone, now())
        if upload.state == "held":
            arrivals.tell(w, upload, now())
    return upload


def _add(upload: Upload, frame: ChunkFrame, plain: bytes) -> bool:
    with storing():
        return add_chunk(_landing(), upload, frame, plain)


def _hold(upload: Upload) -> bool:
    """The same as for an upload over the line: judged, moved to its place, told."""
    landing = _landing()
    try:
        with storing():
            found = landing.settle(upload)
    except BytesRefused as refusal:
        with work() as w:
            service.refuse(w.session, upload.id, refusal.code, now=now())
        landing.forget(upload.id)
        return False
    with work() as w:
        held = service.hold(w.session, upload.id, found, now=now())
        if held is not None:
            arrivals.tell(w, held, now())
    landing.forget(upload.id)
    return True


def _note(done: Rescued, actor: Actor) -> None:
    with work() as w:
        record(
            w.session, actor_id=actor.account_id, action="rescue.imported", kind="device",
            object_id=done.source.phone.device_id, now=done.now,
            facts={"items": len(done.answers), "held": done.held, "refused": done.refused},
        )  # fmt: skip


def _refusals(done: Rescued) -> list[tuple[str, str]]:
    """What could not be taken, in words: kind of record, and why."""
    told = []
    for answer in done.answers:
        verdict = answer.verdict
        if verdict.status in ("invalid", "malformed", "refused"):
            kind = str(KIND_WORDS.get(answer.named.kind or "", answer.named.kind or "?"))
            why = [wording(wrong.code, wrong.facts) for wrong in verdict.problems]
            told.append((kind, " ".join(why) or wording(verdict.code or "")))
    return told


def _landing() -> Landing:
    files: FileStore = current_app.extensions["files"]
    return landing_of(files)
