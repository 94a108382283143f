"""`GET /api/v1/openapi.json`: the contract, written by hand in openapi.yaml."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Response, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.sync.blueprint import bp

SOURCE = Path(__file__).with_name("openapi.yaml")


@bp.get("/openapi.json")
@allow_public
def openapi() -> ResponseReturnValue:
    """The document.  Public: it tells what could be asked, and nothing that was answered."""
    response = Response(_document(), mimetype="application/json")
    response.headers["Cache-Control"] = "public, no-cache"  # kept, but asked about each time
    response.add_etag()
    return response.make_conditional(request)


class _PlainLoader(yaml.SafeLoader):
    """Reads a day or an instant as the text it is in JSON, not as a date."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class declares it
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_contract() -> dict[str, Any]:
    """The contract as it is written."""
    contract: dict[str, Any] = yaml.load(SOURCE.read_text("utf-8"), Loader=_PlainLoader)  # noqa: S506
    return contract


@cache
def _document() -> bytes:
    return json.dumps(read_contract(), ensure_ascii=False).encode()
