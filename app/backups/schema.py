"""Which revisions of the schema the program knows, and the one that it is made for."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import current_app


def head_revision() -> str:
    """The newest migration's."""
    head = _scripts().get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def known_revisions() -> frozenset[str]:
    """Every migration's: a backup of any of these can be brought up to date."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
