"""What every answer of every route carries, whoever asks: headers, cookies, and nothing kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.shared.db import db
from app.shared.logs import Line
from app.web.headers import ALWAYS, DATA, POLICY, SEALED
from tests.access.cast import MARK, Cast
from tests.web.walking import ACTORS, HOST, SITE, addresses, client_of, close, furnished

# The same for everybody and without anybody's data, so a browser may keep them: by name.
KEPT = {
    "static", "phone.shell", "phone.more", "phone.worker", "phone.manifest", "sync.openapi",
    "reminders.push_worker",
}  # fmt: skip
NOT_HERE = {"upkeep.readyz", "photos.stamped"}  # 503: no Redis, and no worker made the stamp
POLICIES = {POLICY, SEALED, DATA}
# What looking at things may write, by table: who looked, and when somebody was last heard from.
# reminder: read, and when; carried_contact: whose name a phone was given
NOTED = {"audit_entry", "sign_in", "device", "try_count", "reminder", "carried_contact"}


@pytest.fixture(scope="module")
def cast(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    found = furnished(filled_sqlite, tmp_path_factory.mktemp("walk"))
    yield found
    close(found.app)


def check(answer: TestResponse, where: str, endpoint: str = "") -> None:
    """Every promise about an answer's headers."""
    headers = answer.headers
    for name, value in ALWAYS.items():
        if name == "Referrer-Policy" and headers[name] == "no-referrer":
            continue
        assert headers.get(name) == value, (where, name)
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains", where
    assert re.fullmatch(r"[0-9A-F]{8}", headers["X-Request-Id"]), where
    assert "X-Powered-By" not in headers, where
    assert "Access-Control-Allow-Origin" not in headers, where
    _check_policy(answer, where)
    _check_kept(answer, where, endpoint)
    for line in headers.getlist("Set-Cookie"):
        _check_cookie(line, where)


