"""Pages where questions are read, answered and decided, and two photos stand side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.findings import queries, service
from app.findings.models import PhotoFinding
from app.findings.pairs import Match
from app.findings.service import Compared
from app.photos.models import Photo
from app.photos.rules import Subject
from app.shared.db import db
from app.shared.geo import band
from tests.conftest import NOW, World
from tests.findings.conftest import AT_CENTRE
from tests.photos import makers

SignIn = Callable[[str], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
VIEW, THUMB = "a" * 64, "b" * 64


@pytest.fixture
def ready(app: Flask, put: Callable[..., Photo]) -> Callable[..., Photo]:
    """A function: a photo as the pipeline and the look-up would leave it, without its pictures."""

    def made(distance_m: float, copies_of: Photo | None = None, **more: object) -> Photo:
        photo = put(makers.jpeg(), position=AT_CENTRE, **more)
        matches = [Match(copies_of.id, "same_bytes")] if copies_of else []
        with app.app_context():
            stored = db.session.get_one(Photo, photo.id)
            stored.state, stored.view_sha256, stored.thumb_sha256 = "processed", VIEW, THUMB
            stored.distance_m, stored.band = distance_m, band(distance_m, 10.0, 200.0)
            service.examine(db.session(), photo.id, Compared(THUMB, 1, matches), now=NOW)
            db.session.commit()
            db.session.remove()
        return photo

    return made


@pytest.fixture
def far(ready: Callable[..., Photo]) -> Photo:
    """A photo with one open question: it was taken some kilometres away."""
    return ready(4_600.0)


@pytest.fixture
def pair(ready: Callable[..., Photo], world: World) -> tuple[Photo, Photo]:
    """The same file at the first centre, and later in another district."""
    first, elsewhere = ready(20.0), Subject("centre", world.stranger, world.stranger)
    at = NOW + timedelta(days=40)
    return first, ready(20.0, first, subject=elsewhere, at=at)


def question(app: Flask, photo: Photo) -> PhotoFinding:
    with app.app_context():
        found = db.session.scalars(
            select(PhotoFinding).where(PhotoFinding.photo_id == photo.id)
        ).one()
        db.session.remove()
    return found


def field(finding: PhotoFinding, name: str) -> str:
    return f"f{finding.id.hex[-12:]}-{name}"


def send_answer(client: FlaskClient, finding: PhotoFinding, words: str, **more: str):
    data = {field(finding, "answer"): words, **more}
    return client.post(f"/photos/findings/{finding.id}/answer", data=data)


def send_decision(client: FlaskClient, finding: PhotoFinding, decision: str, note: str = ""):
    data = {field(finding, "decision"): decision, field(finding, "note"): note}
    return client.post(f"/photos/findings/{finding.id}/decision", data=data)


def test_a_question_is_answered_and_then_decided_on_the_photos_page(
    app: Flask, sign_in: SignIn, far: Photo
):
    asked, address = question(app, far), f"/photos/{far.id}"
    volunteer, reviewer = sign_in("volunteer"), sign_in("reviewer")
    page = volunteer.get(address).text
    assert "พิกัดจากโทรศัพท์อยู่ห่างจากศูนย์ 4.6 กม." in page
    assert f'action="/photos/findings/{asked.id}/answer"' in page
    assert "/decision" not in page

    answer = send_answer(volunteer, asked, "ถ่ายที่แปลงสาขา <b>")
    assert (answer.status_code, answer.location) == (303, f"{address}#finding-{asked.id}")
    page = reviewer.get(address).text
    assert "ถ่ายที่แปลงสาขา &lt;b&gt;" in page and "/answer" not in page

    refused = send_decision(reviewer, asked, "doubtful")
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text
    assert send_decision(reviewer, asked, "doubtful", "ไม่มีแปลงสาขา").status_code == 303
    page = volunteer.get(address).text
    assert "ไม่มีแปลงสาขา" in page and "Test reviewer" in page


def test_an_answer_that_is_refused_is_still_in_its_box(app: Flask, sign_in: SignIn, far: Photo):
    asked, client = question(app, far), sign_in("officer")
    refused = send_answer(client, asked, "บัตร 1101700230708")
    assert refused.status_code == 422 and "บัตร 1101700230708</textarea>" in refused.text
    assert question(app, far).answer is None


def test_the_english_page_has_the_english_sentence(sign_in: SignIn, far: Photo):
    page = sign_in("officer").get(f"/photos/{far.id}?lang=en").text
    assert "By the phone this photo was taken 4.6 km from the centre." in page


def test_the_queue_goes_from_open_to_answered_to_decided(app: Flask, sign_in: SignIn, far: Photo):
    asked, officer, reviewer = question(app, far), sign_in("officer"), sign_in("reviewer")
    anchor = f'id="finding-{asked.id}"'
    seen = [anchor in reviewer.get(f"/photos/findings?stage={s}").text for s in queries.STAGES]
    back = send_answer(officer, asked, "ใช่", back="/photos/findings?stage=open")
    assert back.location == "/photos/findings?stage=open"
    seen += [anchor in reviewer.get(f"/photos/findings?stage={s}").text for s in queries.STAGES]
    send_decision(reviewer, asked, "settled")
    seen += [anchor in reviewer.get(f"/photos/findings?stage={s}").text for s in queries.STAGES]
    assert seen == [True, False, False, False, True, False, False, False, True]


def test_the_queue_can_be_narrowed(sign_in: SignIn, far: Photo, world: World):
    client = sign_in("reviewer")
    for query, shown in (
        ("kind=position", True), ("kind=time", False), ("area=5606", True), ("area=5601", False),
        (f"centre={world.centre}", True), (f"centre={world.stranger}", False),
    ):  # fmt: skip
        page = client.get(f"/photos/findings?{query}").text
        assert ("data-finding-row" in page) is shown, query


def test_a_queue_nobody_has_is_refused(sign_in: SignIn):
    client = sign_in("reviewer")
    for query in ("kind=x", "stage=x", "area=%25", "centre=x", "after=x"):
        assert client.get(f"/photos/findings?{query}").status_code == 400, query


def test_others_see_and_answer_nothing(app: Flask, sign_in: SignIn, far: Photo):
    asked, stranger = question(app, far), sign_in("other_officer")
    assert "data-finding-row" not in stranger.get("/photos/findings").text
    assert send_answer(stranger, asked, "x").status_code == 404
    assert send_decision(sign_in("officer"), asked, "settled").status_code == 404
    assert send_decision(sign_in("admin"), asked, "maybe").status_code == 422


def test_the_gallery_says_how_many_questions_wait(app: Flask, sign_in: SignIn, far: Photo):
    client = sign_in("reviewer")
    assert "1 question" in client.get("/photos?lang=en").text
    send_decision(client, question(app, far), "settled")
    assert "1 question" not in client.get("/photos?lang=en").text


def test_the_reviewer_sees_both_photos_of_a_pair(sign_in: SignIn, pair: tuple[Photo, Photo]):
    first, later = pair
    address = f"/photos/pairs/{first.id}/{later.id}"
    client = sign_in("reviewer")
    assert f'href="{address}"' in client.get(f"/photos/{first.id}").text
    page = client.get(address).text
    assert f"/photos/{first.id}/view.jpg" in page and f"/photos/{later.id}/view.jpg" in page
    assert "5606-001" in page and "5601-001" in page and "40 วัน" in page


def test_others_see_only_the_photo_of_their_own_area(sign_in: SignIn, pair: tuple[Photo, Photo]):
    for who, own in (("officer", 0), ("volunteer", 0), ("other_officer", 1)):
        client, other = sign_in(who), pair[1 - own]
        page = client.get(f"/photos/pairs/{pair[0].id}/{pair[1].id}").text
        assert f"/photos/{pair[own].id}/view.jpg" in page
        for text in (page, client.get(f"/photos/{pair[own].id}?lang=en").text):
            assert f"/photos/{other.id}/" not in text
            assert ("5601-001", "5606-001")[own] not in text
        assert "A photo of another district" in text


def test_a_pair_of_which_one_sees_nothing_is_not_there(sign_in: SignIn, pair: tuple[Photo, Photo]):
    first, later = pair
    assert sign_in("other_volunteer").get(f"/photos/pairs/{first.id}/{later.id}").status_code == 404
    assert sign_in("reviewer").get(f"/photos/pairs/{later.id}/{first.id}").status_code == 404


def test_a_struck_out_photo_of_a_pair_is_no_longer_shown(
    sign_in: SignIn, pair: tuple[Photo, Photo]
):
    first, later = pair
    sign_in("officer").post(f"/photos/{first.id}/delete", data={"version": 1, "reason": "ซ้ำ"})
    page = sign_in("reviewer").get(f"/photos/pairs/{first.id}/{later.id}").text
    assert f"/photos/{first.id}/view.jpg" not in page
    assert f"/photos/{later.id}/view.jpg" in page
