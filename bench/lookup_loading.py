"""A database of the product's own tables, filled with a mass of fingerprints in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, insert

from app.photos.models import Photo
from app.shared.db import db
from bench.lookup_mass import Mass, Numbers

NOW = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)
NOBODY = UUID(int=0)
_AT_ONCE = 500_000


def photo_id(number: int) -> UUID:
    """The id of photo `number`."""
    return UUID(int=number)


def load(url: str, mass: Mass, spare: Sequence[int]) -> None:
    """Fill an empty database; foreign keys are off, for the mass has no photos behind it.

    The photos of the numbers `spare` get a row, so that the product can put them.
    """
    engine = create_engine(url)  # not the product's: SQLite watches no foreign keys here
    db.metadata.create_all(engine)
    if engine.dialect.name == "sqlite":
        _load_sqlite(engine, mass, spare)
    else:
        _load_postgresql(engine, mass, spare)
    engine.dispose()


def size_bytes(url: str) -> int:
    """What the file, or the two tables with their indexes, take on the disk."""
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = "pg_total_relation_size('print_key') + pg_total_relation_size('photo_print')"
        size = int(connection.exec_driver_sql(f"SELECT {tables}").scalar_one())
    engine.dispose()
    return size


def _load_sqlite(engine: Engine, mass: Mass, spare: Sequence[int]) -> None:
    with engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        for rows in _key_rows(mass):
            connection.exec_driver_sql("INSERT INTO print_key VALUES (?, ?)", rows)
        moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
        into = (
            "INSERT INTO photo_print (no, photo_id, recipe, made_at, keys) VALUES (?, ?, 1, ?, ?)"
        )
        for prints in _print_rows(mass):
            connection.exec_driver_sql(into, [(n, i.hex, moment, k) for n, i, k in prints])
        _add_photos(connection, spare)
        connection.commit()


def _load_postgresql(engine: Engine, mass: Mass, spare: Sequence[int]) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        cursor = connection.connection.cursor()
        with cursor.copy("COPY print_key FROM STDIN") as copy:
            for rows in _key_rows(mass):
                for row in rows:
                    copy.write_row(row)
        into = "COPY photo_print (no, photo_id, recipe, made_at, keys) FROM STDIN"
        with cursor.copy(into) as copy:
            for prints in _print_rows(mass):
                for number, photo, keys in prints:
                    copy.write_row((number, photo, 1, NOW, keys))
        cursor.execute("SELECT setval('photo_print_no_seq', max(no)) FROM photo_print")
        _add_photos(connection, spare)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE print_key, photo_print")


def _key_rows(mass: Mass) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(mass.keys), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        yield list(zip(mass.keys[part].tolist(), mass.numbers[part].tolist(), strict=True))


def _print_rows(mass: Mass) -> Iterator[list[tuple[int, UUID, bytes]]]:
    """(number, id, its keys as the product keeps them) of every photo."""
    order = np.argsort(mass.numbers, kind="stable")
    keys: Numbers = mass.keys[order]
    ends = np.cumsum(np.bincount(mass.numbers)[1:])
    rows = []
    for number, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True), start=1):
        rows.append((number, photo_id(number), keys[start:end].tobytes()))
        if len(rows) == _AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _add_photos(connection: Connection, numbers: Sequence[int]) -> None:
    rows = [
        {
            "id": photo_id(number), "centre_id": NOBODY, "subject_kind": "centre",
            "subject_id": NOBODY, "day": NOW.date(), "original_sha256": "a" * 64, "size_bytes": 1,
            "media_type": "image/jpeg", "source": "camera", "state_since": NOW, "captured_at": NOW,
            "received_at": NOW, "recorder_id": NOBODY, "content_sha256": "b" * 64,
            "programme_version": "bench",
        }
        for number in numbers
    ]  # fmt: skip
    connection.execute(insert(Photo), rows)
