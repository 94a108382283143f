"""Which revision of the schema the program is made for."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import current_app


def head_revision() -> str:
    """The newest migration's."""
    config = current_app.extensions["migrate"].migrate.get_config()
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head
