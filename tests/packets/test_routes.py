"""The pages: ask, watch, take away - and nothing for those who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.shared.db import db
from tests.conftest import SentJobs, World
from tests.packets.building import build
from tests.packets.conftest import Quarter2567Q2

SignIn = Callable[[str], FlaskClient]
ASK = {"unit": "district:5606", "quarter": "2567Q2"}


def _ask(client: FlaskClient, **fields: str) -> str:
    answer = client.post("/packets/new", data=ASK | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def page(sign_in: SignIn, quarter: Quarter2567Q2) -> str:
    """The address of a packet an officer of Pong asked for."""
    return _ask(sign_in("officer"))


@pytest.fixture
def ready(app: Flask, page: str, sent: SentJobs) -> str:
    """The same packet, built."""
    with app.app_context():
        for function, ids in sent.jobs:
            if function == "app.packets.jobs.begin":
                build(**ids)
        db.session.remove()
    return page


def test_asking_rings_for_one_build_and_shows_true_progress(
    sign_in: SignIn, page: str, sent: SentJobs
) -> None:
    rung = [ids for function, ids in sent.jobs if function == "app.packets.jobs.begin"]
    assert rung == [{"packet_id": page.rsplit("/", 1)[1]}]
    client = sign_in("officer")
    shown = client.get(page).text
    assert "data-packet-state" in shown
    assert 'http-equiv="refresh"' in shown  # for a browser without scripts
    state = client.get(f"{page}/state")
    assert state.json is not None
    assert (state.json["state"], state.json["done"], state.json["total"]) == ("queued", 0, 0)
    assert state.headers["Cache-Control"] == "private, no-store"


def test_asking_twice_leads_to_the_same_packet(sign_in: SignIn, page: str) -> None:
    assert _ask(sign_in("officer")) == page
    assert _ask(sign_in("reviewer")) == page


def test_the_list_names_unit_edition_and_state(sign_in: SignIn, page: str) -> None:
    shown = sign_in("officer").get("/packets").text
    assert page in shown
    assert "ปง" in shown


def test_a_ready_packet_tells_its_digest_and_how_to_check_it(sign_in: SignIn, ready: str) -> None:
    shown = sign_in("officer").get(ready).text
    assert "verify.py" in shown
    assert f"{ready}/download" in shown
    assert "data-packet-state" not in shown
    assert f"{ready}/documents/report.pdf" in shown
    assert "ลงลายมือชื่อด้วยกุญแจ" in shown


def test_names_and_numbers_need_a_reason_and_the_page_says_so(
    sign_in: SignIn, quarter: Quarter2567Q2
) -> None:
    client = sign_in("officer")
    refused = client.post("/packets/new", data=ASK | {"unmasked": "y", "reason": "ok"})
    assert refused.status_code == 422
    assert "อย่างน้อย 10 ตัวอักษร" in refused.text
    page = _ask(client, unmasked="y", reason="ตรวจสอบร่วมกับจังหวัด")
    assert "มีชื่อและหมายเลขโทรศัพท์" in client.get(page).text
    assert "ครูสมศรี" not in client.get(page).text  # in the packet, not on its page


def test_the_choices_of_looks_become_part_of_the_packet(sign_in: SignIn, page: str) -> None:
    client = sign_in("officer")
    other = _ask(client, digits="arabic", photos_per_page="6", originals="y")
    assert other != page
    shown = client.get(other).text
    assert "เลขอารบิก (123)" in shown
    assert other == _ask(client, digits="arabic", photos_per_page="6", originals="y")
    for wrong in ({"digits": "roman"}, {"photos_per_page": "3"}):
        assert client.post("/packets/new", data=ASK | wrong).status_code == 422


def test_a_packet_can_be_cancelled_and_asked_for_again(
    sign_in: SignIn, page: str, sent: SentJobs
) -> None:
    client = sign_in("officer")
    assert f"{page}/cancel" in client.get(page).text
    assert client.post(f"{page}/cancel").status_code == 303
    shown = client.get(page).text
    assert "ชุดหลักฐานนี้ถูกยกเลิก" in shown
    assert f"{page}/again" in shown
    before = len(sent.jobs)
    client.post(f"{page}/again")
    client.post(f"{page}/again")
    assert [function for function, _ids in sent.jobs[before:]] == ["app.packets.jobs.begin"]
    assert client.get(f"{page}/state").json["state"] == "queued"  # type: ignore[index]


def test_a_foreign_packet_can_be_neither_cancelled_nor_asked_for(
    sign_in: SignIn, page: str
) -> None:
    for who in ("other_officer", "volunteer"):
        for what in ("cancel", "again"):
            assert sign_in(who).post(f"{page}/{what}").status_code == 404


def test_the_file_has_a_thai_and_an_ascii_name_and_is_never_cached(
    sign_in: SignIn, ready: str
) -> None:
    answer = sign_in("officer").get(f"{ready}/download", buffered=True)
    named = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert 'filename="lakthan-5606-2567Q2-e1.zip"' in named
    assert "filename*=UTF-8''%E0%B8%8A%E0%B8%B8%E0%B8%94" in named
    assert named.isascii()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data.startswith(b"PK")


def test_a_broken_download_goes_on_where_it_stopped(sign_in: SignIn, ready: str) -> None:
    client = sign_in("officer")
    whole = client.get(f"{ready}/download", buffered=True)
    tag = whole.headers["ETag"]
    rest = client.get(
        f"{ready}/download", headers={"Range": "bytes=1000-", "If-Range": tag}, buffered=True
    )
    assert rest.status_code == 206
    assert whole.data[1000:] == rest.data
    other = client.get(
        f"{ready}/download",
        headers={"Range": "bytes=1000-", "If-Range": '"another"'},
        buffered=True,
    )
    assert other.status_code == 200
    beyond = client.get(f"{ready}/download", headers={"Range": "bytes=999999999-"}, buffered=True)
    assert beyond.status_code == 416


def test_a_packet_that_is_not_ready_cannot_be_taken(sign_in: SignIn, page: str) -> None:
    assert sign_in("officer").get(f"{page}/download").status_code == 404


def test_outside_their_area_a_packet_does_not_exist(sign_in: SignIn, ready: str) -> None:
    for who in ("volunteer", "other_volunteer", "other_officer"):
        client = sign_in(who)
        for address in (ready, f"{ready}/state", f"{ready}/download"):
            answer = client.get(address)
            assert answer.status_code == 404
            assert "lakthan-5606" not in answer.text


def test_a_unit_that_was_not_offered_is_refused(sign_in: SignIn, world: World) -> None:
    client = sign_in("officer")
    for unit in ("district:5601", "province:56", "centre:5601-001", "x", ""):
        assert client.post("/packets/new", data=ASK | {"unit": unit}).status_code == 422
    for day in ("2567Q9", "", "2599Q1"):
        assert client.post("/packets/new", data=ASK | {"quarter": day}).status_code == 422


def test_a_volunteer_finds_no_packets_at_all(sign_in: SignIn) -> None:
    client = sign_in("volunteer")
    assert client.get("/packets").status_code == 404
    assert client.get("/packets/new").status_code == 404
