"""Web: what every page shares - frame, navigation, language, wording, errors, headers, form boxes.

Slices above register what they add (`nav.register`, `nav.register_place`, `wording.SENTENCES`);
this one imports none of them.  Glossary: wording = the sentence of a refusal's code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

# In the order in which a request is looked at; answers pass them the other way round.  Loaded when
# an application is made: gunicorn's master, which wants `serving` only, takes 25 MB instead of 70.
_PARTS = (
    "compression", "headers", "measuring", "request_log", "hosts", "edges", "local_path", "locale",
    "assets", "filters", "forms", "nav", "routes", "well_known", "errors",
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Give `app` everything its pages share.  Called once by `create_app`."""
    parts = [import_module(f"app.web.{name}") for name in _PARTS]
    for part in parts:
        part.init_app(app)
