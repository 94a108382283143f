"""Searching every byte there is for a person: databases, files, what is packed inside files."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import Engine, text

from app.shared.thai import fold
from tests.packets.reading import pdf_text

NAME, GIVEN, FAMILY = "นางสาวมะลิวัลย์ ศรีประทุมทิพย์", "มะลิวัลย์", "ศรีประทุมทิพย์"
PHONE = "0891357924"
REMARK = "อยากได้พันธุ์กล้วยหอมกระดังงา"
SAID = "เล่าว่าลูกสาวป่วยอยู่โรงพยาบาลเชียงคำ"
_SPELLED = (
    PHONE, "089-135-7924", "089 135 7924", "0-8913-57924", "+66891357924", "66891357924",
    "๐๘๙๑๓๕๗๙๒๔", "๐๘๙-๑๓๕-๗๙๒๔",
)  # fmt: skip


def needles() -> dict[bytes, str]:
    """What may be found nowhere, in every spelling and encoding that software writes."""
    words = [GIVEN, FAMILY, REMARK, SAID, fold(GIVEN), fold(FAMILY), fold(REMARK), *_SPELLED]
    found: dict[bytes, str] = {}
    for word in words:
        escaped = json.dumps(word)[1:-1]
        for data in (word.encode(), word.encode("utf-16-le"), escaped.encode()):
            found[data] = word
    return found


_NEEDLES = needles()


def found_in(data: bytes) -> set[str]:
    """Which words lie in these bytes, or in what is packed in them."""
    here = {word for needle, word in _NEEDLES.items() if needle in data}
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                here |= found_in(name.encode()) | found_in(archive.read(name))
    elif data[:5] == b"%PDF-":
        here |= found_in(pdf_text(data).encode())
    return here


def found_under(folder: Path) -> dict[str, set[str]]:
    """The same for every file of a folder, names of files included."""
    hits = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if hit := found_in(data) | found_in(path.name.encode()):
            hits[path.relative_to(folder).as_posix()] = hit
    return hits


def database_files(engine: Engine) -> Iterator[Path]:
    """The database's own files: SQLite's with its log and journal; PostgreSQL's of its tables."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        yield from path.parent.glob(f"{path.name}*")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        root = Path(str(connection.scalar(text("SHOW data_directory"))))
        number = connection.scalar(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    yield from (root / "base" / str(number)).iterdir()


def found_in_database(engine: Engine) -> dict[str, set[str]]:
    """Words in the database's files, and in every row of every table."""
    hits = {}
    for path in database_files(engine):
        if hit := found_in(path.read_bytes()):
            hits[path.name] = hit
    with engine.connect() as connection:
        for table in _tables(engine):
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
            if hit := found_in(repr([tuple(row) for row in rows]).encode()):
                hits[f"rows of {table}"] = hit
    return hits


def found_in_dump(engine: Engine) -> set[str]:
    """Words in what a dump of the database holds: every statement, or what COPY writes."""
    raw: Any = engine.raw_connection()
    try:
        if engine.dialect.name == "sqlite":
            return found_in("\n".join(raw.driver_connection.iterdump()).encode())
        found: set[str] = set()
        for table in _tables(engine):
            with raw.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                found |= found_in(b"".join(bytes(row) for row in rows))
        return found
    finally:
        raw.close()


def found_in_redis(redis: Redis) -> dict[str, set[str]]:
    """Words in any key of the queue's server: jobs, arguments, results, errors, registries."""
    hits = {}
    for key in redis.scan_iter():
        if hit := found_in(key) | found_packed(b"\n".join(_told(redis, key))):
            hits[key.decode(errors="replace")] = hit
    return hits


def _told(redis: Redis, key: bytes) -> list[bytes]:
    """All that a key holds, whatever its type."""
    client: Any = redis
    match client.type(key):
        case b"string":
            return [client.get(key)]
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"list":
            return list(client.lrange(key, 0, -1))
        case b"set":
            return list(client.smembers(key))
        case b"zset":
            return list(client.zrange(key, 0, -1))
        case b"stream":
            return [
                part for _, told in client.xrange(key) for pair in told.items() for part in pair
            ]
        case other:
            raise AssertionError(f"a type of key that this search cannot read: {other!r}")


def found_packed(data: bytes) -> set[str]:
    """Words in these bytes, or in what RQ has packed into them with zlib."""
    found, at = found_in(data), data.find(b"x\x9c")
    while at >= 0:
        with suppress(zlib.error):  # two bytes that only look like a beginning
            found |= found_in(zlib.decompressobj().decompress(data[at:]))
        at = data.find(b"x\x9c", at + 1)
    return found


def _tables(engine: Engine) -> list[str]:
    from sqlalchemy import inspect

    return inspect(engine).get_table_names()
