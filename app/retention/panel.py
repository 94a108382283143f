"""On a record's page: whether a hold keeps it, and the way to place one."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from sqlalchemy import select

from app.accounts.access import current_actor
from app.centres.models import Centre
from app.keeping.holds import hold_of
from app.retention.blueprint import KEEPERS
from app.shared.db import db
from app.shared.panels import register_panel


def init_app(_app: Flask) -> None:
    """Show it on visits' and photos' pages."""
    register_panel("visit", visit_panel, order=90)
    register_panel("photo", photo_panel, order=90)


def panel(kind: str, record: Any) -> str | None:
    """The panel of one record, for those who may place holds."""
    if current_actor().role not in KEEPERS:
        return None
    session = db.session()
    area = session.scalar(select(Centre.subdistrict_code).where(Centre.id == record.centre_id))
    return render_template(
        "retention/_panel.html",
        hold=hold_of(session, kind, record.id),
        kind=kind,
        record=record,
        area_code=area or getattr(record, "district_code", ""),
    )


def visit_panel(visit: Any) -> str | None:
    """A visit's."""
    return panel("visit", visit)


def photo_panel(photo: Any) -> str | None:
    """A photo's; one that is destroyed can be kept no more."""
    return None if photo.destroyed_at else panel("photo", photo)
