"""The service worker's script: it names what this release is made of, and nothing else is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.shared.db import db
from config import Settings
from tests.conftest import SentJobs

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(client: FlaskClient) -> dict:
    """What the script is told of its release."""
    script = client.get("/sw.js").text
    found = re.match(r"self\.LAKTHAN=(.*?);\n", script)
    assert found
    return json.loads(found[1])


def test_browsers_ask_for_it_anew_and_may_use_it_for_every_page(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_file_it_names_is_there_and_is_what_it_says(client: FlaskClient) -> None:
    release = told(client)
    addresses = [*release["pages"], *release["files"]]
    assert set(release["shell"].values()) < set(release["pages"])
    assert set(addresses) == set(release["integrity"])
    for address in addresses:
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200, address
        digest = base64.b64encode(hashlib.sha256(answer.data).digest()).decode()
        assert release["integrity"][address] == f"sha256-{digest}", address


def test_all_that_the_shell_names_is_kept(client: FlaskClient) -> None:
    release = told(client)
    for address in release["pages"]:
        html = client.get(address).text
        named = set(re.findall(r'(?:src|href)="(/static/[^"?#]+)', html))
        assert named <= set(release["files"])
    fonts = [name for name in release["files"] if name.endswith(".woff2")]
    assert {re.search(r"-(\d00)-", name)[1] for name in fonts} == {"400", "700"}  # type: ignore[index]


def test_only_our_shell_carries_its_mark(client: FlaskClient) -> None:
    assert "Lakthan-Shell" in client.get("/phone/visits/new?lang=en").headers
    assert "Lakthan-Shell" not in client.get("/sign-in").headers
    assert client.get("/sign-in").headers["Lakthan"] == "1"


def test_a_new_build_programme_or_area_is_a_new_release(
    app: Flask, settings: Settings, client: FlaskClient, other_build: Callable[[str], Flask]
) -> None:
    first = told(client)["version"]
    assert told(other_build("").test_client())["version"] == first
    assert told(other_build("next").test_client())["version"] != first


@pytest.fixture
def other_build(settings: Settings) -> Iterator[Callable[[str], Flask]]:
    """The application as another process would run it, with this mark of its build."""

    def make(build: str) -> Flask:
        app = create_app(settings.model_copy(update={"build": build}), send_job=SentJobs())
        made.append(app)
        return app

    made: list[Flask] = []
    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def test_a_phone_goes_on_when_nothing_is_built(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    app.static_folder = str(tmp_path)
    assert client.get("/sw.js").status_code == 503
