"""The camera inside the page: several photos in a row, each kept at once or told why not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.photos.models import Photo
from app.shared.db import db
from tests.conftest import World
from tests.photos.makers import scene
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import AT_THE_CENTRE, Handset

FAKE_CAMERA = ("--use-fake-device-for-media-stream",)
SAVED = "[data-shot]"
SAID = "[data-slot=said]"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def at_the_camera(
    line: FaultProxy, world: World, make_handset: Callable[..., Handset]
) -> Callable[..., Handset]:
    """A function: a volunteer's phone, at the camera of their centre, out of reach of a signal."""

    def open_(**options: object) -> Handset:
        handset = make_handset(line.address, args=FAKE_CAMERA, **options)
        handset.sign_in("volunteer")
        line.refuse = True
        line.cut_all()
        handset.open(f"/phone/photos/new?kind=centre&id={world.centre}&lang=en")
        return handset

    return open_


def take(page: Page, count: int = 1) -> None:
    """Press the shutter; each picture is there when the phone says it is saved."""
    before = page.locator(SAVED).count()
    for number in range(1, count + 1):
        page.click("[data-shutter]:not([disabled])")
        expect(page.locator(SAVED)).to_have_count(before + number)


def jpeg(size: tuple[int, int] = (640, 480)) -> bytes:
    target = io.BytesIO()
    scene(size).save(target, "JPEG", quality=95)
    return target.getvalue()


def choose(page: Page, *files: Path) -> None:
    page.set_input_files("#photo-files", [str(file) for file in files])


def stored(app: Flask) -> list[Photo]:
    with app.app_context():
        found = list(db.session.scalars(select(Photo).order_by(Photo.id)))
        db.session.remove()
    return found


@pytest.mark.whole_browser
def test_photos_in_a_row_survive_a_dead_battery_and_arrive_with_place_and_caption(
    app: Flask, at_the_camera: Callable[..., Handset], line: FaultProxy, world: World
) -> None:
    handset = at_the_camera()
    expect(handset.page.locator("[data-place=good]")).to_be_visible()
    take(handset.page, 2)
    handset.page.locator("[data-caption]").last.fill("the pond")
    handset.page.locator("[data-caption]").last.press("Tab")
    take(handset.page)
    handset.kill()  # right after "Saved"
    handset.switch_on()
    handset.open("/phone/outbox")
    handset.await_that(lambda: len(handset.items()) >= 3)  # and the caption's correction
    line.refuse = False
    handset.send_now()
    handset.await_that(lambda: set(handset.states()) == {"received"})
    photos = stored(app)
    assert len(photos) == 3
    assert {(p.source, p.subject_kind, p.subject_id) for p in photos} == {
        ("camera", "centre", world.centre)
    }
    places = {(p.lat, p.lon, p.accuracy_m, p.position_source) for p in photos}
    assert places == {(AT_THE_CENTRE["latitude"], AT_THE_CENTRE["longitude"], 12.0, "device")}
    assert all(photo.fix_age_s is not None for photo in photos)
    assert [photo.caption for photo in photos].count("the pond") == 1


@pytest.mark.whole_browser
def test_a_discarded_photo_does_not_count(
    app: Flask, at_the_camera: Callable[..., Handset], line: FaultProxy
) -> None:
    handset = at_the_camera()
    take(handset.page, 2)
    handset.page.locator("[data-discard]").first.click()
    handset.page.click("[data-ask] [value=yes]")
    expect(handset.page.locator(SAVED)).to_have_count(1)
    line.refuse = False
    handset.send_now()
    handset.await_that(lambda: set(handset.states()) == {"received"})
    # One that may have been on its way already is struck out, with its reason.
    assert [photo.deleted_at is None for photo in stored(app)].count(True) == 1


def test_the_gallery_is_the_second_way_and_says_what_it_cannot_keep(
    at_the_camera: Callable[..., Handset], tmp_path: Path
) -> None:
    handset = at_the_camera()
    page = handset.page
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 4_000  # Android cannot draw it
    for name, content, saved, said in (
        ("a.jpg", jpeg(), 1, "Saved"),
        ("a.heic", heic, 2, "Saved"),
        ("empty.jpg", b"", 2, "empty"),
        ("letter.jpg", b"%PDF-1.7", 2, "no picture"),
        ("huge.jpg", b"\xff\xd8\xff" + b"\0" * (40 * 1024 * 1024), 2, "at most 42 MB"),
    ):
        (tmp_path / name).write_bytes(content)
        choose(page, tmp_path / name)
        expect(page.locator(SAID)).to_contain_text(said)
        expect(page.locator(SAVED)).to_have_count(saved)
    handset.await_states(waiting=2)


@pytest.mark.whole_browser
def test_without_a_camera_or_a_place_it_says_so_and_goes_on(
    app: Flask, at_the_camera: Callable[..., Handset], line: FaultProxy, tmp_path: Path
) -> None:
    handset = at_the_camera(permissions=["camera"])
    expect(handset.page.locator("[data-place=denied]")).to_be_visible()
    take(handset.page)
    expect(handset.page.locator(SAVED)).to_contain_text("No place")
    line.refuse = False
    handset.send_now()
    handset.await_states(received=1)
    (photo,) = stored(app)
    assert (photo.lat, photo.lon, photo.position_source) == (None, None, "none")


@pytest.mark.whole_browser
def test_a_refused_camera_leaves_the_gallery(
    at_the_camera: Callable[..., Handset], tmp_path: Path
) -> None:
    page = at_the_camera(permissions=["geolocation"]).page
    expect(page.locator("[data-slot=trouble]")).to_contain_text("may not be used")
    expect(page.locator("[data-shutter]")).to_be_disabled()
    (tmp_path / "a.jpg").write_bytes(jpeg())
    choose(page, tmp_path / "a.jpg")
    expect(page.locator(SAVED)).to_have_count(1)


@pytest.mark.whole_browser
def test_the_camera_is_let_go_when_its_screen_is_left(
    at_the_camera: Callable[..., Handset],
) -> None:
    page = at_the_camera().page
    expect(page.locator("[data-shutter]")).to_be_enabled()
    page.evaluate("globalThis.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.click("[data-done]")
    expect(page.locator(".screen--home")).to_be_visible()
    assert page.evaluate("track.readyState") == "ended"


def test_with_the_data_saver_a_small_copy_goes_along(
    at_the_camera: Callable[..., Handset], tmp_path: Path
) -> None:
    handset = at_the_camera()
    handset.page.evaluate(
        """() => new Promise((done) => { indexedDB.open("lakthan").onsuccess = (opened) => {
          const db = opened.target.result;
          const put = db.transaction("meta", "readwrite").objectStore("meta")
            .put({ name: "data_saver", value: true });
          put.onsuccess = () => { db.close(); done(); };
        }; })"""
    )
    (tmp_path / "large.jpg").write_bytes(jpeg((3000, 2000)))
    choose(handset.page, tmp_path / "large.jpg")
    expect(handset.page.locator(SAVED)).to_have_count(1)
    roles = handset.page.evaluate(
        """() => new Promise((done) => { indexedDB.open("lakthan").onsuccess = (opened) => {
          const db = opened.target.result;
          db.transaction("chunks").objectStore("chunks").getAll().onsuccess = (all) => {
            db.close(); done([...new Set(all.target.result.map((one) => one.role))].sort());
          };
        }; })"""
    )
    assert roles == ["original", "preview"]
