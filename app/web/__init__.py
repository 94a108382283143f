"""Web: what every page shares - frame, navigation, language, wording, errors, headers, form boxes.

Slices above register what they add (`nav.register`, `nav.register_place`, `wording.SENTENCES`);
this one imports none of them.  Glossary: wording = the sentence of a refusal's code.
"""

from __future__ import annotations

from flask import Flask

from app.web import (
    assets,
    compression,
    errors,
    filters,
    forms,
    headers,
    local_path,
    locale,
    nav,
    routes,
)


def init_app(app: Flask) -> None:
    """Give `app` everything its pages share.  Called once by `create_app`."""
    parts = (compression, headers, local_path, locale, assets, filters, forms, nav, routes, errors)
    for part in parts:
        part.init_app(app)
