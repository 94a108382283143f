"""Draws the application's icons from our own drawing: python -m tools.icons.render

They are committed, because neither Node nor Python's standard library draws SVG and a build must
not need a browser.  Run it after changing static/src/img/icon.svg; a test notices if forgotten.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools.setup.browser import find_browser
from tools.setup.places import ROOT

DRAWING = ROOT / "static" / "src" / "img" / "icon.svg"
FOLDER = ROOT / "static" / "src" / "img" / "icons"
GROUND = "#0f3b2a"  # --field-deep: what shows around the seal where a launcher cuts its own shape
COLOURS = 128  # a flat drawing needs no more, and the files are a third


@dataclass(frozen=True, slots=True)
class Icon:
    """One file: its name, its side, and how much of the side the seal takes."""

    name: str
    side_px: int
    part: float = 1.0
    on_ground: bool = False


ICONS = (
    Icon("icon-192", 192),
    Icon("icon-512", 512),
    # A launcher may cut anything outside a circle of 80 % of the side.
    Icon("icon-maskable-512", 512, part=0.76, on_ground=True),
    Icon("icon-apple-180", 180, part=0.86, on_ground=True),  # iOS paints what is clear black
)


def draw(browser: Browser, icon: Icon) -> Image.Image:
    """The icon as pixels."""
    page = browser.new_page(viewport={"width": icon.side_px, "height": icon.side_px})
    ground = GROUND if icon.on_ground else "transparent"
    page.set_content(
        f"<style>body{{margin:0;height:100vh;display:grid;place-items:center;background:{ground}}}"
        f"svg{{width:{icon.part:.0%}}}</style>{DRAWING.read_text('utf-8')}"
    )
    png = page.screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(png)).convert("RGB" if icon.on_ground else "RGBA")


def path_of(icon: Icon) -> Path:
    """Where the icon lies."""
    return FOLDER / f"{icon.name}.png"


def main() -> None:
    """Draw all of them anew."""
    found = find_browser()
    if found is None:
        raise SystemExit("no Chromium here: run `make browser`")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found.executable), args=["--no-sandbox"]
        )
        for icon in ICONS:
            method = Image.Quantize.MEDIANCUT if icon.on_ground else Image.Quantize.FASTOCTREE
            small = draw(browser, icon).quantize(COLOURS, method=method)
            small.save(path_of(icon), optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
