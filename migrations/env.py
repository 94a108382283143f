"""Runs migrations inside the application's context, on SQLite and PostgreSQL alike."""

from alembic import context
from flask import current_app

from app.shared.db import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    """Write our own column type as what it is in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Apply migrations; each one is a transaction of its own, so a kill leaves a whole step."""
    engine = database.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
