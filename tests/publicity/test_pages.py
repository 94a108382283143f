"""The pages of posts: the link first, the month at a glance, the same link posted twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.publicity.kinds import POST
from app.publicity.models import Post
from app.publicity.queries import posts_between, posts_seen_between, with_the_same_link
from app.records.draft import Draft
from app.records.service import record
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import World
from tests.publicity.drafts import LINK, NOW, PROGRAMME, make_post

SignIn = Callable[[str], FlaskClient]
FEBRUARY = (date(2024, 1, 16), date(2024, 2, 15))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def store(session: Session, world: World, draft: Draft, who: str = "officer") -> Post:
    post: Post
    post, _created = record(session, POST, draft, actor=world[who], now=NOW, programme=PROGRAMME)
    session.commit()
    return post


def typed(world: World, **facts: Any) -> dict[str, Any]:
    """What a browser sends for a post with a link and no channel."""
    return {
        "id": str(new_id()),
        "version": "",
        "centre_id": str(world.centre),
        "url": "www.facebook.com/pongcdd/posts/1?fbclid=IwAR0x",
        "posted_on": "1/2/2567",
        "title": "เอามื้อสามัคคี",
        "side": "",
    } | facts


def test_posts_of_some_days_with_their_centres_in_one_query(session: Session, world: World):
    kept = store(session, world, make_post(world.centre))
    store(session, world, make_post(world.centre, posted_on=date(2024, 2, 16)))
    store(session, world, make_post(world.stranger), "other_officer")
    session.expunge_all()
    counted: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: counted.append(a[2]))
    posts = posts_between(session, "5606", *FEBRUARY)
    assert [(post.id, post.centre.code) for post in posts] == [(kept.id, "5606-001")]
    assert len([one for one in counted if one != "BEGIN"]) == 1


def test_posts_seen_stay_within_the_readers_area(session: Session, world: World):
    own = store(session, world, make_post(world.centre))
    near = store(session, world, make_post(world.neighbour, url=LINK + "2"))
    far = store(session, world, make_post(world.stranger, url=LINK + "3"), "other_officer")

    def seen(who: str) -> set[UUID]:
        return {post.id for post in posts_seen_between(session, world[who], *FEBRUARY)}

    assert seen("volunteer") == {own.id}
    assert seen("officer") == {own.id, near.id}
    assert seen("reviewer") == {own.id, near.id, far.id}


def test_the_same_link_is_told_only_to_who_sees_both(session: Session, world: World):
    first = store(session, world, make_post(world.centre), "volunteer")
    again = store(session, world, make_post(world.neighbour, url=LINK + "?fbclid=1"))
    found = with_the_same_link(session, world["officer"], [LINK, None])
    assert [(post.id, name) for post, name in found[LINK]] == [
        (first.id, "Test volunteer"),
        (again.id, "Test officer"),
    ]
    assert with_the_same_link(session, world["volunteer"], [LINK]) == {}


def test_the_channel_is_told_from_the_link_and_trackers_are_cut_off(
    app: Flask, world: World, sign_in: SignIn
):
    answer = sign_in("volunteer").post("/publicity/new", data=typed(world))
    assert answer.status_code == 303, answer.text
    with app.app_context():
        post = db.session.scalars(select(Post)).one()
        assert (post.url, post.channel) == (LINK, "facebook")


def test_a_channel_that_no_link_tells_must_be_chosen(world: World, sign_in: SignIn):
    data = typed(world, url="https://phayao.example/news")
    answer = sign_in("volunteer").post("/publicity/new", data=data)
    assert answer.status_code == 422
    assert 'id="channel-errors"' in answer.text


def test_a_screenshot_becomes_a_document_of_the_post_and_twice_is_once(
    app: Flask, world: World, sign_in: SignIn
):
    client, data = sign_in("volunteer"), typed(world, url="", channel="radio")
    for _click in range(2):
        shot = (io.BytesIO(PDF), "ภาพหน้าจอ.pdf")
        answer = client.post("/publicity/new", data=data | {"screenshot": shot})
        assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    with app.app_context():
        post, document = (
            db.session.scalars(select(Post)).one(),
            db.session.scalars(select(Document)).one(),
        )
        assert post.screenshot_id == document.id
        assert (document.kind, document.subject_kind, document.subject_id, document.state) == (
            "screenshot", "post", post.id, "received",
        )  # fmt: skip
        assert f"/documents/{document.id}" in page


def test_neither_link_nor_screenshot_is_refused(world: World, sign_in: SignIn):
    data = typed(world, url="", channel="radio")
    answer = sign_in("volunteer").post("/publicity/new", data=data)
    assert answer.status_code == 422
    assert 'id="url-errors"' in answer.text


def test_a_file_that_is_no_document_is_told_and_nothing_is_stored(
    app: Flask, world: World, sign_in: SignIn
):
    data = typed(world, screenshot=(io.BytesIO(b"MZ\x90 not a picture"), "x.exe"))
    answer = sign_in("volunteer").post("/publicity/new", data=data)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Post)).all() == []


def test_a_newer_reading_keeps_the_older(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("volunteer")
    shown = client.post("/publicity/new", data=typed(world, views="100", read_on="5/2/2567"))
    assert shown.status_code == 303, shown.text
    newer = typed(world, version="1", views="250", read_on="12/2/2567", channel="facebook")
    answer = client.post(f"{shown.location}/edit", data=newer)
    assert answer.status_code == 303, answer.text
    page = client.get(shown.location).text.replace("\u00a0", " ")
    assert "5 ก.พ. 2567" in page
    assert "12 ก.พ. 2567" in page
    assert page.index(">250<") < page.index(">100<")


@pytest.fixture
def february(app: Flask, world: World) -> UUID:
    """Two posts of the report of February, one of another district, one too late."""
    with app.app_context():
        session = db.session()
        read = {"read_on": date(2024, 2, 14), "views": 1200, "likes": 30, "shares": 4}
        first = store(session, world, make_post(world.centre, **read))
        store(session, world, make_post(world.centre, channel="line"))  # the same link
        store(session, world, make_post(world.centre, posted_on=date(2024, 2, 16)))
        store(session, world, make_post(world.stranger, title="ของเมือง"), "other_officer")
        post_id = first.id
        db.session.remove()
    return post_id


def test_the_month_adds_up_and_names_centres_without_a_post(
    world: World, february: UUID, sign_in: SignIn
):
    page = sign_in("officer").get("/publicity/month/publicity_2024_02").text
    assert "1,200" in page
    assert "5606-002" in page  # without a post
    assert "5606-001 ศูนย์" not in page
    assert "ของเมือง" not in page
    everything = sign_in("reviewer").get("/publicity/month/publicity_2024_02").text
    assert "ของเมือง" in everything
    one = sign_in("reviewer").get("/publicity/month/2024-02?district=5601").text
    assert "ของเมือง" in one
    assert str(february) not in one


def test_the_months_csv_has_its_posts_and_a_bom(february: UUID, sign_in: SignIn):
    answer = sign_in("officer").get("/publicity/month/publicity_2024_02.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert str(february) in [row[-1] for row in rows]


def test_the_same_link_twice_is_a_question_on_the_page_and_in_the_list(
    february: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    page = client.get(f"/publicity/{february}").text
    assert "note--warn" in page
    assert "Test officer" in page
    assert client.get("/publicity").text.count("badge--warn") == 3
    assert client.get("/publicity?channel=line").text.count("badge--warn") == 1


def test_a_foreign_post_and_a_foreign_month_stay_unseen(february: UUID, sign_in: SignIn):
    client = sign_in("other_officer")
    assert client.get(f"/publicity/{february}").status_code == 404
    page = client.get("/publicity/month/publicity_2024_02?district=5606").text
    assert str(february) not in page
    assert client.get("/publicity/month/nothing").status_code == 404
