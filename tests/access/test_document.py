# ruff: noqa: E501 - long tables and one long sentence
"""docs/access.md says of every address who may use it, and is what the program does.

LAKTHAN_WRITE=1 .venv/bin/python -m pytest -q tests/access/test_document.py     writes it anew
"""

from __future__ import annotations

import os

import pytest
from flask import Flask

from config import ROOT
from tests.access.cast import Cast
from tests.access.table import FREE, ROWS
from tests.test_access import DEVICE, PUBLIC

DOCUMENT = ROOT / "docs" / "access.md"
ROLES = ("volunteer", "officer", "reviewer", "admin")
HEAD = """# Who may reach what

Written from the routes by `tests/access/test_document.py`, which fails where this page is not what
the program does. ● may. Where an address names an object, ● holds for an object of one's own centre
or area; everybody else gets the 404 of an object that does not exist, to the byte
(`tests/access/test_matrix.py`: {actors} actors, {methods} methods, SQLite and PostgreSQL). Without a
sign-in, with a closed account, with a sign-in whose second factor is still owed or that has run
out, and with a revoked phone, nothing but the public addresses answers.

| address | methods | names | volunteer | officer | reviewer | admin | phone | anybody |
|---|---|---|:-:|:-:|:-:|:-:|:-:|:-:|
"""


def written(app: Flask) -> str:
    """The page as it ought to be."""
    from tests.access.asking import METHODS
    from tests.access.cast import ACTORS

    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ()))):
        if rule.endpoint == "static":
            continue
        access = getattr(app.view_functions[rule.endpoint], "access", frozenset())
        row = ROWS.get(rule.endpoint) if rule.arguments else None
        may = row.may if row else access
        who = [role in may if not isinstance(access, str) else False for role in ROLES]
        marks = [*who, access == DEVICE, access == PUBLIC]
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})) or "–"
        named = row.thing.replace("_", " ") if row else ("–" if rule.endpoint in FREE else "")
        address = rule.rule.replace("uuid:", "").replace("path:", "").replace("int:", "")
        shown = " | ".join("●" if mark else " " for mark in marks)
        lines.append(f"| `{address}` | {methods} | {named} | {shown} |")
    return HEAD.format(actors=len(ACTORS), methods=len(METHODS)) + "\n".join(lines) + "\n"


@pytest.mark.parametrize("cast", ["sqlite"], indirect=True)
def test_the_page_is_what_the_program_does(cast: Cast) -> None:
    now = written(cast.app)
    if os.environ.get("LAKTHAN_WRITE"):
        DOCUMENT.write_text(now, "utf-8")
    assert DOCUMENT.read_text("utf-8") == now, "LAKTHAN_WRITE=1 writes it anew"
