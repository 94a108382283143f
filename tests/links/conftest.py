"""What these tests share: an issued packet, a copy for the public, and a link to each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.packets.frozen.content import Options
from app.packets.models import Packet
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.work import work
from tests.conftest import World
from tests.photos.conftest import files, put
from tests.sharing.conftest import photo
from tests.sharing.test_copies import ask, made

__all__ = ["files", "photo", "put"]

ASKED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
BYTES = b"PK\x03\x04 a packet of evidence " * 40_000
SignIn = Callable[[str], FlaskClient]
Issue = Callable[..., UUID]
NewLink = Callable[..., str]


@pytest.fixture
def issue(app: Flask, files: FileStore, world: World) -> Issue:
    """A function: an issued packet of Pong (or of another district), with what is asked inside."""

    def issue_(who: str = "officer", code: str = "5606", **facts: object) -> UUID:
        actor = world[who]
        with app.app_context():
            with work() as w:
                packet, _new = request_packet(
                    w.session, actor, scope_for(w.session, actor, "district", code),
                    Quarter.parse("2567Q2"), programme=load_programme(), now=ASKED,
                    options=Options(**facts), reason="สำหรับผู้ตรวจราชการ",
                )  # fmt: skip
                key = f"packets/{packet.id}/1.zip"
                files.path(key).parent.mkdir(parents=True)
                files.path(key).write_bytes(BYTES)
                packet.state, packet.file_key, packet.size_bytes = "ready", key, len(BYTES)
                packet.fingerprint, packet.n_files, packet.ready_at = "ab" * 32, 5, ASKED
                found = packet.id
            db.session.remove()
        return found

    return issue_


@pytest.fixture
def packet(issue: Issue) -> UUID:
    """An issued packet of Pong without anybody's name in it."""
    return issue()


@pytest.fixture
def copy(app: Flask, sign_in: SignIn, photo: Photo) -> UUID:
    """A copy for the public."""
    ask(sign_in("officer"), photo)
    return made(app).id


@pytest.fixture
def new_link(sign_in: SignIn) -> NewLink:
    """A function: the path of a new link, as the page shows it once."""

    def new_link_(kind: str, object_id: UUID, who: str = "officer", **form: str) -> str:
        data = {"label": "สำนักงานตรวจเงินแผ่นดิน", "days": "14", **form}
        answer = sign_in(who).post(f"/links/new/{kind}/{object_id}", data=data)
        assert answer.status_code == 200, answer.text
        found = re.search(r'id="share-address"[^>]*>https?://[^/<]+(/s/[\w-]{32})<', answer.text)
        assert found, answer.text
        return found[1]

    return new_link_


def change_packet(app: Flask, packet_id: UUID, **facts: object) -> None:
    """Set what a packet's row says."""
    with app.app_context():
        with work() as w:
            packet = w.session.get_one(Packet, packet_id)
            for name, value in facts.items():
                setattr(packet, name, value)
        db.session.remove()
