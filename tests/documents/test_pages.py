"""Attaching files at a desk, and taking them away again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.activities.kinds import ACTIVITY
from app.audit.models import AuditEntry
from app.documents.models import Document
from app.records.service import record
from app.shared.db import db
from app.shared.ids import new_id
from tests.activities.drafts import NOW, PROGRAMME, make_activity
from tests.conftest import World
from tests.documents import files

pytestmark = pytest.mark.both_stores

SignIn = Callable[[str], FlaskClient]


def sheet(centre: UUID, data: bytes = files.PDF, name: str = "ใบลงชื่อ.pdf", **facts: Any) -> Any:
    """What a browser sends for a sign-up sheet of a centre."""
    return {
        "id": str(new_id()),
        "version": "",
        "centre_id": str(centre),
        "kind": "attendance",
        "title": "ใบลงชื่อผู้เข้าร่วม",
        "dated_on": "10/2/2567",
        "file": (io.BytesIO(data), name),
    } | facts


def send(client: FlaskClient, data: dict[str, Any], address: str = "/documents/new") -> Any:
    return client.post(address, data=data, content_type="multipart/form-data")


def saved_file(client: FlaskClient, document_id: UUID) -> tuple[bytes, Any]:
    """A document's file as the browser saves it, and the answer's headers."""
    with client.get(f"/documents/{document_id}/file") as answer:
        assert answer.status_code == 200
        return answer.data, answer.headers


@pytest.fixture
def activity(app: Flask, world: World) -> UUID:
    """An activity at the volunteer's centre."""
    draft = make_activity(world.centre)
    with app.app_context():
        record(
            db.session(), ACTIVITY, draft, actor=world["volunteer"], now=NOW, programme=PROGRAMME
        )
        db.session.commit()
        db.session.remove()
    return draft.id


def stored(app: Flask) -> Document:
    with app.app_context():
        return db.session.scalars(select(Document)).one()


def count_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Document.id))) or 0