def _check_policy(answer: TestResponse, where: str) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert policy in POLICIES, where
    assert "unsafe" not in policy and len(answer.headers.getlist("Content-Security-Policy")) == 1
    if answer.headers.get("Content-Disposition", "").startswith("attachment"):
        assert policy == SEALED, where
        assert re.match(r'attachment; filename=[\w."-]+(?:;|$)',
                        answer.headers["Content-Disposition"]), where  # fmt: skip
    elif answer.mimetype == "text/html":
        assert policy == POLICY, where
        if answer.direct_passthrough:
            return
        assert not re.search(r"<script(?![^>]*\b(?:src|type=\"application/json\"))", answer.text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", answer.text), where


def _check_kept(answer: TestResponse, where: str, endpoint: str) -> None:
    caching = answer.headers["Cache-Control"]
    if "no-store" in caching:
        return
    assert endpoint in KEPT and answer.status_code in (200, 206, 304), (where, caching)
    assert "Set-Cookie" not in answer.headers, where
    assert "Cookie" not in answer.headers.get("Vary", ""), where


def _check_cookie(line: str, where: str) -> None:
    [(name, morsel)] = SimpleCookie(line).items()
    assert name.startswith("__Host-"), (where, name)
    assert morsel["secure"] and morsel["path"] == "/" and not morsel["domain"], (where, line)
    assert morsel["httponly"], (where, line)  # no script of ours reads a cookie that we set
    assert morsel["samesite"] in ("Lax", "Strict"), (where, line)


def _endpoint(cast: Cast, url: str, method: str) -> str:
    """Whose answer it is: one address may belong to two routes, by method."""
    try:
        return str(cast.app.url_map.bind(HOST).match(url, method)[0])
    except HTTPException:
        return ""


def walk(cast: Cast, who: str, method: str, **asked: Any) -> set[int]:
    """Ask for every route, check every answer; returns the statuses.  Fails with all that is
    wrong, not with the first."""
    client, seen, wrong = client_of(cast, who), set(), []
    for rule, url in addresses(cast):
        answer = client.open(url, method=method, base_url=SITE, buffered=True, **asked)
        try:
            check(answer, f"{method} {rule.rule} as {who}", _endpoint(cast, url, method))
            assert answer.status_code < 500 or rule.endpoint in NOT_HERE, (
                rule.rule, who, answer.status_code, answer.text[-300:],
            )  # fmt: skip
            assert method not in ("HEAD", "TRACE") or not answer.data or answer.status_code >= 400
        except AssertionError as error:
            wrong.append(str(error).split("\n", 1)[0])
        seen.add(answer.status_code)
        answer.close()
    assert not wrong, "\n".join(wrong)
    return seen


@pytest.mark.parametrize("who", ACTORS)
def test_every_answer_carries_every_header_and_looking_changes_nothing(
    cast: Cast, who: str
) -> None:
    before = _contents(cast)
    assert {200, 404} <= walk(cast, who, "GET")
    _changed_nothing(cast, before)


def test_asking_for_headers_alone_gives_the_same_and_changes_nothing(cast: Cast) -> None:
    before = _contents(cast)
    assert 200 in walk(cast, "officer", "HEAD")
    _changed_nothing(cast, before)


@pytest.mark.parametrize(
    ("who", "method"),
    [("nobody", "OPTIONS"), ("nobody", "POST"), ("officer", "POST"), ("nobody", "DELETE"),
     ("phone", "PATCH")],
)  # fmt: skip
def test_so_does_every_other_method_and_every_refusal(cast: Cast, who: str, method: str) -> None:
    assert walk(cast, who, method) - {200, 204}


def test_nothing_is_traced_back(cast: Cast) -> None:
    plain = {"Accept": "application/json", "Cookie": "telltale=1"}
    assert walk(cast, "nobody", "TRACE", headers=plain) <= {404, 405}


def test_every_kind_of_refusal_carries_them_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, officer = client_of(cast, "nobody"), client_of(cast, "officer")
    photo = cast.things["photo"]["photo_id"]
    told = {
        400: client.get("/verify", base_url="https://evil.example"),
        401: client.get("/api/v1/changes", base_url=SITE),
        403: client.get("/sign-in", base_url=SITE, headers={"Sec-Fetch-Site": "cross-site"}),
        404: client.get("/no/such/page", base_url=SITE),
        405: client.post("/healthz", base_url=SITE),
        414: client.get("/" + "x" * 5_000, base_url=SITE),
        431: client.get("/", base_url=SITE, headers={"X-Long": "x" * 40_000}),
        206: officer.get(f"/photos/{photo}/original", base_url=SITE,
                         headers={"Range": "bytes=0-9"}, buffered=True),
        416: officer.get(f"/photos/{photo}/original", base_url=SITE,
                         headers={"Range": "bytes=99999999-"}, buffered=True),
    }  # fmt: skip
    monkeypatch.setitem(cast.app.config, "MAX_CONTENT_LENGTH", 100)
    told[413] = client.post("/sign-in", base_url=SITE, data={"login": "x" * 5_000})
    monkeypatch.setitem(cast.app.view_functions, "upkeep.healthz", _broken)
    told[500] = client.get("/healthz", base_url=SITE)
    for status, answer in told.items():
        assert answer.status_code == status
        check(answer, str(status))


def _broken() -> str:
    raise ZeroDivisionError


_broken.access = "public"  # type: ignore[attr-defined]


def test_originals_and_other_files_never_open_in_the_browser(cast: Cast) -> None:
    officer = client_of(cast, "officer")
    photo, document = cast.things["photo"], cast.things["document"]
    for url in (
        f"/photos/{photo['photo_id']}/original", "/visits.csv", "/visits.xlsx", "/activities.csv",
        f"/documents/{next(iter(document.values()))}/file",
    ):  # fmt: skip
        answer = officer.get(url, base_url=SITE, buffered=True)
        assert answer.status_code == 200, url
        assert answer.headers["Content-Disposition"].startswith("attachment"), url
        assert answer.headers["Content-Security-Policy"] == SEALED
        assert "no-store" in answer.headers["Cache-Control"]
        answer.close()


def test_a_picture_is_asked_for_anew_each_time_and_checked_each_time(cast: Cast) -> None:
    named = cast.things["copy"]
    url = f"/photos/{named['photo_id']}/sharing/{named['copy_id']}.jpg"
    officer, stranger = client_of(cast, "officer"), client_of(cast, "other_officer")
    shown = officer.get(url, base_url=SITE, buffered=True)
    shown.get_data()
    assert (shown.status_code, "no-store" in shown.headers["Cache-Control"]) == (200, True)
    assert "ETag" not in shown.headers
    assert stranger.get(url, base_url=SITE).status_code == 404
    shown.close()


def _contents(cast: Cast) -> dict[str, list[str]]:
    with cast.app.app_context():
        with db.engine.connect() as connection:
            found = {
                name: sorted(map(repr, connection.execute(select(table))))
                for name, table in db.metadata.tables.items()
            }
        db.session.remove()
    return found


def _changed_nothing(cast: Cast, before: dict[str, list[str]]) -> None:
    after = _contents(cast)
    assert {name for name in after if after[name] != before[name]} <= NOTED
    grown = {name for name in after if len(after[name]) != len(before[name])}
    assert grown <= {"audit_entry", "try_count", "carried_contact"}


def test_no_method_becomes_another(cast: Cast) -> None:
    officer, before = client_of(cast, "officer"), _contents(cast)
    visit = cast.things["visit"]["visit_id"]
    for method in ("DELETE", "POST", "PATCH"):
        override = {"X-HTTP-Method-Override": method, "X-HTTP-Method": method, "X-Method": method}
        for url in (f"/visits/{visit}/delete?_method={method}", "/sign-out"):
            answer = officer.get(url, base_url=SITE, headers=override)
            assert answer.status_code == 405, url
    assert _contents(cast) == before


EVIL = (
    "%00", "..%2f..%2fetc%2fpasswd", "..%5c", "%2e%2e%2f", "%ff%fe", "%0d%0aSet-Cookie:x", "%F0%9F",
    "'", "%27%20OR%201=1--", "{{7*7}}", "%E2%80%AE", "-1", "0", "9" * 400, "x" * 3_000, "%25",
    "00000000-0000-0000-0000-000000000000", "%7f", "a%20b", ";", "*", "null", "True", "๑๒๓",
)  # fmt: skip


def test_no_evil_name_in_an_address_is_a_failure_of_ours(cast: Cast) -> None:
    admin, plain = client_of(cast, "admin"), {"Accept": "application/json"}  # short answers
    for rule, _url in addresses(cast):
        if not rule.arguments or "GET" not in (rule.methods or set()):
            continue
        free = any(type(one).__name__ in ("UnicodeConverter", "PathConverter")
                   for one in rule._converters.values())  # fmt: skip
        for evil in EVIL if free else EVIL[:6]:
            url = re.sub(r"<[^>]+>", lambda _found, evil=evil: evil, rule.rule)
            answer = admin.get(url, base_url=SITE, headers=plain)
            assert answer.status_code in (200, 302, 303, 308, 400, 404, 414), (rule.rule, evil)
            if answer.status_code == 200:
                assert rule.endpoint.split(".")[0] in ("phone", "verification", "packet_checks")
            assert "Traceback" not in answer.get_data(as_text=True)[:5_000]
            answer.close()


ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "javascript:alert(1)", "/%09/evil.example", "/\t/evil.example", "%2f%2fevil.example",
    "https:evil.example", "http:///evil.example", f"https://{HOST}@evil.example",
    "data:text/html,x", "///evil.example", "/\n/evil.example",
)  # fmt: skip


