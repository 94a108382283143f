"""The public register: what anybody may ask about a packet, and what nobody is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.packets.models import Packet
from app.shared.work import work
from tests.conftest import World
from tests.packets.signed_packets import KEY

ISSUED = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)  # 3 April 2567, 01.00 in Bangkok
NAME = "ผู้ขอที่ไม่ควรปรากฏ"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser, in English."""
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    return stranger


@pytest.fixture
def issue(app: Flask, world: World) -> Callable[..., None]:
    """Put an edition into the register: edition n has fingerprint nn… and list 0n0n…."""

    def issue_(edition: int, state: str = "ready", scope: str = "5606", **facts: object) -> None:
        told = {"fingerprint": f"{edition:02x}" * 32, "file_key": "x"} | facts
        with app.app_context(), work() as w:
            w.session.add(
                Packet(
                    scope_kind="district", scope_code=scope, quarter="2567Q2", edition=edition,
                    frozen={}, content_sha256=f"0{edition:x}" * 32, head={"by": NAME},
                    state=state, state_since=ISSUED, ready_at=ISSUED, size_bytes=1,
                    requested_by=world["officer"].account_id, requested_at=ISSUED, reason=NAME,
                    **told,
                )
            )  # fmt: skip

    return issue_


def test_an_issued_edition_is_known_with_its_day_and_the_newest(
    client: FlaskClient, issue: Callable[..., None]
) -> None:
    issue(1)
    issue(2)
    issue(9, scope="5601")
    answer = client.get(f"/packets/register/{'01' * 32}")
    assert answer.get_json() == {
        "known": True,
        "edition": 1,
        "newest_edition": 2,
        "issued_on": "2024-04-03",
        "withdrawn": False,
        "key": KEY.public_key_b64url,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_was_never_issued_is_unknown(client: FlaskClient, issue: Callable[..., None]) -> None:
    issue(1, state="building")
    for fingerprint in ("01" * 32, "ff" * 32):
        answer = client.get(f"/packets/register/{fingerprint}").get_json()
        assert (answer["known"], answer["edition"], answer["issued_on"]) == (False, None, None)
    for nonsense in ("0", "zz" * 32, "AB" * 32, "01" * 33):
        assert client.get(f"/packets/register/{nonsense}").status_code == 404


def test_a_withdrawn_edition_says_so_and_is_no_newest(
    client: FlaskClient, issue: Callable[..., None]
) -> None:
    issue(1)
    issue(2, state="withdrawn", file_key=None)
    answer = client.get(f"/packets/register/{'02' * 32}").get_json()
    assert (answer["known"], answer["withdrawn"], answer["newest_edition"]) == (True, True, 1)
    page = client.get(f"/packets/check/{'02' * 32}").text
    assert "This edition was withdrawn" in page


def test_a_packet_of_before_fingerprints_is_known_by_its_files_digest(
    client: FlaskClient, issue: Callable[..., None]
) -> None:
    issue(1, fingerprint=None, sha256="cd" * 32)
    assert client.get(f"/packets/register/{'cd' * 32}").get_json()["known"] is True


def test_the_code_on_the_report_leads_to_its_packet(
    client: FlaskClient, issue: Callable[..., None]
) -> None:
    issue(1)
    page = client.get(f"/packets/check/{'01' * 32}")
    assert page.status_code == 200
    assert "Issued here; the newest edition" in page.text
    assert "lakthan-5606-2567Q2-e1" in page.text
    assert KEY.key_id in page.text
    issue(2)
    assert "There is a newer edition" in client.get(f"/packets/check/{'01' * 32}").text


def test_a_code_of_nowhere_is_answered_kindly(client: FlaskClient) -> None:
    page = client.get(f"/packets/check/{'ee' * 32}")
    assert (page.status_code, "Not in this system" in page.text) == (404, True)


def test_nobody_is_told_who_asked_for_a_packet_or_why(
    client: FlaskClient, issue: Callable[..., None]
) -> None:
    issue(1)
    for path in (f"/packets/register/{'01' * 32}", f"/packets/check/{'01' * 32}"):
        assert NAME not in client.get(path).get_data(as_text=True)


def test_the_page_shows_the_key_and_says_what_to_do_without_a_script(client: FlaskClient) -> None:
    page = client.get("/packets/check").text
    assert KEY.public_key_b64url in page
    assert f"verify.py --key {KEY.key_id}" in page
    assert "<noscript>" in page
    assert "/packets/check" in client.get("/verify").text
