"""A document and its bytes find each other, whichever comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.documents.announced import announce_document, arrived
from app.documents.kinds import DOCUMENT
from app.documents.models import Document
from app.documents.queries import digests_in_use, documents_of
from app.records.draft import Draft
from app.records.service import record, strike_out
from app.rounds.programme import load_programme
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.media import OTHER
from app.shared.record import Capture
from app.uploads.attachment import Attachment
from app.uploads.models import Upload
from tests.conftest import World
from tests.devices.phones import enrolled

pytestmark = pytest.mark.both_stores

NOW = datetime(2024, 2, 13, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
SHA256 = "ab" * 32
PROGRAMME = load_programme()
Bring = Callable[..., Upload]


def recorded(
    session: Session, world: World, *, record_id: UUID | None = None, **facts: Any
) -> Document:
    """A sign-up sheet that a volunteer's phone tells of."""
    told = {field.name: field.nothing for field in DOCUMENT.fields} | {
        "kind": "attendance",
        "title": "ใบลงชื่อ",
        "dated_on": date(2024, 2, 10),
        "file_sha256": SHA256,
        "file_bytes": 900,
        "file_type": "application/pdf",
    }
    draft = Draft(
        kind="document",
        id=record_id or new_id(),
        centre_id=world.centre,
        values=told | facts,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )
    document, _created = record(
        session, DOCUMENT, draft, actor=world["volunteer"], now=NOW, programme=PROGRAMME
    )
    return document


def attachment_of(document: Document) -> Attachment:
    return Attachment(document.id, "original", SHA256, 900, "application/pdf")


@pytest.fixture
def bring(session: Session, world: World) -> Bring:
    """A function: bytes of an attachment are held, brought by someone's phone."""

    def held(attachment_id: UUID, who: str = "volunteer", sha256: str = SHA256) -> Upload:
        owner = world[who].account_id
        phone = enrolled(session, owner, NOW, install_id=new_id())
        upload = Upload(
            device_id=phone.device.id, account_id=owner, attachment_id=attachment_id,
            role="original", sha256=sha256, size_bytes=900, media_type=OTHER, state="held",
            created_at=NOW, touched_at=NOW, expires_at=NOW + timedelta(days=30),
        )  # fmt: skip
        session.add(upload)
        session.flush()
        return upload

    return held


def test_told_first_it_waits_for_its_bytes_and_is_received_with_them(
    session: Session, world: World, bring: Bring
) -> None:
    document = recorded(session, world)
    announce_document(session, document, attachment_of(document), now=NOW)
    assert (document.state, document.file_received_at) == ("awaited", None)
    upload = bring(document.id)
    assert arrived(session, upload, now=LATER) is document
    assert (document.state, document.file_received_at) == ("received", LATER)
    assert arrived(session, upload, now=LATER + timedelta(hours=1)) is None
    assert document.file_received_at == LATER


def test_bytes_that_came_first_are_found_when_it_is_told(
    session: Session, world: World, bring: Bring
) -> None:
    document_id = new_id()
    assert arrived(session, bring(document_id), now=NOW) is None
    document = recorded(session, world, record_id=document_id)
    for _twice in range(2):
        announce_document(session, document, attachment_of(document), now=LATER)
    assert (document.state, document.file_received_at) == ("received", LATER)


def test_other_bytes_or_another_persons_do_not_count(
    session: Session, world: World, bring: Bring
) -> None:
    document = recorded(session, world)
    assert arrived(session, bring(document.id, sha256="cd" * 32), now=LATER) is None
    assert arrived(session, bring(document.id, "officer"), now=LATER) is None
    assert document.state == "awaited"


def test_the_file_of_an_awaited_document_is_not_there_and_the_page_says_why(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        document_id = recorded(db.session(), world).id
        db.session.commit()
        db.session.remove()
    client = sign_in("officer")
    assert client.get(f"/documents/{document_id}/file").status_code == 404
    page = client.get(f"/documents/{document_id}").text
    assert f"/documents/{document_id}/file" not in page
    assert "โทรศัพท์" in page
    assert f"/documents/{document_id}" in client.get("/documents").text


def test_it_stands_beside_its_record_before_that_has_come(session: Session, world: World) -> None:
    subject_id = new_id()
    document = recorded(session, world, subject_kind="visit", subject_id=subject_id)
    for who, found in (("officer", [document]), ("other_officer", []), ("volunteer", [document])):
        assert list(documents_of(session, world[who], "visit", subject_id)) == found


def test_bytes_of_a_struck_out_document_are_kept(session: Session, world: World) -> None:
    document = recorded(session, world)
    strike_out(
        session, DOCUMENT, document.id, expected_version=1, reason="ซ้ำ", actor=world["officer"],
        now=LATER,
    )  # fmt: skip
    assert digests_in_use(session, [SHA256, "cd" * 32]) == {SHA256}
    assert list(documents_of(session, world["officer"], "visit", new_id())) == []
