"""Built files: pages ask for a name, browsers get the name with the content's hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.web.assets import AssetsMissing, asset_url
from tests.web.conftest import build, make_frame


def test_a_page_gets_the_hashed_name(tmp_path: Path) -> None:
    build(tmp_path, {"app.css": "app-ABCD2345.css"})
    with make_frame(tmp_path, "demo").test_request_context():
        assert asset_url("app.css") == "/static/dist/app-ABCD2345.css"


def test_a_rebuild_is_seen_without_a_restart(tmp_path: Path) -> None:
    app = make_frame(tmp_path, "demo")
    build(tmp_path, {"app.css": "app-AAAAAAAA.css"})
    with app.test_request_context():
        asset_url("app.css")
        build(tmp_path, {"app.css": "app-BBBBBBBB.css"})
        assert asset_url("app.css").endswith("app-BBBBBBBB.css")


def test_missing_assets_say_what_to_run(tmp_path: Path) -> None:
    with (
        make_frame(tmp_path, "demo").test_request_context(),
        pytest.raises(AssetsMissing, match="make assets"),
    ):
        asset_url("app.css")


def test_the_page_that_reports_a_failure_needs_no_assets(tmp_path: Path) -> None:
    app = make_frame(tmp_path, "production", PROPAGATE_EXCEPTIONS=False)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "X-Request-Id" in answer.headers


def test_tests_of_pages_need_no_built_assets(frame: Flask) -> None:
    with frame.test_request_context():
        assert asset_url("app.css") == "/static/dist/app.css"
