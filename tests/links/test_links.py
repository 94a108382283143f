"""A share link opens one thing, for a while, for whoever holds it - and nothing else, ever."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.tries import LIMITS
from app.audit.models import AuditEntry
from app.links.models import ShareLink
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from tests.conftest import World
from tests.links.conftest import BYTES, Issue, NewLink, SignIn, change_packet

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def rows(app: Flask) -> list[ShareLink]:
    with app.app_context():
        found = list(db.session.scalars(select(ShareLink).order_by(ShareLink.made_at)))
        db.session.remove()
    return found


def change_links(app: Flask, **values: object) -> None:
    with app.app_context():
        with work() as w:
            w.session.execute(update(ShareLink).values(**values))
        db.session.remove()


def audited(app: Flask) -> list[str]:
    with app.app_context():
        actions = select(AuditEntry.action).where(AuditEntry.action.like("link.%"))
        found = sorted(db.session.scalars(actions))
        db.session.remove()
    return found


def test_a_packets_link_opens_its_file_without_an_account(
    app: Flask, client: FlaskClient, packet: UUID, new_link: NewLink
) -> None:
    path = new_link("packet", packet)
    page = client.get(path)
    assert page.status_code == 200
    assert "ab" * 32 in page.text and f"{path}/file" in page.text
    taken = client.get(f"{path}/file", buffered=True)
    assert (taken.status_code, taken.data == BYTES) == (200, True)
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in page.headers and "Set-Cookie" not in taken.headers
    [link] = rows(app)
    assert (link.n_opened, link.opened_at is not None) == (1, True)
    assert link.expires_at - link.made_at == timedelta(days=14)
    assert audited(app) == ["link.made", "link.taken"]


def test_a_copys_link_opens_the_picture_for_the_public(
    app: Flask, client: FlaskClient, copy: UUID, new_link: NewLink
) -> None:
    path = new_link("copy", copy, days="90")
    assert client.get(path).status_code == 200
    taken = client.get(f"{path}/file", buffered=True)
    assert (taken.status_code, taken.mimetype) == (200, "image/jpeg")
    assert taken.data.startswith(b"\xff\xd8")
    part = client.get(f"{path}/file", headers={"Range": "bytes=0-9"}, buffered=True)
    assert (part.status_code, part.data) == (206, taken.data[:10])


@SQLITE
def test_a_broken_download_goes_on_and_only_its_beginning_is_counted(
    app: Flask, client: FlaskClient, packet: UUID, new_link: NewLink
) -> None:
    path = new_link("packet", packet) + "/file"
    head = client.head(path)
    assert (head.status_code, head.content_length, head.data) == (200, len(BYTES), b"")
    part = client.get(path, headers={"Range": "bytes=1000-1999"}, buffered=True)
    assert (part.status_code, part.data) == (206, BYTES[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(BYTES)}"
    assert rows(app)[0].n_opened == 1  # nobody had the beginning, so this is one
    client.get(path, headers={"Range": "bytes=2000-"}, buffered=True)
    assert rows(app)[0].n_opened == 1  # this goes on
    client.get(path, buffered=True)
    client.get(path, headers={"Range": "bytes=0-9"}, buffered=True)
    client.get(path, headers={"Range": "bytes=5-6,0-"}, buffered=True)  # the whole
    assert rows(app)[0].n_opened == 4


@SQLITE
def test_no_browser_sends_the_address_on_or_keeps_what_it_opens(
    client: FlaskClient, packet: UUID, new_link: NewLink
) -> None:
    path = new_link("packet", packet)
    for answer in (client.get(path), client.get(f"{path}/file"), client.get("/s/" + "x" * 32)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]
    file = client.get(f"{path}/file")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert 'action="/language"' not in client.get(path).text  # it could show no origin


@SQLITE
def test_only_a_digest_of_the_address_is_kept_and_no_log_has_it(
    app: Flask,
    client: FlaskClient,
    packet: UUID,
    new_link: NewLink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        path = new_link("packet", packet)
        for address in (path, f"{path}/file", f"{path}?lang=en"):
            client.get(address, buffered=True)
        change_packet(app, packet, state="withdrawn")
        client.get(path)
    token = path.removeprefix("/s/")
    assert token not in caplog.text
    assert "open_links.show" in caplog.text
    with app.app_context():
        dump = [str(tuple(row)) for row in db.session.execute(select(ShareLink.__table__))]
        dump += [str(tuple(row)) for row in db.session.execute(select(AuditEntry.__table__))]
        db.session.remove()
    assert token not in "".join(dump)
    assert len(token) == 32  # 24 random bytes: 192 bits


def _expire(app: Flask, _link: UUID, _packet: UUID, _officer: FlaskClient) -> None:
    change_links(app, expires_at=now())


def _revoke(_app: Flask, link: UUID, _packet: UUID, officer: FlaskClient) -> None:
    assert officer.post(f"/links/{link}/revoke").status_code == 303


def _withdraw(app: Flask, _link: UUID, packet: UUID, _officer: FlaskClient) -> None:
    change_packet(app, packet, state="withdrawn")


def _unmask(app: Flask, _link: UUID, packet: UUID, _officer: FlaskClient) -> None:
    change_packet(app, packet, unmasked=True)


@pytest.mark.parametrize("end", [_expire, _revoke, _withdraw, _unmask])
def test_whatever_ended_a_link_the_answer_is_that_of_one_that_never_was(
    app: Flask, client: FlaskClient, sign_in: SignIn, packet: UUID, new_link: NewLink, end: Callable
) -> None:
    path = new_link("packet", packet)
    assert client.get(path).status_code == 200
    end(app, rows(app)[0].id, packet, sign_in("officer"))

    def bare(answer) -> tuple[int, str]:
        return answer.status_code, re.sub(r'class="code">\w+<', "", answer.text)

    never = bare(client.get("/s/" + "A" * 32))
    assert never[0] == 404
    assert bare(client.get(path)) == never
    assert bare(client.get(f"{path}/file")) == bare(client.get("/s/" + "A" * 32 + "/file"))
    assert client.head(f"{path}/file").status_code == 404


def test_a_withdrawn_copy_is_gone_from_its_link(
    client: FlaskClient, sign_in: SignIn, photo: Photo, copy: UUID, new_link: NewLink
) -> None:
    path = new_link("copy", copy)
    sign_in("officer").post(f"/photos/{photo.id}/sharing/{copy}/withdraw")
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/file").status_code == 404


@SQLITE
def test_a_link_opens_one_thing_and_no_other(
    client: FlaskClient, packet: UUID, new_link: NewLink
) -> None:
    path = new_link("packet", packet)
    for beside in (
        f"{path}/file/..",
        f"{path}/documents/report.pdf",
        f"{path}/..%2fx",
        "/s",
        "/s/",
    ):
        assert client.get(beside).status_code == 404, beside
    assert client.get(f"/packets/{packet}/download").status_code == 302  # to the sign-in page
    assert client.post(path).status_code == 405


@SQLITE
def test_a_packet_with_names_or_originals_gets_no_link(
    app: Flask, sign_in: SignIn, issue: Issue
) -> None:
    officer = sign_in("officer")
    for facts, words in (({"unmasked": True}, "ชื่อ"), ({"originals": True}, "ต้นฉบับ")):
        packet = issue(**facts)
        address = f"/links/new/packet/{packet}"
        answer = officer.post(address, data={"label": "ผู้ตรวจ", "days": "5"})
        assert answer.status_code == 303 and answer.location == f"/packets/{packet}"
        page = officer.get(f"/packets/{packet}?lang=en").text
        assert "so no link is made to it" in page and address not in page, words
    assert not rows(app)


@SQLITE
@pytest.mark.parametrize(
    "form", [{"days": "0"}, {"days": "91"}, {"days": "x"}, {"label": ""}, {"label": "ก" * 121}]
)
def test_a_link_says_for_whom_and_lives_ninety_days_at_most(
    app: Flask, sign_in: SignIn, packet: UUID, form: dict[str, str]
) -> None:
    data = {"label": "ผู้ตรวจ", "days": "5", **form}
    answer = sign_in("officer").post(f"/links/new/packet/{packet}", data=data)
    assert answer.status_code == 422
    assert not rows(app)


def test_links_are_seen_and_closed_by_their_own_area_alone(
    app: Flask, client: FlaskClient, sign_in: SignIn, packet: UUID, new_link: NewLink
) -> None:
    path = new_link("packet", packet, label="หัวหน้าสำนักงานจังหวัด")
    [link] = rows(app)
    stranger, reviewer = sign_in("other_officer"), sign_in("reviewer")
    assert "หัวหน้าสำนักงานจังหวัด" not in stranger.get("/links").text
    assert stranger.post(f"/links/{link.id}/revoke").status_code == 404
    assert stranger.get(f"/links/new/packet/{packet}").status_code == 404
    assert sign_in("volunteer").get("/links").status_code == 404
    assert sign_in("volunteer").post(f"/links/{link.id}/revoke").status_code == 404
    assert client.get(path).status_code == 200
    assert "หัวหน้าสำนักงานจังหวัด" in reviewer.get("/links").text
    assert "หัวหน้าสำนักงานจังหวัด" in reviewer.get(f"/packets/{packet}").text
    for _ in range(2):
        assert reviewer.post(f"/links/{link.id}/revoke").status_code == 303
    assert rows(app)[0].revoked_at is not None
    assert audited(app).count("link.revoked") == 1


@SQLITE
def test_nothing_that_does_not_exist_gets_a_link(sign_in: SignIn, packet: UUID) -> None:
    officer = sign_in("officer")
    for address in (f"packet/{uuid4()}", f"copy/{uuid4()}", f"copy/{packet}", f"visit/{packet}"):
        assert officer.get(f"/links/new/{address}").status_code == 404
        data = {"label": "ผู้ตรวจ", "days": "5"}
        assert officer.post(f"/links/new/{address}", data=data).status_code == 404


@SQLITE
def test_guessing_is_slowed_and_whoever_holds_a_link_is_let_in_all_the_same(
    client: FlaskClient, packet: UUID, new_link: NewLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setitem(LIMITS, "link", replace(LIMITS["link"], ceiling=3))
    path = new_link("packet", packet)
    misses = [client.get(f"/s/{'B' * 31}{n}").status_code for n in range(5)]
    assert misses == [404, 404, 404, 429, 429]
    assert client.get(path).status_code == 200


@SQLITE
def test_a_forgotten_persons_packet_is_gone_from_its_link(
    app: Flask, client: FlaskClient, world: World, issue: Issue, new_link: NewLink
) -> None:
    from app.packets.models import PacketPerson
    from app.packets.redaction import forget_in_packets
    from app.visits.service import record_visit
    from tests.visits.drafts import CONSENTED, NOW, make_draft

    with app.app_context():
        with work() as w:
            draft = make_draft(world.centre, **CONSENTED)
            visit_id = record_visit(w.session, draft, actor=world["officer"], now=NOW)[0].id
        db.session.remove()
    packet = issue()
    path = new_link("packet", packet)
    with app.app_context():
        with work() as w:
            w.session.merge(PacketPerson(packet_id=packet, visit_id=visit_id))
            w.session.flush()
            forget_in_packets(w.session, visit_id, now())
        db.session.remove()
    assert client.get(path).status_code == 404
