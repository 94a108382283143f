"""On our pages no text becomes markup or a script but by our own policy (ASVS 1.3.2, 3.2.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TRIES = {
    "markup": "document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'",
    "a written page": "document.write('<script>window.ran = 1</script>')",
    "a frame": "document.createElement('iframe').srcdoc = '<script>parent.ran = 1</script>'",
    "a script's address": "document.createElement('script').src = '/static/x.js'",
    "a script's text": "document.createElement('script').text = 'window.ran = 1'",
    "a worker": "new Worker('/static/x.js')",
    "a text run as a program": "setTimeout('window.ran = 1', 0)",
    "a policy of another name": "trustedTypes.createPolicy('mine', {createHTML: (x) => x})",
}
TRY = """(tries) => Object.entries(tries).map(([name, run]) => {
  const before = document.documentElement.outerHTML;
  try { run(); } catch (error) { if (error instanceof TypeError) return null; }
  return name + (before === document.documentElement.outerHTML ? "" : " changed the page");
}).filter(Boolean)"""


@pytest.mark.parametrize("path", ["/sign-in", "/phone"])
def test_a_text_becomes_neither_markup_nor_program(
    page_at: Callable[..., Page], address: str, path: str
) -> None:
    page = page_at(360, service_workers="block")
    page.context.route("**/icon-*", lambda route: route.abort())
    page.goto(f"{address}{path}")
    tries = ", ".join(f"{name!r}: () => {{ {run}; }}" for name, run in TRIES.items())
    assert page.evaluate(f"() => ({TRY})({{{tries}}})") == []
    assert page.evaluate("window.ran") is None
