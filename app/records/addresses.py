"""Addresses: the page of a record of any kind, whichever slice shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, url_for

_PAGES = {"visit": ("visits.show", "visit_id"), "followup": ("followups.show", "followup_id")}


def register_address(kind_name: str, endpoint: str) -> None:
    """Say which page shows a record of this kind; it takes `record_id`."""
    _PAGES[kind_name] = (endpoint, "record_id")


def record_url(kind_name: str, record_id: UUID) -> str | None:
    """The page of a record; None where its kind has none."""
    endpoint, name = _PAGES.get(kind_name, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {name: record_id}
    return url_for(endpoint, **values)
