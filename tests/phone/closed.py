"""Somebody in the book whose words stand nowhere else, and looking at them as people do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from playwright.sync_api import Page, expect

from app.shared.clock import bangkok_day, now
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import PASSWORD, World
from tests.visits.drafts import make_draft

NAME, NUMBER = "ฆฌฒดดวงใจ Zqduex", "0876543219"
REMARK, TYPED = "ฆฌฒฅแปลงของลุง Zqremarkx", "ฆฌฒพพิมพ์ค้างไว้ Zqtypedx"
NEEDLES = {*NAME.split(" "), NUMBER, "087-654-3219", *REMARK.split(" "), *TYPED.split(" ")}
CONTROL = "Zqกขcontrol"  # written in the open on purpose: the search must find it
FORM = """<!doctype html><title>control</title><form method=post>
<label>Name <input name=full_name></label><label>Remark <textarea name=remark></textarea></label>
<button>go</button></form>"""
PLANT = """async (word) => {
  const db = await new Promise((done, failed) => {
    const asked = indexedDB.open("control", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("words");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const change = db.transaction("words", "readwrite", { durability: "strict" });
  change.objectStore("words").put(`${word}Short`, 1);
  change.objectStore("words").put(`${word}Long และอื่น ๆ `.repeat(400), 2);
  await new Promise((done) => { change.oncomplete = done; });
  db.close();
  localStorage.setItem("control", `${word}Local`);
  const cache = await caches.open("control");
  await cache.put("/control", new Response(`${word}Cache`));
  document.title = `${word}Title`;
  history.replaceState(null, "", `?${word}Address`);
}"""
PLANTED = {f"{CONTROL}{place}" for place in (
    "Short", "Long", "Local", "Cache", "Title", "Address", "Sent", "Left",
)}  # fmt: skip


def booked(app: Flask, world: World, **facts: Any) -> UUID:
    """A visit of the volunteer's centre whose person may be called, today."""
    told = {
        "consent_followup": True, "leader_name": NAME, "phone": NUMBER, "suggestion": REMARK,
        "visit_date": bangkok_day(now()),
    }  # fmt: skip
    draft = make_draft(world.centre, **told | facts)
    with app.app_context(), work() as w:
        visit, _ = record_visit(w.session, draft, actor=world["officer"], now=now())
        visit.next_followup_on = bangkok_day(now())
    return draft.id


def sign_in_at(page: Page, address: str, who: str) -> None:
    """Sign in on the desk's page."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_out_at(page: Page) -> None:
    """Sign out by the menu that is on every page."""
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/sign-in**")


def look_around(page: Page, address: str, visit_id: UUID) -> None:
    """Look at the person on the desk's pages, ask for their number, correct what was written."""
    page.goto(f"{address}/visits")
    page.goto(f"{address}/visits/{visit_id}")
    page.click(f"form[action='/visits/{visit_id}/contact'] button")
    expect(page.get_by_text(NAME)).to_be_visible()
    page.goto(f"{address}/visits/{visit_id}/edit")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.click("button[form='show-contact']")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    expect(page.locator("[name=leader_name]")).to_have_value(NAME)
    page.fill("[name=leader_name]", f"{NAME} ")
    page.fill("[name=trainer]", TYPED)
    page.locator("form[data-visit-form] .form-actions button[type=submit]").click()
    page.wait_for_url(f"{address}/visits/{visit_id}")


def leave_words_behind(page: Page, address: str, visit_id: UUID) -> None:
    """Look at the number once more to call it, have a form refused, and go away from it."""
    page.goto(f"{address}/followups/new?visit={visit_id}")
    page.click("form[action='/followups/contact'] button")
    expect(page.get_by_text(NAME)).to_be_visible()
    page.goto(f"{address}/visits/new")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.fill("[name=trainer]", TYPED)
    page.click("label[for=consent_followup]")
    page.fill("[name=leader_name]", NAME)
    page.fill("[name=phone]", NUMBER)
    page.fill("[name=suggestion]", REMARK)
    page.click("form[data-visit-form] .form-actions button[type=submit]")
    expect(page.locator(".field__errors").first).to_be_visible()  # nobody came: refused
    expect(page.locator("[name=leader_name]")).to_have_value(NAME)
    page.fill("[name=leader_name]", f"{NAME} ")
    page.once("dialog", lambda asked: asked.accept())  # "leave without saving?"
    page.goto(f"{address}/visits")


def plant_controls(page: Page, address: str) -> None:
    """Write what must be found, in each of the ways in which a browser keeps words."""
    page.context.route(
        "http://control.test/**", lambda route: route.fulfill(content_type="text/html", body=FORM)
    )
    page.goto("http://control.test/form")
    page.fill("[name=full_name]", f"{CONTROL}Sent")
    page.click("button")
    page.wait_for_load_state()
    page.fill("[name=remark]", f"{CONTROL}Left")
    page.goto(f"{address}/privacy")
    page.evaluate(PLANT, CONTROL)


def shown_needles(page: Page) -> list[str]:
    """Which of the words can be read on the page now, in its markup or its boxes."""
    boxes = page.evaluate(
        "[...document.querySelectorAll('input, textarea')].map((box) => box.value).join(' ')"
    )
    text = f"{page.title()} {page.content()} {boxes}"
    return [needle for needle in NEEDLES if needle in text]
