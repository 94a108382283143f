"""Where a request comes from, under which name, and how large it is: looked at before any page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import create_app
from app.web.hosts import is_ours
from config import Settings, load_settings
from tests.conftest import SentJobs
from tests.web.walking import SITE, addresses, close, production

FOREIGN = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
VISIT = {
    "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
    "Accept": "application/json",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Production's settings; nobody in the database is needed to be refused."""
    found = production(filled_sqlite, tmp_path_factory.mktemp("edges"))
    yield found
    close(found)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class _Empty:
    """A cast without things: made-up ids will do."""

    def __init__(self, app: Flask) -> None:
        self.app, self.things = app, {}


def _routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule, url in addresses(_Empty(app)):  # type: ignore[arg-type]
        for method in sorted(rule.methods or set()):
            yield method, url


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_changes_nothing_and_reads_nothing_on_any_route(
    app: Flask, client: FlaskClient, site: str
) -> None:
    told = FOREIGN | {"Sec-Fetch-Site": site, "Accept": "application/json"}
    posted = VISIT | {"Sec-Fetch-Site": site}  # a form of theirs, sent to us
    for method, url in _routes(app):
        answer = client.open(url, method=method, base_url=SITE, headers=told)
        assert answer.status_code == 403, (method, url)
        assert method == "HEAD" or answer.json["code"] == "cross_site", (method, url)
        if method not in ("GET", "HEAD"):
            assert client.open(url, method=method, base_url=SITE, headers=posted).status_code == 403


def test_a_link_from_elsewhere_leads_here_and_a_frame_does_not(
    app: Flask, client: FlaskClient
) -> None:
    for method, url in _routes(app):
        if method == "GET":
            answer = client.get(url, base_url=SITE, headers=VISIT, buffered=True)
            assert answer.status_code != 403, url
    for dest in ("iframe", "frame", "object", "embed", "empty"):
        framed = client.get("/sign-in", base_url=SITE, headers=VISIT | {"Sec-Fetch-Dest": dest})
        assert framed.status_code == 403, dest


@pytest.mark.parametrize("origin", [
    "null", "https://evil.example", "http://lakthan.test", "https://lakthan.test:8443",
    "https://lakthan.test.evil.example", "https://sub.lakthan.test", "file://", "https://",
    "https://lakthan.test@evil.example", "javascript:", "https://[::1", "https://lakthan.test:x",
])  # fmt: skip
def test_a_foreign_origin_changes_nothing_on_any_route(
    app: Flask, client: FlaskClient, origin: str
) -> None:
    told = {"Origin": origin, "Accept": "application/json"}
    for method, url in _routes(app):
        if method not in ("GET", "HEAD", "OPTIONS"):
            answer = client.open(url, method=method, base_url=SITE, headers=told)
            assert answer.status_code == 403, (method, url)
            if not url.startswith("/sign-in"):
                continue
            assert "Set-Cookie" not in answer.headers  # nobody is signed in by another's form


