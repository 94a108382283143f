"""Proving oneself again: before what is dangerous, and always under a new secret (ASVS 7.2.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import create_app
from app.accounts.models import Account, SignIn
from app.keeping.models import LegalHold
from app.links.models import ShareLink
from app.packets.models import Packet
from app.reminders.models import PushSubscription
from app.reminders.subscriptions import live
from app.shared.clock import now
from app.shared.db import db
from config import Settings
from tests.accounts.people import all_the_way_in, made
from tests.conftest import PASSWORD, SentJobs, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignInAs = Callable[[str], FlaskClient]
ROLE = {
    "administration": "admin", "retention": "reviewer", "links": "officer", "devices": "officer",
}  # fmt: skip
DANGEROUS = {  # what asks for the proof again; a route that loses its mark fails here
    "accounts.end_session_of_mine", "accounts.one_time", "accounts.recovery_codes",
    "accounts.remove_one_time", "administration.close", "administration.edit",
    "administration.end_sessions", "administration.invite", "administration.new_account",
    "administration.reopen", "devices.new", "links.new", "passkeys.new", "passkeys.remove",
    "retention.hold", "retention.lift",
}  # fmt: skip


def _make_stale(app: Flask) -> None:
    with app.app_context():
        db.session.execute(update(SignIn).values(proved_at=now() - timedelta(minutes=16)))
        db.session.commit()


def _count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.query(model).count()


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("lakthan")
    assert cookie
    return cookie.value


def _with_cookie(app: Flask, value: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("lakthan", value)
    return client


@pytest.fixture
def officer(app: Flask) -> FlaskClient:
    """A real officer, signed in."""
    _, codes = made(app)
    client = app.test_client()
    all_the_way_in(client, codes)
    return client


def test_each_dangerous_act_asks_again(app: Flask, world: World, sign_in: SignInAs) -> None:
    marked = {n for n, v in app.view_functions.items() if getattr(v, "fresh", False)}
    assert marked >= DANGEROUS
    for endpoint in sorted(marked):
        client = sign_in(ROLE.get(endpoint.partition(".")[0], "volunteer"))
        _make_stale(app)
        for rule in app.url_map.iter_rules(endpoint):
            path = rule.rule
            for name in rule.arguments:
                filled = "packet" if name == "kind" else str(uuid4())
                path = path.replace(f"<uuid:{name}>", filled).replace(f"<{name}>", filled)
            for method in rule.methods & {"GET", "POST"}:
                answer = client.open(path, method=method)
                assert answer.status_code == 303, (method, path)
                assert answer.location.startswith("/account/prove?next="), (method, path)


def test_a_hold_is_neither_placed_nor_lifted_unasked(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    client = sign_in("reviewer")
    told = {"area_code": "5606", "reason": "คดีหมายเลขดำ ๑๒/๒๕๖๙"}
    _make_stale(app)
    assert "/account/prove" in client.post("/retention/holds", data=told).location
    assert _count(app, LegalHold) == 0
    client.post("/account/prove", data={"password": PASSWORD})
    assert client.post("/retention/holds", data=told).location == "/retention/holds"
    assert _count(app, LegalHold) == 1


def test_names_are_put_into_a_packet_only_for_who_has_just_shown_who_they_are(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    client = sign_in("officer")
    asked = {"unit": "district:5606", "quarter": "2567Q2", "digits": "arabic"}
    names = asked | {"unmasked": "y", "reason": "ตรวจสอบตามคำขอของผู้ตรวจราชการ"}
    _make_stale(app)
    way = client.post("/packets/new", data=names).location
    assert way.startswith("/account/prove?next=/packets/new")
    assert "ผู้ตรวจ" not in way  # words that somebody typed stand in no address
    assert _count(app, Packet) == 0
    back = client.post(way, data={"password": PASSWORD}).location
    form = client.get(back).text
    for name in ('name="unmasked"', 'value="arabic"'):
        box = next(tag for tag in form.split("<") if tag.startswith("input") and name in tag)
        assert "checked" in box
    assert client.post("/packets/new", data=names).location.startswith("/packets/")
    assert _count(app, Packet) == 1


def test_a_packet_without_names_is_built_at_once(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    client = sign_in("officer")
    _make_stale(app)
    client.post("/packets/new", data={"unit": "district:5606", "quarter": "2567Q2"})
    assert _count(app, Packet) == 1


def test_no_link_is_made_unasked(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in("officer")
    _make_stale(app)
    path = f"/links/new/packet/{uuid4()}"
    assert "/account/prove" in client.post(path, data={"label": "สตง.", "days": "7"}).location
    assert _count(app, ShareLink) == 0


def test_another_browser_is_not_signed_out_by_whoever_finds_this_one_open(
    app: Flask, world: World, sign_in: SignInAs
) -> None:
    here, there = sign_in("officer"), sign_in("officer")
    _make_stale(app)
    out = {"name": "others"}
    assert "/account/prove" in here.post("/account/sessions/end", data=out).location
    assert there.get("/account").status_code == 200
    here.post("/account/prove", data={"password": PASSWORD})
    assert here.post("/account/sessions/end", data=out).location == "/account"
    assert there.get("/account").status_code == 302


def test_whoever_copied_the_cookie_before_the_proof_has_nothing(
    app: Flask, officer: FlaskClient
) -> None:
    before = _cookie(officer)
    assert officer.post("/account/prove", data={"password": "not it at all"}).status_code == 422
    assert _with_cookie(app, before).get("/account").status_code == 200  # nothing was proved
    assert officer.post("/account/prove", data={"password": PASSWORD}).status_code == 303
    assert officer.get("/account/recovery-codes").status_code == 200
    thief = _with_cookie(app, before)
    for path in ("/account", "/account/recovery-codes"):
        assert thief.get(path).location.startswith("/sign-in")
    assert thief.post("/account/prove", data={"password": PASSWORD}).status_code == 401


def test_a_changed_password_gives_a_new_secret_too(app: Flask, officer: FlaskClient) -> None:
    before = _cookie(officer)
    new = {"present": PASSWORD, "password": "ฝนตกที่ทุ่งนาเช้าวันจันทร์"}
    assert officer.post("/account/password", data=new).status_code == 303
    assert officer.get("/account").status_code == 200
    assert _with_cookie(app, before).get("/account").status_code == 302


def test_the_session_is_as_old_as_before_and_what_hung_on_it_still_does(
    app: Flask, officer: FlaskClient
) -> None:
    begun = now() - timedelta(days=3)
    with app.app_context():
        entry = db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).one()
        entry.started_at = begun
        agent, account_id = entry.agent, entry.account_id
        db.session.add(
            PushSubscription(
                account_id=account_id, sign_in_sha256=entry.token_sha256, endpoint="https://p/1",
                p256dh="x", auth="y", made_at=begun,
            )
        )  # fmt: skip
        db.session.commit()
    officer.post("/account/prove", data={"password": PASSWORD})
    with app.app_context():
        entry = db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).one()
        assert (entry.started_at, entry.agent, entry.account_id) == (begun, agent, account_id)
        assert [one.endpoint for one in live(db.session(), account_id)] == ["https://p/1"]


def test_of_four_who_prove_at_once_one_session_comes(app: Flask, officer: FlaskClient) -> None:
    cookie = _cookie(officer)

    def prove(_: int) -> int:
        copy = _with_cookie(app, cookie)
        return copy.post("/account/prove", data={"password": PASSWORD}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(prove, range(4)))
    assert answers.count(303) == 1
    assert set(answers) <= {303, 401, 404}
    with app.app_context():
        assert db.session.query(SignIn).filter_by(ended_at=None).count() == 1


def test_an_answer_that_comes_late_does_not_take_the_new_secret_away(
    app: Flask, officer: FlaskClient
) -> None:
    """Another tab had asked for a page when the secret was renewed; the last cookie wins."""
    before = _cookie(officer)
    officer.post("/account/prove", data={"password": PASSWORD})
    late = _with_cookie(app, before).get("/packets/new")
    assert late.status_code == 302
    assert "Set-Cookie" not in late.headers


def test_what_is_half_filled_in_in_another_tab_can_still_be_sent(
    app: Flask, officer: FlaskClient
) -> None:
    with officer.session_transaction() as kept:
        kept["csrf_token"] = "of the other tab"
    officer.post("/account/prove", data={"password": PASSWORD})
    with officer.session_transaction() as kept:
        assert kept["csrf_token"] == "of the other tab"


# --- the command line is no way around ----------------------------------------------------------


@pytest.fixture
def add(settings: Settings, tmp_path: Path) -> Iterator[Callable[[str], tuple[int, str]]]:
    """A function: `flask account add` with this password, where a list of stolen ones is set."""
    stolen = tmp_path / "breached.txt"
    digest = hashlib.sha1(b"kwai-hai-klap-ma-laew", usedforsecurity=False).hexdigest()
    stolen.write_text(f"{digest.upper()}:7\n")
    listed = settings.model_copy(update={"breached": stolen})
    app = create_app(listed, send_job=SentJobs())

    def run(password: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(
            args=["account", "add", "somsri.p", "--name", "สมศรี ใจดี", "--role", "officer",
                  "--area", "5606", "--phone", "0812345678", "--password", password],
        )  # fmt: skip
        return done.exit_code, done.output

    yield run
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_length"), ("kwai-hai-klap-ma-laew", "password_breached"),
        ("password1234", "password_common"), ("somsri.psomsri.p", "password_common"),
        ("0812345678081", "password_common"),
    ],
)  # fmt: skip
def test_the_command_line_takes_no_password_that_the_page_refuses(
    app: Flask, add: Callable[[str], tuple[int, str]], password: str, code: str
) -> None:
    status, told = add(password)
    assert (status, f"password: {code}" in told) == (1, True)
    assert password not in told
    assert _count(app, Account) == 0


def test_the_command_line_takes_a_good_one(
    app: Flask, add: Callable[[str], tuple[int, str]]
) -> None:
    assert add("ฝนตกที่ทุ่งนาเช้าวันจันทร์")[0] == 0
    assert _count(app, Account) == 1