def test_no_address_leads_to_another_site(cast: Cast) -> None:
    for who in ("nobody", "officer"):
        client = client_of(cast, who)
        for rule, url in addresses(cast):
            if "GET" not in (rule.methods or set()):
                continue
            asked = dict.fromkeys(("next", "back", "url", "to", "return"), "//evil.example")
            answer = client.get(url, base_url=SITE, query_string=asked)
            _stays(answer)
            answer.close()
    cast.app.config["WTF_CSRF_ENABLED"] = False
    try:
        for evil in ELSEWHERE:
            form = {"lang": "en", "back": evil}
            _stays(client_of(cast, "nobody").post("/language", base_url=SITE, data=form))
            _stays(client_of(cast, "officer").get("/sign-in", base_url=SITE,
                                                  query_string={"next": evil}))  # fmt: skip
    finally:
        cast.app.config["WTF_CSRF_ENABLED"] = True


def _stays(answer: TestResponse) -> None:
    place = answer.headers.get("Location", "/")
    assert place.startswith((f"{SITE}/", "/")) and not place.startswith("//"), place
    assert "\\" not in place and "\t" not in place


PHONE, TOKEN = "0898765432", "zY9xW8vU7tS6rQ5pO4nM3lK2jI1hG0fE"


def test_no_line_of_the_log_names_anybody_or_opens_anything(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: object) -> str:
        raise ValueError(f"{MARK} {PHONE} {TOKEN}")

    broken.access = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(cast.app.view_functions, "upkeep.healthz", broken)
    monkeypatch.setitem(cast.app.config, "WTF_CSRF_ENABLED", False)
    visit, photo = cast.things["visit"]["visit_id"], cast.things["photo"]["photo_id"]
    form = {"login": PHONE, "password": TOKEN, "leader_name": MARK, "phone": PHONE, "reason": MARK}
    told = {"Referer": f"{SITE}/s/{TOKEN}", "User-Agent": f"{MARK.encode()!r}\\n{PHONE}"}
    with caplog.at_level(logging.DEBUG):
        for who in ("nobody", "officer", "other_officer", "phone"):
            client = client_of(cast, who)
            for url in (
                f"/visits?q={MARK}&phone={PHONE}", f"/visits/{visit}", f"/photos/{photo}/original",
                f"/s/{TOKEN}", f"/reminders/calendar/{TOKEN}.ics", f"/{MARK}/{PHONE}",
                f"/sign-in?next=/visits?q={PHONE}", f"/healthz?token={TOKEN}",
                f"/verify?code={TOKEN}",
                "/api/v1/changes?since=" + TOKEN,
            ):  # fmt: skip
                client.get(url, base_url=SITE, headers=told, buffered=True)
            for url in (f"/visits/{visit}/contact", "/sign-in", "/visits/new", "/phone/enrol",
                        "/api/v1/records", f"/{TOKEN}"):  # fmt: skip
                client.post(url, base_url=SITE, data=form, headers=told, buffered=True)
                client.post(url, base_url=SITE, json=form, headers=told, buffered=True)
    lines = [Line().format(record) for record in caplog.records]
    plain = "\n".join(record.getMessage() for record in caplog.records)
    secrets = (MARK, PHONE, TOKEN, *cast.secrets.values(), *cast.tokens.values())
    for secret in secrets:
        assert secret not in "\n".join(lines)
        assert secret not in plain, [line for line in plain.split("\n") if secret in line]
    events = {line.split("event=")[1].split()[0] for line in lines if "event=" in line}
    assert {"sign_in_failed", "not_theirs", "not_signed_in", "device_unknown"} <= events
    assert any("ValueError" in line and "request" in line for line in lines)
