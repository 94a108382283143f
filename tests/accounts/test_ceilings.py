"""An account takes away as much as a person at work does, and then has to wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.accounts.ceilings import ceiling_of
from app.accounts.tries import LIMITS, Limit
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import NOW, World
from tests.visits.drafts import CONSENTED, make_draft

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]
HOUR_S = 3600
# Everything that leaves as a file or shows a name, by what it counts as.  Tables need no row here.
COUNTED = {
    "packet": {"packets.new", "packets.again"},
    "download": {
        "packets.download", "packets.document", "photos.original", "documents.file",
        "sharing.download",
    },
    "look": {"visits.contact", "visits.edit_contact", "networks.phones"},
}  # fmt: skip
PAGES = {"packets.new"}  # looking at the form is free


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three an hour are enough to see what a hundred and twenty do."""
    for what in ("export", "packet", "download", "look"):
        monkeypatch.setitem(LIMITS, what, Limit(HOUR_S, ceiling=3))


def _what(app: Flask, rule: Rule, method: str) -> str | None:
    return ceiling_of(rule.rule, rule.methods or set(), app.view_functions[rule.endpoint], method)


def test_every_table_and_every_marked_act_counts(app: Flask) -> None:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods or set():
            if what := _what(app, rule, method):
                found.setdefault(what, set()).add(rule.endpoint)
                assert method != "GET" or rule.endpoint not in PAGES
    tables = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith((".csv", ".xlsx"))
    }
    assert len(tables) > 15
    assert found == {"export": tables, **COUNTED}


def test_the_fourth_table_has_to_wait_and_says_how_long(three: None, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    urls = ["/visits.csv", "/followups.xlsx", "/activities.csv"]
    assert [officer.get(url, buffered=True).status_code for url in urls] == [200] * 3
    refused = officer.get("/visits.csv", headers={"Accept-Language": "th"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= HOUR_S
    assert "Content-Disposition" not in refused.headers
    assert officer.get("/visits").status_code == 200  # the page itself is there all the same
    program = officer.get("/visits.xlsx", headers={"Accept": "application/json"})
    assert program.get_json()["code"] == "too_much_asked"


def test_a_second_session_of_the_same_account_has_no_share_of_its_own(
    three: None, sign_in: SignIn
) -> None:
    for _ in range(3):
        assert sign_in("officer").get("/visits.csv", buffered=True).status_code == 200
    assert sign_in("officer").get("/visits.csv").status_code == 429
    assert sign_in("other_officer").get("/visits.csv", buffered=True).status_code == 200


def test_asking_for_headers_alone_is_no_way_round(three: None, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    for _ in range(3):
        officer.head("/visits.xlsx", buffered=True)
    assert officer.get("/visits.xlsx").status_code == 429


def test_whoever_may_not_have_the_table_uses_nobodys_share_up(
    three: None, app: Flask, sign_in: SignIn
) -> None:
    volunteer, stranger = sign_in("volunteer"), app.test_client()
    for _ in range(5):
        assert volunteer.get("/board.csv").status_code == 404
        assert stranger.get("/board.csv").status_code == 302
    assert volunteer.get("/visits.csv", buffered=True).status_code == 200


def test_names_cannot_be_asked_for_one_after_the_other_without_end(
    three: None, app: Flask, sign_in: SignIn, world: World
) -> None:
    volunteer, visit = sign_in("volunteer"), _visit(app, world)
    for _ in range(3):
        assert "ครูสมศรี" in volunteer.post(f"{visit}/contact").text
    for door in ("contact", "edit/contact"):
        refused = volunteer.post(f"{visit}/{door}")
        assert refused.status_code == 429
        assert "ครูสมศรี" not in refused.text


def test_asking_for_packets_has_an_end_and_looking_at_the_form_has_none(
    three: None, sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    assert [officer.get("/packets/new").status_code for _ in range(5)] == [200] * 5
    assert [officer.post("/packets/new").status_code for _ in range(4)] == [422] * 3 + [429]


def _visit(app: Flask, world: World) -> str:
    with app.app_context(), work() as w:
        draft = make_draft(world.centre, **CONSENTED)
        visit, _created = record_visit(w.session, draft, actor=world["volunteer"], now=NOW)
        return f"/visits/{visit.id}"
