"""An installation with something to lose: a marked person and others, photos, an audit log."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, update

from app.audit.service import seal
from app.backups.dump import _lines, one_moment, tables
from app.followups.service import record_followup
from app.photos import service as photos
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.ids import new_id
from app.shared.record import Capture
from app.visits.draft import VisitDraft
from app.visits.service import record_visit
from app.visits.tallies import fold
from tests.conftest import NOW, World
from tests.followups.drafts import make_followup
from tests.photos import makers
from tests.visits.drafts import make_draft

PASSPHRASE = "a long passphrase for tests"
NAME, PHONE, REMARK = "นางสาวมะลิวัลย์ ศรีประทุม", "0891357924", "ฝากขอบคุณครูมะลิวัลย์ด้วย"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put there."""

    marked: UUID
    kept: UUID
    photo: UUID
    photo_sha256: str
    photos: dict[str, bytes]
    later: VisitDraft  # not recorded yet
    centre: UUID


def fill(app: Flask, world: World) -> Filled:
    """Fill the installation; commits."""
    session, officer, store = db.session(), world["officer"], app.extensions["files"]
    marked = make_draft(
        world.centre, consent_followup=True, leader_name=NAME, phone=PHONE, suggestion=REMARK
    )
    others = [make_draft(world.centre, n_male=n, n_female=3, n_child=0) for n in range(1, 8)]
    for draft in (marked, *others):
        record_visit(session, draft, actor=officer, now=NOW)
    check = make_followup(marked.id, reason=f"คุยกับ{NAME}แล้ว", next_step="โทร 089-135-7924 อีก")
    record_followup(session, check, actor=officer, now=NOW)
    kept: dict[str, bytes] = {}
    shown = [add_photo(store, world, marked.id, n, kept) for n in range(2)]
    seal(session)
    fold(session)
    session.commit()
    photo = shown[0]
    later = make_draft(world.centre)
    return Filled(
        marked.id, others[0].id, photo.id, photo.original_sha256, kept, later, world.centre
    )


def add_photo(
    store: FileStore, world: World, visit_id: UUID, number: int, kept: dict[str, bytes]
) -> Photo:
    session = db.session()
    data = makers.jpeg(picture=makers.scene((320 + 2 * number, 240)))
    original = photos.keep_original(store, io.BytesIO(data), max_bytes=2_000_000)
    draft = PhotoDraft(
        id=new_id(), subject=Subject("visit", visit_id, world.centre), capture=Capture(at=NOW),
        source="camera", file_name=f"{NAME}.jpg", caption=f"{NAME} กำลังห่มดิน",
    )  # fmt: skip
    account_id = world["officer"].account_id
    photo, _ = photos.receive_photo(session, original, draft, recorder_id=account_id, now=NOW)
    session.execute(update(Photo).where(Photo.id == photo.id).values(code=f"T{number:05d}"))
    kept[photo.original_sha256] = data
    return photo


def table_sums(engine: Engine) -> dict[str, list[list[object]]]:
    """Every row of every table, as a backup spells it."""
    with one_moment(engine) as connection:
        return {
            table.name: [json.loads(line) for line in _lines(connection, table)]
            for table in tables()
        }
