"""Database: one declarative base, UTC instants, and connections that keep their promises.

SQLite runs with WAL, `synchronous=FULL` (a committed row survives a power cut) and foreign
keys on; a unit of work starts with BEGIN IMMEDIATE so that two writers queue, not collide.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.shared.alive import ask_seldom

WRITES = "lakthan_writes"  # execution option: this transaction will write
ISOLATION, AUTOCOMMIT = "isolation_level", "AUTOCOMMIT"  # SQLAlchemy's words
BUSY_TIMEOUT_MS = 20_000
LOCK_TIMEOUT = "20s"
# A host that is cut off from its database is told nothing: without these a request would wait for
# a quarter of an hour, longer than any phone.  The first four are libpq's, for our end: a try to
# connect, silence on a line, bytes nobody acknowledges.  The others make PostgreSQL give up, after
# the same silence, a host that vanished: its locks would hold up everybody else for hours.  On a
# unix socket none of them means anything.
CONNECT_TIMEOUT_S = 5
_LINE = {
    "connect_timeout": CONNECT_TIMEOUT_S, "keepalives_idle": 4, "keepalives_interval": 2,
    "keepalives_count": 2, "tcp_user_timeout": 6_000,  # ms
}  # fmt: skip
_LINE_BACK = (
    " -c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2"
    " -c tcp_user_timeout=6000"
)
_LOST_A_RACE = ("40001", "40P01")  # serialization failure, deadlock: try once more


class Base(DeclarativeBase):
    """Every table's base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=False,
    session_options={"expire_on_commit": False, "autoflush": True},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def one_of(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    """A check that the column holds one of `values`, which are words of ours, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant.  Stored in UTC, returned aware; a naive value is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a column of this type holds; paging cursors are checked against it."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC (naive UTC text on SQLite, which has no zones)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_away(error: DBAPIError) -> bool:
    """Whether it is the database that fails - gone, full, locked for too long - and not the asking.

    Then nothing that was asked is to blame, and asking again later is right.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return getattr(error.orig, "sqlstate", None) not in _LOST_A_RACE


def engine_options(
    database_url: str, *, pool_size: int = 10, statement_timeout_s: int = 0
) -> dict[str, Any]:
    """SQLAlchemy engine options for `database_url` (SQLite file or PostgreSQL).

    A process keeps `pool_size` connections and opens as many again at the height; PostgreSQL ends
    a statement after `statement_timeout_s` (0: never).
    """
    options: dict[str, Any] = {"hide_parameters": True}  # a visitor's phone never reaches a log
    if database_url.startswith("sqlite"):
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_MS / 1000}
    else:
        limits = f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={statement_timeout_s}s"
        options |= {
            "pool_pre_ping": True,  # one that a restart or a firewall cut is replaced, not used
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "connect_args": _LINE | {"options": limits + _LINE_BACK},
        }
    return options


def tune(engine: Engine) -> None:
    """Attach what the engine's connections need.  Call once per engine."""
    if engine.dialect.name != "sqlite":
        ask_seldom(engine)
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def glance(engine: Engine) -> Connection:
    """A connection for one question: on PostgreSQL without a transaction around it.  Close it."""
    return engine.connect().execution_options(**by_itself(engine))


def by_itself(engine: Engine) -> dict[str, Any]:
    """Execution options of a connection whose statements are each its own transaction.  SQLite,
    where a transaction costs nothing, keeps its own.
    """
    return {} if engine.dialect.name == "sqlite" else {ISOLATION: AUTOCOMMIT}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "secure_delete=ON",  # what is forgotten is overwritten, not only unlinked
    ):
        cursor.execute(f"PRAGMA {pragma}")  # nosemgrep: sql-by-hand - constants above
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
