"""A phone that is signed in, for tests of its screens; enrolment has tests of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD, World
from tests.plugins.handset import await_that
from tools.setup.node import find_node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUNDLE = """import { buildSync } from "esbuild";
const { outputFiles } = buildSync({ entryPoints: [process.argv[1]], bundle: true, write: false,
  format: "iife", globalName: "Lakthan" });
process.stdout.write(outputFiles[0].text);"""
DRAFTS = """async (begins) => {
  const asked = indexedDB.open("lakthan");
  const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const rows = db.transaction("drafts").objectStore("drafts").getAllKeys();
  const keys = await new Promise((done) => { rows.onsuccess = () => done(rows.result); });
  db.close();
  return keys.some((key) => key[1].startsWith(begins));
}"""
SIGN_IN = """async ([login, password]) => {
  const { keyPair, publicKey } = await Lakthan.newSigningKeys();
  const install_id = await Lakthan.installId();
  const answer = await fetch("/api/v1/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(
      { install_id, label: "test", app_version: "0", public_key: publicKey, login, password }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  await Lakthan.signInHere(await answer.json(), keyPair, install_id);
}"""


@cache
def _vault() -> str:
    """The vault's own functions, for a page to use without the shell."""
    node = find_node()
    assert node is not None
    return subprocess.check_output(
        [node.node, "--input-type=module", "-e", BUNDLE, str(HERE / "enrolment.js")],
        cwd=ROOT, text=True,
    )  # fmt: skip


@pytest.fixture
def address(world: World, address: str) -> str:
    """The application, served with its people in it."""
    return address


@pytest.fixture
def phone_of(page_at: Callable[..., Page], address: str) -> Callable[..., Page]:
    """A function: `phone_of("volunteer")` is a phone where they are signed in, at its home."""

    def open_phone(who: str, width: int = 360, language: str = "en") -> Page:
        page = page_at(width, service_workers="block", accept_downloads=True)
        page.goto(f"{address}/privacy")  # a page of ours that asks for nothing
        page.evaluate(f"{_vault()}; globalThis.Lakthan = Lakthan")
        page.evaluate(SIGN_IN, [who, PASSWORD])
        page.goto(f"{address}/phone?lang={language}")
        await_screen(page, "home")
        return page

    return open_phone


def await_screen(page: Page, name: str) -> None:
    """Until this screen is shown and filled."""
    expect(page.locator(f".screen--{name}:not(.screen--opening)")).to_be_visible()


def await_draft(page: Page, begins: str) -> None:
    """Until a draft is kept under a name that begins so."""
    await_that(lambda: page, lambda: page.evaluate(DRAFTS, begins))


def open_screen(page: Page, path: str, name: str) -> None:
    """Go to a screen as a link would."""
    page.evaluate("path => { const a = document.createElement('a'); a.href = path;"
                  " document.body.append(a); a.click(); a.remove(); }", path)  # fmt: skip
    await_screen(page, name)
