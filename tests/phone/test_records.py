"""An officer's day without a signal: every kind of record is written, and arrives whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.activities.models import Activity
from app.assessments.models import Assessment
from app.documents.models import Document
from app.networks.models import NetworkOrder
from app.photos.models import Photo
from app.plans.models import PlanItem, PlanResult
from app.publicity.models import Post
from app.rounds.programme import load_programme
from tests.conftest import World
from tests.faults.field import pictures
from tests.phone.conftest import await_draft
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset
from tests.sync.rows import rows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
HOLD = """() => {
  const read = Blob.prototype.arrayBuffer;
  const free = new Promise((release) => addEventListener("test:free", release));
  Blob.prototype.arrayBuffer = async function () { await free; return read.call(this); };
}"""  # a phone that reads no chosen file until it is let
FREE = "() => dispatchEvent(new Event('test:free'))"
SAVE = "form.record-form .form-actions button[type=submit]"
PDF = b"%PDF-1.7\n" + b"an order of the district \n" * 60


def _write(handset: Handset, kind: str, query: str = "") -> Page:
    page = handset.open(f"/phone/records/{kind}/new{query}")
    expect(page.locator(".screen--record-form:not(.screen--opening)")).to_be_visible()
    return page


def _choose(page: Page, name: str, *keys: str) -> None:
    for key in keys:
        page.locator(f"input[name='{name}'][value='{key}']").evaluate("box => box.click()")


def _write_post(handset: Handset, world: World) -> Page:
    """A post of the centre, but for its link or its screenshot."""
    page = _write(handset, "post", f"?centre={world.centre}")
    page.fill("#title", "เอามื้อที่ปง")
    _choose(page, "channel", "facebook")
    return page


def _save(page: Page) -> str:
    """Save, and the id under which it is kept."""
    page.click(SAVE)
    _await_record(page)
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def _await_record(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/phone/records/\w+/[0-9a-f-]{36}(\?|$)"))
    expect(page.locator(".screen--record:not(.screen--opening)")).to_be_visible()


def _only(app: Flask, model: Any) -> Any:
    [row] = rows(app, model)
    return row


def test_an_officers_day_without_a_signal_arrives_whole(
    app: Flask,
    world: World,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("officer")
    line.refuse = True
    line.cut_all()
    centre = str(world.centre)
    paper, screenshot = tmp_path / "คำสั่ง.pdf", pictures(tmp_path, 3)[2]
    paper.write_bytes(PDF)
    photos = pictures(tmp_path, 2)

    page = _write(handset, "assessment", f"?centre={centre}")
    expect(page.locator("#assessor")).to_have_value("Test officer")
    criteria = load_programme().assessment.criteria
    for place in range(len(criteria)):
        _choose(page, f"scores-{place}-points", "4")
    page.fill("#needs", "เครื่องสูบน้ำ")
    page.locator("[data-evidence='scores-0-evidence'] [data-evidence-photo]").click()
    page.set_input_files("#photo-files", [str(photo) for photo in photos])
    expect(page.locator("[data-shot]")).to_have_count(2)
    page.click("[data-done]")
    lines = page.locator("[data-evidence='scores-0-evidence'] .evidence__line")
    expect(lines).to_have_count(2)  # the form is as it was left, with what was taken
    expect(page.locator("[data-assessment-total]")).to_contain_text("80")
    assessment = _save(page)

    page = _write(handset, "activity", f"?centre={centre}")
    page.fill("#title", "เอามื้อสามัคคี")
    page.select_option("#kind", "aow_mue")
    _choose(page, "sides", "place", "people")
    page.fill("#n_male", "๑๒")
    _save(page)

    page = _write(handset, "plan_item", f"?centre={centre}")
    _choose(page, "side", "place")
    _choose(page, "strategy", "repair")
    _choose(page, "budget_source", "none")
    for name, words in {
        "title": "ซ่อมฝาย", "target": "2 แห่ง", "responsible": "พัฒนากร",
        "starts_on-day": "1", "starts_on-year": "2567", "ends_on-day": "1", "ends_on-year": "2567",
    }.items():  # fmt: skip
        page.fill(f"[name='{name}']", words)
    page.select_option("[name='starts_on-month']", "2")
    page.select_option("[name='ends_on-month']", "3")
    item = _save(page)

    page = _write(handset, "plan_result", f"?item={item}")  # of an item nobody else has yet
    page.fill("#done_percent", "40")
    page.fill("#result", "ซ่อมแล้ว 1 แห่ง")
    result = _save(page)

    page = _write_post(handset, world)
    page.set_input_files("[data-file-field='screenshot_id'] [data-file]", str(screenshot))
    expect(page.locator("[data-file-words]")).to_have_text(screenshot.name)
    post = _save(page)

    page = _write(handset, "network_order")
    page.fill("#order_no", "123/2567")
    _choose(page, "act", "appoint")
    page.fill("#members-0-name", "นายอำเภอ")
    _choose(page, "members-0-sector", "government")
    order = _save(page)
    page.set_input_files("[data-attach]", str(paper))
    expect(page.locator("[data-slot=files] li")).to_have_count(1)

    handset.kill()
    handset.switch_on()
    handset.open("/phone/outbox")
    handset.await_states(waiting=10)
    assert rows(app, Assessment) == []

    line.refuse = False
    handset.send_now()
    handset.await_received(10)

    assert str(_only(app, Assessment).id) == assessment
    evidence = _only(app, Assessment).scores[0]["evidence"]
    assert {str(photo.id) for photo in rows(app, Photo)} == set(evidence)
    assert {photo.original_sha256 for photo in rows(app, Photo)} == {
        sha256(photo.read_bytes()).hexdigest() for photo in photos
    }
    assert (_only(app, Activity).n_total, _only(app, Activity).centre_id) == (12, world.centre)
    told = _only(app, PlanResult)
    assert (str(told.id), str(told.item_id), told.centre_id) == (result, item, world.centre)
    assert _only(app, PlanItem).starts_on.isoformat() == "2024-02-01"
    files = {str(file.subject_id): file for file in rows(app, Document)}
    assert set(files) == {post, order}
    assert {file.state for file in files.values()} == {"received"}
    assert files[order].file_sha256 == sha256(PDF).hexdigest()
    assert files[post].file_sha256 == sha256(screenshot.read_bytes()).hexdigest()
    assert _only(app, Post).screenshot_id == files[post].id
    assert _only(app, NetworkOrder).members[0]["name"] == "นายอำเภอ"


def test_a_volunteer_writes_an_activity_and_corrects_it_before_it_is_sent(
    app: Flask, world: World, line: FaultProxy, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    line.refuse = True
    line.cut_all()
    page = handset.open("/phone/records")
    expect(page.locator("[data-slot=kinds] li")).to_have_count(3)  # and none of the office's
    page = _write(handset, "activity")
    page.click(SAVE)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("#title-errors")).to_be_visible()
    page.fill("#title", "ทำปุ๋ยหมัก")
    await_draft(page, "record-new-activity")
    handset.kill()
    page = handset.switch_on()
    page = _write(handset, "activity")
    expect(page.locator("#title")).to_have_value("ทำปุ๋ยหมัก")  # the draft was kept
    page.select_option("#kind", "compost")
    _choose(page, "sides", "place")
    activity = _save(page)
    page.click("[data-slot=edit]")
    page.fill("#title", "ทำปุ๋ยหมักและห่มดิน")
    assert _save(page) == activity

    line.refuse = False
    handset.send_now()
    handset.await_that(lambda: set(handset.states()) == {"received"})  # alone, or with its edit
    row = _only(app, Activity)
    assert (row.id, row.title) == (UUID(activity), "ทำปุ๋ยหมักและห่มดิน")


def test_saving_waits_for_a_file_that_is_still_being_kept(
    app: Flask,
    world: World,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    """Else the post is refused for want of the screenshot one has just chosen."""
    handset = make_handset(line.address)
    handset.sign_in("officer")
    [screenshot] = pictures(tmp_path, 1)
    page = _write_post(handset, world)
    page.evaluate(HOLD)
    page.set_input_files("[data-file-field='screenshot_id'] [data-file]", str(screenshot))
    page.click(SAVE)
    expect(page.locator("form.record-form.is-sending")).to_be_visible()
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    page.evaluate(FREE)
    _await_record(page)
    handset.await_received(2)
    assert _only(app, Post).screenshot_id == _only(app, Document).id


def test_a_file_that_cannot_be_kept_is_told_and_the_record_waits(
    world: World, make_handset: Callable[..., Handset], line: FaultProxy, tmp_path: Path
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("officer")
    empty = tmp_path / "ว่าง.jpg"
    empty.touch()
    page = _write_post(handset, world)
    page.fill("#url", "https://example.go.th/1")
    page.evaluate(HOLD)
    page.set_input_files("[data-file-field='screenshot_id'] [data-file]", str(empty))
    page.click(SAVE)
    expect(page.locator("form.record-form.is-sending")).to_be_visible()
    page.evaluate(FREE)
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("form.record-form:not(.is-sending)")).to_be_visible()
    assert handset.items() == []
    page.click(SAVE)  # without it, now that one knows
    _await_record(page)


def test_a_form_gets_every_picture_though_one_is_done_before_it_is_kept(
    world: World, make_handset: Callable[..., Handset], line: FaultProxy, tmp_path: Path
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("officer")
    page = _write(handset, "assessment", f"?centre={world.centre}")
    page.locator("[data-evidence='scores-0-evidence'] [data-evidence-photo]").click()
    expect(page.locator(".screen--camera:not(.screen--opening)")).to_be_visible()
    page.evaluate(HOLD)
    page.set_input_files("#photo-files", [str(photo) for photo in pictures(tmp_path, 2)])
    page.click("[data-done]")
    expect(page.locator(".screen--camera")).to_be_visible()
    page.evaluate(FREE)
    lines = page.locator("[data-evidence='scores-0-evidence'] .evidence__line")
    expect(lines).to_have_count(2)
