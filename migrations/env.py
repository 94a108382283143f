"""Runs migrations inside the application's context, on SQLite and PostgreSQL alike.

On PostgreSQL they run beside the program that serves: who waits for a table's lock lets everybody
else through after a second, and tries again.
"""

import logging
import time
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy.exc import DBAPIError

from app.shared.db import UtcDateTime

log = logging.getLogger("alembic.runtime.migration")
database = current_app.extensions["migrate"].db

# Who asks for a table behind a migration that waits for its lock waits as well: so long at most.
LOCK_TIMEOUT = "1s"
TRIES, PAUSE_S = 75, 4  # six minutes in all, most of which belong to everybody else
IN_THE_WAY = ("55P03", "40P01")  # the lock was not to be had in time; two waited for each other


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


@contextmanager
def giving_way(connection):
    """PostgreSQL: wait for no lock longer than `LOCK_TIMEOUT`, which others wait behind."""
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")  # the connection goes back to the pool
        connection.commit()


def apply(connection) -> None:
    """Apply migrations; each one is a transaction of its own, so a kill leaves a whole step."""
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


def tell() -> None:
    """Write the statements out instead (`--sql`): what a release will do, without a database."""
    context.configure(dialect_name=database.engine.dialect.name, transaction_per_migration=True)
    context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Apply migrations; a step that somebody stood in the way of is undone and tried again."""
    for left in reversed(range(TRIES)):
        try:
            with (
                database.engine.connect() as connection,
                giving_way(connection),
                tables_replaceable(connection),
            ):
                apply(connection)
            return
        except DBAPIError as error:
            if not left or getattr(error.orig, "sqlstate", None) not in IN_THE_WAY:
                raise
        log.warning("somebody reads or writes what is to be changed: once more in %s s", PAUSE_S)
        time.sleep(PAUSE_S)


tell() if context.is_offline_mode() else run()
