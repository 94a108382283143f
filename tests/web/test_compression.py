"""Compression: public texts travel small, private pages keep their length to themselves."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import build

ANY = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def built(frame: Flask, tmp_path: Path) -> FlaskClient:
    build(tmp_path, {"app.css": "app-ABCD2345.css", "app.js": "app.js"})
    (tmp_path / "dist" / "app-ABCD2345.css.br").write_bytes(b"brotli")
    (tmp_path / "dist" / "app-ABCD2345.css.gz").write_bytes(b"gzip")
    return frame.test_client()


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [("gzip, br", "br", b"brotli"), ("gzip", "gzip", b"gzip"), ("identity", None, b"/* built */"),
     ("gzip, br;q=0", "gzip", b"gzip")],
)  # fmt: skip
def test_a_built_file_is_sent_as_the_browser_takes_it(
    built: FlaskClient, accepted: str, encoding: str | None, content: bytes
) -> None:
    answer = built.get(
        "/static/dist/app-ABCD2345.css", headers={"Accept-Encoding": accepted}, buffered=True
    )
    assert (answer.data, answer.headers.get("Content-Encoding")) == (content, encoding)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_nothing_outside_the_folder_is_sent(built: FlaskClient, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.br").write_bytes(b"secret")
    for path in ("/static/../secret", "/static/%2e%2e/secret", "/static/dist/../../secret"):
        assert built.get(path, headers=ANY).status_code in (302, 404)


def test_a_public_page_travels_small_and_is_the_same_page(frame: Flask) -> None:
    @frame.get("/public")
    def public() -> tuple[str, dict[str, str]]:
        return "หลักฐาน" * 200, {"Cache-Control": "public, no-cache", "ETag": '"one"'}

    client = frame.test_client()
    small = client.get("/public", headers=ANY)
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["ETag"] == 'W/"one"'
    assert gzip.decompress(small.data) == client.get("/public").data
    assert len(small.data) < len(client.get("/public").data) / 10


def test_a_private_page_is_never_compressed(frame: Flask) -> None:
    @frame.get("/private")
    def private() -> str:
        return "a name and a secret" * 200

    answer = frame.test_client().get("/private", headers=ANY)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers
