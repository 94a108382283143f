"""What the database holds, as a digest, and how to put it back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import select

from app.shared.db import Model, db
from tests.access.cast import Cast

Undo = Callable[[], AbstractContextManager[None]]
# Tables that note that somebody was here: no record's, and nobody's secret.
NOTED = {"try_count", "sign_in", "device", "alembic_version"}


def state_of(cast: Cast) -> str:
    """A digest of every row of every table but those that note mere visits."""
    digest = hashlib.sha256()
    with cast.app.app_context():
        for table in Model.metadata.sorted_tables:
            if table.name not in NOTED:
                rows = sorted(map(repr, db.session().execute(select(table)).all()))
                digest.update("\n".join([table.name, *rows]).encode())
        db.session.remove()
    return digest.hexdigest()