def test_our_own_pages_and_programs_without_a_browser_pass(client: FlaskClient) -> None:
    form = {"lang": "en", "back": "/"}
    told = {"Origin": SITE, "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    own = client.post("/language", base_url=SITE, data=form, headers=told)
    assert (own.status_code, own.json["code"]) == (400, "csrf")  # the token is asked for next
    bare = client.post("/language", base_url=SITE, data=form, headers={"Accept": told["Accept"]})
    assert (bare.status_code, bare.json["code"]) == (400, "csrf")
    device = client.post("/api/v1/records", base_url=SITE, json={})
    assert device.status_code == 401


def test_signing_in_by_a_foreign_form_is_refused_in_words_for_people(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in", base_url=SITE, data={"login": "x", "password": "y"},
        headers=VISIT | {"Accept": "text/html"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert answer.mimetype == "text/html" and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", [
    "evil.example", "lakthan.test.evil.example", "evil.example:443", "127.0.0.1", "[::1]",
    "lakthan.test:x", "lakthan.test@evil.example", "", "lakthan.test, evil.example", "..", "[::1",
])  # fmt: skip
def test_production_answers_to_its_own_names_alone(app: Flask, host: str) -> None:
    answer = app.test_client().get("/sign-in", base_url=SITE, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text and "Location" not in answer.headers
    api = app.test_client().post("/api/v1/records", base_url=SITE, headers={"Host": host}, json={})
    assert api.status_code == 400
    assert not api.is_json or api.json["code"] == "bad_host"


def _settings(**more: object) -> Settings:
    return Settings(
        env="demo", secret_key="x" * 40, signing_key="A" * 43, database_url="sqlite://",
        redis_url="unix:///none", var_dir=Path("var"), **more,
    )  # fmt: skip


@pytest.mark.parametrize(("host", "ours"), [
    ("localhost:8000", True), ("127.0.0.1:8000", True), ("[::1]:8000", True),
    ("192.168.1.20", True), ("office-pc", True), ("named.example", True), ("NAMED.example.", False),
    ("evil.example", False), ("127.0.0.1.nip.io", False), ("localhost.evil.example", False),
    ("0x7f.1", False), ("", False), ("127.0.0.1:99x", False),
])  # fmt: skip
def test_the_demo_answers_to_this_machine_and_no_name_can_be_rebound_to_it(
    host: str, ours: bool
) -> None:
    settings = _settings(listens_on="office-pc", host_names=("named.example",))
    assert is_ours(host, settings) is ours


def test_make_runs_own_host_is_a_name_of_the_demo(tmp_path: Path) -> None:
    settings = load_settings({"LAKTHAN_VAR": str(tmp_path), "HOST": "office-pc.local"})
    assert is_ours("office-pc.local:8000", settings)


def _behind(filled: Path, folder: Path, proxies: int) -> FlaskClient:
    app = production(filled, folder, trusted_proxies=proxies)
    view = app.view_functions["upkeep.healthz"]

    def told(**_arguments: object) -> dict[str, object]:
        return {"from": request.remote_addr, "host": request.host, "secure": request.is_secure}

    told.access = view.access  # type: ignore[attr-defined]
    app.view_functions["upkeep.healthz"] = told
    return app.test_client()


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "3.3.3.3"), (2, "2.2.2.2")])
def test_only_our_own_proxies_are_believed(
    filled_sqlite: Path, tmp_path: Path, proxies: int, seen: str
) -> None:
    spoofed = {
        "X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3", "Forwarded": "for=9.9.9.9",
        "X-Real-IP": "9.9.9.9", "X-Forwarded-Proto": "https, https, https",
    }  # fmt: skip
    client = _behind(filled_sqlite, tmp_path, proxies)
    told = client.get("/healthz", base_url="http://lakthan.test", headers=spoofed).json
    assert told == {"from": seen, "host": "lakthan.test", "secure": proxies > 0}
    named = client.get(
        "/healthz", base_url=SITE, headers={"X-Forwarded-Host": "evil.example, evil.example"}
    )
    assert named.status_code == (400 if proxies else 200)
    assert "evil" not in named.text


def test_an_address_or_headers_without_measure_are_refused(client: FlaskClient) -> None:
    def status(url: str, **headers: str) -> int:
        return client.get(url, base_url=SITE, headers=headers).status_code

    assert status("/verify?" + "x" * 4_000) == 414
    assert status("/verify?" + "&".join("a=1" for _ in range(201))) == 400
    assert status("/verify?" + "&".join("a=1" for _ in range(200))) == 200
    assert status("/verify", **{"X-Long": "x" * 40_000}) == 431
    assert status("/verify?code=%00") == 400
    assert status("/%00") == 404


def test_programs_find_what_they_look_for(
    client: FlaskClient, filled_sqlite: Path, tmp_path: Path
) -> None:
    assert client.get("/robots.txt", base_url=SITE).text == "User-agent: *\nDisallow: /\n"
    assert client.get("/.well-known/security.txt", base_url=SITE).status_code == 404
    change = client.get("/.well-known/change-password", base_url=SITE)
    assert (change.status_code, change.location) == (302, "/account")
    named = production(filled_sqlite, tmp_path, security_contact="mailto:it@example.go.th")
    told = named.test_client().get("/.well-known/security.txt", base_url=SITE).text
    assert "Contact: mailto:it@example.go.th\n" in told and "\nExpires: 2" in told
    close(named)


@pytest.mark.parametrize("secret", ["/.git/config", "/.env", "/metrics", "/rq", "/debug", "/x",
                                    "/static/../config.py", "/static/%2e%2e/config.py", "/admin",
                                    "/openapi.json", "/server-status"])  # fmt: skip
def test_nothing_of_the_machinery_is_served(client: FlaskClient, secret: str) -> None:
    assert client.get(secret, base_url=SITE).status_code == 404


def test_the_style_guide_is_not_served_where_people_work(app: Flask) -> None:
    assert "styleguide.show" not in app.view_functions
    assert not create_app(app.config["SETTINGS"], send_job=SentJobs()).debug
