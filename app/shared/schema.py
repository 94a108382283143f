"""Steps of migrations that run beside the program that serves.

What a migration may do is read from its statements by `tests/deploy/test_migration_rules.py`; this
is what Alembic has no word for.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op


def add_index(name: str, table: str, columns: Sequence[str], *, unique: bool = False) -> None:
    """Make an index on a table that may be large, while others write into it.

    In a migration of its own: PostgreSQL makes it outside of any transaction, so what came before
    is committed.  A try that was cut off leaves an index nobody uses; the next one removes it.
    """
    context = op.get_context()
    if context.dialect.name != "postgresql":
        op.create_index(name, table, list(columns), unique=unique)
        return
    with context.autocommit_block():
        op.execute("SET lock_timeout = 0")  # it waits for who reads, and nobody waits for it
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.create_index(name, table, list(columns), unique=unique, postgresql_concurrently=True)
        op.execute("SET lock_timeout = '1s'")
