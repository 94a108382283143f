"""After a forgetting: the bytes themselves go from the disk, not only the rows' words.

SQLite overwrites what is deleted (`secure_delete`, see shared/db.py); what stays is its log of
recent writes, which is emptied here.  PostgreSQL keeps every earlier version of a row until it is
vacuumed, and its bytes in the page's gap even then: a table of ordinary size is written anew
(`VACUUM FULL`), a larger one is vacuumed, and its gaps are
filled by later rows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.keeping.erasures import Erased, ErasureList
from app.keeping.models import Erasure
from app.shared.db import Base

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

log = logging.getLogger(__name__)
SMALL_BYTES = 64 * 1024 * 1024  # what is written anew at once, while others wait (not measured)
WAIT = "2s"  # for readers of a table to end; then the next sweep tries again
# Hold words about people, or copies of them, whether or not a column is marked as such.
_ALWAYS = frozenset({
    "visit", "followup", "photo", "photo_finding", "document", "network_order", "subject_request",
    "account", "packet", "held_item",
})  # fmt: skip
MOST_AT_ONCE = 1_000


def unscrubbed(session: Session) -> Sequence[Erasure]:
    """Erasures whose bytes may still lie on the disk, oldest first."""
    waiting = select(Erasure).where(Erasure.scrubbed_at.is_(None)).order_by(Erasure.at)
    return session.scalars(waiting.limit(MOST_AT_ONCE)).all()


def list_all(erasures: Iterable[Erasure], beside: ErasureList) -> None:
    """Add to the list beside the database what a process that died could not.  Raises OSError."""
    beside.add(Erased.of(each) for each in erasures)


def note_scrubbed(session: Session, erasure_ids: Iterable[UUID], now: datetime) -> None:
    """Write down that these leave no bytes behind."""
    session.execute(
        update(Erasure)
        .where(Erasure.id.in_(list(erasure_ids)))
        .values(scrubbed_at=now)
        .execution_options(synchronize_session=False)
    )


def clean_database(engine: Engine, *, whole: bool = False) -> bool:
    """Remove what was forgotten from the database's files; no transaction may be open here.

    `whole`: write every table anew, however large.  False: somebody was reading or writing all
    the time; ask again later.  Harmless twice or at the same time.
    """
    if engine.dialect.name == "sqlite":
        return _empty_log(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{WAIT}'"))  # nosemgrep: sql-by-hand - ours
        try:
            done = [_vacuum(connection, name, whole) for name in touched_tables()]
            # What ANALYZE had noted of the columns' commonest values, names among them.
            return all((*done, _vacuum(connection, "pg_statistic", whole)))
        finally:
            connection.execute(text("RESET lock_timeout"))


def touched_tables() -> list[str]:
    """Tables that hold words of or about people: those with a marked column, versions, copies."""
    marked = [
        table.name
        for table in Base.metadata.sorted_tables
        if table.name in _ALWAYS
        or table.name.endswith("_revision")
        or any("personal" in column.info for column in table.columns)
    ]
    return sorted(marked)


def _empty_log(engine: Engine) -> bool:
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            return False
        cursor = raw.cursor()  # outside any transaction: SQLAlchemy begins one only when asked
        try:
            busy, _frames, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.close()
    return not busy


def _vacuum(connection: Connection, table: str, whole: bool) -> bool:
    size = connection.scalar(text("SELECT pg_total_relation_size(:name)"), {"name": table}) or 0
    anew = whole or size <= SMALL_BYTES
    how = "(FULL)" if table == "pg_statistic" else "(FULL, ANALYZE)" if anew else "(ANALYZE)"
    try:
        with _warnings_of(connection) as warnings:
            connection.exec_driver_sql(f'VACUUM {how} "{table}"')  # nosemgrep: sql-by-hand - ours
    except DBAPIError as error:
        log.info("table %s is in use: %s", table, getattr(error.orig, "sqlstate", None))
        return False
    if warnings:
        # PostgreSQL only warns a role that may not, and skips the table: its bytes would stay.
        log.error("table %s was not cleaned: is this lakthan_upkeep's DATABASE_URL?", table)
    return not warnings


@contextmanager
def _warnings_of(connection: Connection) -> Iterator[list[str]]:
    """What PostgreSQL warns of meanwhile."""
    driver, heard = connection.connection.driver_connection, list[str]()

    def hear(notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            heard.append(notice.message_primary or "")

    assert driver is not None  # noqa: S101 - it just answered
    driver.add_notice_handler(hear)
    try:
        yield heard
    finally:
        driver.remove_notice_handler(hear)
