"""Templates: the frame keeps its own names apart from those of the pages inside it."""

from __future__ import annotations

import re

from config import ROOT


def test_the_frame_sets_only_names_that_pages_never_use() -> None:
    frame = (ROOT / "templates" / "web" / "base.html").read_text("utf-8")
    names = re.findall(r"^\{% set (\w+)", frame, re.MULTILINE)
    assert names
    assert all(name.startswith("page_") for name in names), names


def test_no_template_holds_inline_code() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        html = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=\"|\son[a-z]+=\"", html), path.name
        code = re.sub(r'<script type="application/json" id="[\w-]+">', "", html)  # data, never run
        assert not re.search(r"<script(?![^>]*\bsrc=)", code), path.name
