"""The icons that are committed are the drawing that is committed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from tools.icons.render import ICONS, Icon, draw, path_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.name)
def test_an_icon_is_drawn_from_our_own_drawing(browser: Browser, icon: Icon) -> None:
    with Image.open(path_of(icon)) as kept:
        differs = ImageChops.difference(draw(browser, icon).convert("RGBA"), kept.convert("RGBA"))
    assert max(ImageStat.Stat(differs).mean) < 3, "run python -m tools.icons.render"
