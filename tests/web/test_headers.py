"""Response headers: no page runs foreign code, is framed, or stays on a shared computer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.headers import POLICY, SEALED, stay_encrypted
from tests.web.conftest import build


@pytest.mark.parametrize("path", ["/styleguide", "/nowhere", "/sealed"])
def test_every_answer_carries_the_security_headers(visitor: FlaskClient, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    for rule in ("default-src 'none'", "object-src 'none'", "base-uri 'none'",
                 "frame-ancestors 'none'", "form-action 'self'",
                 "require-trusted-types-for 'script'"):  # fmt: skip
        assert rule in POLICY


@pytest.mark.parametrize("page", ["parts", "list", "detail", "form", "sign_in"])
def test_no_page_holds_inline_code_or_asks_another_host(visitor: FlaskClient, page: str) -> None:
    html = visitor.get(f"/styleguide?page={page}").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)


def test_hashed_files_are_kept_for_a_year_and_others_are_asked_for_again(
    frame: Flask, tmp_path: Path
) -> None:
    build(tmp_path, {"app.css": "app-ABCD2345.css", "app.js": "app.js"})
    client = frame.test_client()
    hashed = client.get("/static/dist/app-ABCD2345.css", buffered=True)
    assert "immutable" in hashed.headers["Cache-Control"]
    plain = client.get("/static/dist/app.js", buffered=True)
    assert "immutable" not in plain.headers["Cache-Control"]


def test_the_page_that_says_a_file_is_missing_is_not_kept(visitor: FlaskClient) -> None:
    answer = visitor.get("/static/dist/none-ABCD2345.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_view_that_set_its_own_caching_keeps_it(frame: Flask) -> None:
    @frame.get("/manifest")
    def manifest() -> tuple[str, dict[str, str]]:
        return "", {"Cache-Control": "public, max-age=60"}

    answer = frame.test_client().get("/manifest")
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_only_an_encrypted_answer_asks_to_stay_encrypted(visitor: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/styleguide").headers
    secure = visitor.get("/styleguide", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_host_with_neighbours_that_know_no_tls_promises_for_itself_alone() -> None:
    assert stay_encrypted(subdomains=False) == "max-age=63072000"


def test_what_is_not_public_is_kept_by_nobody_and_a_file_runs_nothing(frame: Flask) -> None:
    @frame.get("/table")
    def table() -> tuple[str, dict[str, str]]:
        told = {"Cache-Control": "no-cache", "Content-Disposition": "attachment; filename=x.csv"}
        return "a,b", told

    answer = frame.test_client().get("/table")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == SEALED
