"""Web: what every page shares - frame, navigation, language, wording, errors, headers, form boxes.

Slices above register what they add (`nav.register`, `nav.register_place`, `wording.SENTENCES`);
this one imports none of them.  Glossary: wording = the sentence of a refusal's code.
"""

from __future__ import annotations

from flask import Flask

from app.web import (
    assets,
    compression,
    edges,
    errors,
    filters,
    forms,
    headers,
    hosts,
    local_path,
    locale,
    measuring,
    nav,
    request_log,
    routes,
    well_known,
)


def init_app(app: Flask) -> None:
    """Give `app` everything its pages share.  Called once by `create_app`."""
    # In the order in which a request is looked at; answers pass them the other way round.
    parts = (
        compression, headers, measuring, request_log, hosts, edges, local_path, locale, assets,
        filters, forms, nav, routes, well_known, errors,
    )  # fmt: skip
    for part in parts:
        part.init_app(app)
