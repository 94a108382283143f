"""Runs migrations inside the application's context, on SQLite and PostgreSQL alike."""

from contextlib import contextmanager

from alembic import context
from flask import current_app

from app.shared.db import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind, item, autogen_context):
    """Write our own column type as what it is in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def tables_replaceable(connection):
    """SQLite changes a table by making it anew: what refers to it must not hinder that meanwhile.

    Outside a transaction, where alone SQLite heeds it.  `whole` looks at every step instead.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def whole(ctx, **_step):
    """Undo a step that leaves a row whose parent is gone."""
    if ctx.dialect.name == "sqlite":
        orphans = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            tables = sorted({row[0] for row in orphans})
            raise RuntimeError(f"rows without their parent in {', '.join(tables)}")


def run() -> None:
    """Apply migrations; each one is a transaction of its own, so a kill leaves a whole step."""
    engine = database.engine
    with engine.connect() as connection, tables_replaceable(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            on_version_apply=whole,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
