"""Drawings of the install help, put into the page itself: they must be there without a network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import current_app
from markupsafe import Markup, escape

from app.phone.blueprint import bp

_NAME = re.compile(r"[a-z-]+")
_OPENING = re.compile(r'<svg xmlns="[^"]+"')


@bp.app_template_global()
def drawing(name: str, label: str) -> Markup:
    """The drawing `static/src/img/install/NAME.svg`, read aloud as `label`."""
    svg = _read(Path(current_app.static_folder or "static"), name)
    opening = f'<svg class="drawing" role="img" aria-label="{escape(label)}"'
    return Markup(_OPENING.sub(lambda _found: opening, svg, count=1))  # noqa: S704 - our own file


@cache
def _read(static: Path, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    text = (static / "src" / "img" / "install" / f"{name}.svg").read_text("utf-8")
    return re.sub(r"<!--.*?-->|\n\s*", "", text)
