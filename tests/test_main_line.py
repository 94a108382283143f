"""The whole line once: a visit, a photo, a follow-up, a packet, and that others find it whole.

Real parts only: gunicorn, a worker and the clock as processes of their own, Redis, Chromium.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image
from PIL.ExifTags import IFD
from playwright.sync_api import Page, expect
from redis import Redis

from config import Settings
from tests.conftest import PASSWORD, World
from tests.plugins.product import Product

SOON_MS = 60_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, redis_url: str) -> Settings:
    """Settings that the server, its workers and the test share."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
    return Settings(
        env="test",
        secret_key="a secret for tests only, long enough",
        signing_key="A" * 43,
        database_url=database_url,
        redis_url=redis_url,
        var_dir=tmp_path / "var",
    )


@pytest.fixture
def address(app: Flask, world: World, start_product: Callable[..., Product]) -> str:
    """The product as it runs in an office; returns its address."""
    return start_product("web", "worker", "clock").address


@pytest.fixture
def sign_in_at(page_at: Callable[..., Page], address: str) -> Callable[[str, int], Page]:
    """Open a browser of this width, signed in as this person."""

    def open_(who: str, width: int) -> Page:
        # The office's pages; the phone's own have tests of theirs (tests/phone).
        page = page_at(width, accept_downloads=True, service_workers="block")
        page.goto(f"{address}/sign-in")
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.locator(".nav")).to_be_visible()
        return page

    return open_


def test_from_a_visit_to_a_packet_that_others_find_whole(
    sign_in_at: Callable[[str, int], Page], address: str, tmp_path: Path
) -> None:
    visit = _log_a_visit(sign_in_at("volunteer", 360), address, tmp_path)
    _follow_up(sign_in_at("officer", 360), visit)
    packet = _ask_for_a_packet(sign_in_at("reviewer", 1280), address, tmp_path)

    with zipfile.ZipFile(packet) as archive:
        archive.extractall(tmp_path / "bag")
    (folder,) = (tmp_path / "bag").iterdir()
    assert bagit.Bag(str(folder)).is_valid()
    with pikepdf.open(folder / "data" / "report.pdf") as report:
        assert report.check_pdf_syntax() == []
    assert len(list((folder / "data" / "photos").rglob("*.jpg"))) == 1


def _log_a_visit(page: Page, address: str, tmp_path: Path) -> str:
    page.goto(f"{address}/visits/new")
    page.fill("#group_name", "โรงเรียนบ้านควรดง ป.5")
    page.fill("#n_male", "20")
    page.fill("#n_female", "22")
    page.click("label[for=kind-0]")
    page.click("label[for=consent_followup]")
    page.fill("#phone", "0812345678")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/visits/*-*")
    picture = tmp_path / "ภาพ.jpg"
    picture.write_bytes(_photograph())
    page.set_input_files(".photo-strip input[type=file]", picture)
    page.click(".photo-strip button[type=submit]")
    expect(page.locator(".photo-tile img")).to_be_visible(timeout=SOON_MS)
    return page.url.split("#")[0]


def _photograph() -> bytes:
    """A small JPEG as a phone's camera writes it, with its place."""
    exif = Image.Exif()
    exif[IFD.GPSInfo] = {1: "N", 2: (19.0, 9.0, 0.0), 3: "E", 4: (100.0, 16.0, 12.0)}
    target = io.BytesIO()
    Image.effect_mandelbrot((800, 600), (-2, -1, 1, 1), 60).convert("RGB").save(
        target, "JPEG", exif=exif
    )
    return target.getvalue()


def _follow_up(page: Page, visit: str) -> None:
    page.goto(visit.replace("/visits/", "/followups/new?visit="))
    page.click("label[for=method-0]")
    page.click("label[for=used-0]")
    page.fill("#n_followed", "30")
    page.fill("#n_used", "12")
    page.fill("#baht_saved_month", "๓๐๐")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/followups/*-*")


def _ask_for_a_packet(page: Page, address: str, tmp_path: Path) -> Path:
    page.goto(f"{address}/packets/new")
    page.select_option("#unit", label="ปง (5606)")
    page.click(".form-actions button[type=submit]")
    page.wait_for_url("**/packets/*-*")
    link = page.locator("a[href$='/download']")
    expect(link).to_be_visible(timeout=SOON_MS)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "packet.zip")
    return tmp_path / "packet.zip"


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_usable_by_everyone(
    sign_in_at: Callable[[str, int], Page], address: str, width: int
) -> None:
    page = sign_in_at("officer", width)
    wrong = []
    for path in ("/", "/visits", "/visits/new", "/visits/page", "/followups", "/photos", "/centres",
                 "/centres/new", "/packets", "/packets/new"):  # fmt: skip
        page.goto(f"{address}{path}")
        found = Axe().run(page).response["violations"]
        wrong += [(path, v["id"], v["nodes"][0]["html"][:120]) for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((path, "wider than the screen", ""))
    assert wrong == []


def test_every_page_asks_this_site_only(
    sign_in_at: Callable[[str, int], Page], address: str
) -> None:
    page = sign_in_at("officer", 360)
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    for path in ("/", "/visits/new", "/photos", "/packets/new", "/sign-in"):
        page.goto(f"{address}{path}")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert failed == []
