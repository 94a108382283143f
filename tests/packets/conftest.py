"""What packet tests share: the report's fonts, a folder of photo files, a packet builder."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from app.followups.service import record_followup
from app.packets.bag.signature import PacketKey
from app.packets.compile import build_here
from app.packets.frozen.content import Content
from app.packets.report.setting import FONT_FOLDER
from app.photos.jobs import process
from app.photos.rules import PhotoDraft, Subject
from app.photos.service import keep_original, receive_photo
from app.shared.db import db
from app.shared.geo import Position
from app.shared.ids import new_id
from app.shared.record import Capture
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import World
from tests.followups.drafts import make_followup
from tests.packets.packet_lists import FolderSources, jpeg
from tests.visits.drafts import CONSENTED, NOW, TODAY, make_draft

LATER = datetime(2024, 3, 14, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The report's fonts, as `make assets` puts them."""
    assert list(FONT_FOLDER.glob("*.ttf")), "run `make assets` first"
    return FONT_FOLDER


@pytest.fixture
def sources(tmp_path: Path) -> FolderSources:
    """An empty folder for photo files."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return FolderSources(folder)


@pytest.fixture
def build(sources: FolderSources, fonts: Path, tmp_path: Path) -> Callable[[Content], Path]:
    """Build a packet of a list; returns the ZIP."""

    def build_(content: Content, name: str = "packet.zip") -> Path:
        target = tmp_path / name
        with target.open("w+b") as file:
            build_here(content, sources, file, seal=PacketKey("A" * 43), fonts=fonts)
        return target

    return build_


@dataclass
class Quarter2567Q2:
    """A small quarter in the database: two visits, a follow-up and two photos in Pong."""

    visits: list[UUID]
    followup: UUID
    photos: list[UUID]


@pytest.fixture
def quarter(app: Flask, world: World) -> Quarter2567Q2:
    """Recorded, processed and committed as phones and workers do it."""
    officer = world["officer"]
    with app.app_context():
        with work() as w:
            visits = [
                record_visit(w.session, make_draft(centre, **facts), actor=officer, now=NOW)[0].id
                for centre, facts in (
                    (world.centre, {**CONSENTED, "group_name": "โรงเรียนบ้านควร"}),
                    (world.neighbour, {"group_name": '=HYPERLINK("http://x")'}),
                )
            ]
            check, _created = record_followup(
                w.session,
                make_followup(visits[0], followed_on=date(2024, 3, 14)),
                actor=officer,
                now=LATER,
            )
            followup = check.id
        photos = [_send_photo(app, world, visits[0], number) for number in (1, 2)]
        for photo_id in photos:
            process(str(photo_id))
        db.session.remove()
    return Quarter2567Q2(visits, followup, photos)


def _send_photo(app: Flask, world: World, visit_id: UUID, number: int) -> UUID:
    stream = io.BytesIO(jpeg(number, (640, 480)))
    original = keep_original(app.extensions["files"], stream, max_bytes=2_000_000)
    draft = PhotoDraft(
        id=new_id(),
        subject=Subject("visit", visit_id, world.centre, TODAY),
        capture=Capture(at=NOW, position=Position(19.1501, 100.2701, 10.0)),
        source="camera",
    )
    with work() as w:
        photo, _created = receive_photo(
            w.session, original, draft, recorder_id=world["officer"].account_id, now=NOW
        )
        return photo.id
