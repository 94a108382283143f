"""What the database holds, read apart from any request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.shared.db import db


def rows(app: Flask, model: Any, *where: Any) -> list[Any]:
    """What the database holds, read apart from any request."""
    with app.app_context():
        found = list(db.session.scalars(select(model).where(*where)))
        db.session.remove()
    return found


def count(app: Flask, model: Any, *where: Any) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(model).where(*where))
        db.session.remove()
    return int(found or 0)


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]