def test_a_volunteer_attaches_a_sheet_to_an_activity_and_saves_it_again(
    app: Flask, world: World, activity: UUID, sign_in: SignIn
):
    client = sign_in("volunteer")
    page = client.get(f"/activities/{activity}").text
    assert f"/documents/new?subject_kind=activity&amp;subject_id={activity}" in page
    data = sheet(world.centre, subject_kind="activity", subject_id=str(activity))

    answer = send(client, data)

    assert (answer.status_code, answer.location) == (303, f"/activities/{activity}")
    assert "ใบลงชื่อผู้เข้าร่วม" in client.get(f"/activities/{activity}").text
    document = stored(app)
    assert (document.state, document.subject_id) == ("received", activity)
    data, headers = saved_file(client, document.id)
    assert data == files.PDF
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "ใบลงชื่อ.pdf" in unquote(headers["Content-Disposition"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    with app.app_context():
        read = select(func.count(AuditEntry.id)).where(
            AuditEntry.action == "document.file_read", AuditEntry.object_id == str(document.id)
        )
        assert db.session.scalar(read) == 1


def test_sent_twice_it_is_one_document(app: Flask, world: World, sign_in: SignIn):
    client, record_id = sign_in("officer"), str(new_id())
    answers = [send(client, sheet(world.centre, id=record_id)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count_of(app) == 1


def test_what_is_not_taken_is_told_under_the_box_and_leaves_nothing(
    app: Flask, world: World, sign_in: SignIn
):
    client = sign_in("officer")
    for data in (b"", files.PROGRAM, files.OLD_WORD, files.zip_file({"a.txt": b"a"})):
        answer = send(client, sheet(world.centre, data, "ใบลงชื่อ.pdf"))
        assert answer.status_code == 422
        assert 'id="file-errors"' in answer.text
        assert "ใบลงชื่อผู้เข้าร่วม" in answer.text
    assert count_of(app) == 0


def test_a_file_above_the_limit_is_told_and_leaves_nothing(
    app: Flask, world: World, sign_in: SignIn
):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"photo_max_bytes": 1000})
    answer = send(sign_in("officer"), sheet(world.centre, files.PDF + bytes(1000)))
    assert answer.status_code == 422
    assert 'id="file-errors"' in answer.text
    assert count_of(app) == 0
    assert not list(app.config["SETTINGS"].files_dir.glob("originals/**/*.*"))


def test_no_file_and_a_faulty_word_are_told_at_once(app: Flask, world: World, sign_in: SignIn):
    answer = send(sign_in("officer"), sheet(world.centre, file="", title="ก" * 201))
    assert answer.status_code == 422
    assert 'id="file-errors"' in answer.text
    assert 'id="title-errors"' in answer.text
    assert count_of(app) == 0


HOSTILE = {
    "../../etc/passwd": "passwd.pdf",
    "..\\..\\วาระ ประชุม.PDF": "วาระ ประชุม.pdf",
    "โปรแกรม.exe": "โปรแกรม.pdf",
    "a\u202efdp.exe": "afdp.pdf",
    "nul\0.exe": "nul.pdf",
    "ก" * 300 + ".pdf": "ก" * 80 + ".pdf",
    "...": "ใบลงชื่อผู้เข้าร่วม.pdf",
}


def test_a_hostile_name_is_kept_harmless_and_readable(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("officer")
    for name, saved in HOSTILE.items():
        data = sheet(world.centre, name=name)
        assert send(client, data).status_code == 303
        with app.app_context():
            document = db.session.get_one(Document, UUID(data["id"]))
            assert len(document.file_name or "") <= 200
        _bytes, headers = saved_file(client, document.id)
        assert headers["Content-Disposition"].startswith("attachment; ")
        assert saved in unquote(headers["Content-Disposition"]), name


def test_a_pdf_is_never_shown_inside_a_page(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("officer")
    page = client.get(send(client, sheet(world.centre, files.PNG, "หน้าสมุด.png")).location).text
    assert f"/documents/{stored(app).id}/file" in page
    for tag in ("<iframe", "<embed", "<object", f'src="/documents/{stored(app).id}'):
        assert tag not in page


def test_another_districts_document_and_record_are_not_there(
    app: Flask, world: World, activity: UUID, sign_in: SignIn
):
    assert send(sign_in("volunteer"), sheet(world.centre)).status_code == 303
    document, stranger = stored(app), sign_in("other_officer")
    assert stranger.get(f"/documents/{document.id}").status_code == 404
    assert stranger.get(f"/documents/{document.id}/file").status_code == 404
    asked = f"/documents/new?subject_kind=activity&subject_id={activity}"
    assert stranger.get(asked).status_code == 404
    told = sheet(world.stranger, subject_kind="activity", subject_id=str(activity))
    assert send(stranger, told).status_code == 404
    assert send(sign_in("other_volunteer"), sheet(world.centre)).status_code == 422
    assert count_of(app) == 1


def test_a_volunteer_attaches_to_the_own_centre_and_an_officer_to_the_district(
    app: Flask, world: World, sign_in: SignIn
):
    whole = sheet(world.centre, centre_id="", district_code="5606")
    assert send(sign_in("volunteer"), whole).status_code == 422
    whole = sheet(world.centre, centre_id="", district_code="5606")
    assert send(sign_in("officer"), whole).status_code == 303
    assert (stored(app).centre_id, stored(app).district_code) == (None, "5606")


def test_its_words_are_corrected_and_its_file_stays(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("officer")
    send(client, sheet(world.centre))
    before = stored(app)
    data = sheet(world.centre, version="1", title="ใบลงชื่อ แก้ชื่อแล้ว")
    data.pop("file")
    assert client.post(f"/documents/{before.id}/edit", data=data).status_code == 303
    after = stored(app)
    assert (after.title, after.version) == ("ใบลงชื่อ แก้ชื่อแล้ว", 2)
    assert (after.file_sha256, after.file_name) == (before.file_sha256, before.file_name)
    assert saved_file(client, before.id)[0] == files.PDF
