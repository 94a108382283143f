"""What a browser would send for a JSON record: the other door to the same lock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

from app.shared.errors import Problem
from app.web.forms import PageForm
from app.web.wording import wording

HERE = Path(__file__).resolve().parent


def load_cases(name: str) -> dict[str, Any]:
    """One file of cases."""
    return json.loads((HERE / name).read_text("utf-8"))


def typed(record: dict[str, Any]) -> MultiDict[str, str]:
    """The record as form data: text for all, nothing for null and for a box not ticked."""
    data: MultiDict[str, str] = MultiDict()
    for name, value in record.items():
        if value is True:
            data.add(name, "y")
        elif isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False:
            data.add(name, str(value))
    return data


def sentences(problems: list[Problem]) -> dict[str, list[str]]:
    """What a form shows for these problems, by field."""
    shown: dict[str, list[str]] = {}
    for problem in problems:
        shown.setdefault(problem.field, []).append(wording(problem.code, problem.facts))
    return shown


def shown_by(form: PageForm) -> dict[str, list[str]]:
    """What the form shows now, by field."""
    return {str(name): [str(e) for e in errors] for name, errors in form.errors.items() if errors}
