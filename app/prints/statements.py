"""The index's SQL, for SQLite and for PostgreSQL.

Written by hand: SQLAlchemy takes longer to spell out an IN with a thousand parameters than the
database to answer it.  Many keys go in as one value, a JSON list or an array.
"""

from __future__ import annotations

import json

from sqlalchemy import BigInteger, Executable, Uuid, text
from sqlalchemy.orm import Session

# CROSS JOIN is SQLite's way to fix the order: probes outside, index inside.
_SQL = {
    "sqlite": {
        "sharing": """
            SELECT group_concat(print_no) FROM (
                SELECT print_key.print_no FROM json_each(:keys) AS probe
                CROSS JOIN print_key ON print_key.key = probe.value LIMIT :most
            )
        """,
        "common": """
            SELECT value, (
                SELECT count(*) FROM (SELECT 1 FROM print_key WHERE key = value LIMIT :most)
            ) FROM json_each(:keys)
        """,
        "photos": """
            SELECT no, photo_id FROM photo_print WHERE no IN (SELECT value FROM json_each(:keys))
        """,
        "add": """
            INSERT OR IGNORE INTO print_key (key, print_no)
            SELECT value, :no FROM json_each(:keys)
        """,
        "drop": """
            DELETE FROM print_key
            WHERE print_no = :no AND key IN (SELECT value FROM json_each(:keys))
        """,
    },
    "postgresql": {
        "sharing": """
            SELECT string_agg(CAST(print_no AS text), ',') FROM (
                SELECT print_no FROM print_key
                WHERE key = ANY(CAST(:keys AS bigint[])) LIMIT :most
            ) AS shared
        """,
        "common": """
            SELECT probe, (
                SELECT count(*) FROM (
                    SELECT 1 FROM print_key WHERE key = probe LIMIT :most
                ) AS counted
            ) FROM unnest(CAST(:keys AS bigint[])) AS given (probe)
        """,
        "photos": """
            SELECT no, photo_id FROM photo_print WHERE no = ANY(CAST(:keys AS bigint[]))
        """,
        "add": """
            INSERT INTO print_key (key, print_no)
            SELECT key, :no FROM unnest(CAST(:keys AS bigint[])) AS given (key)
            ON CONFLICT DO NOTHING
        """,
        "drop": """
            DELETE FROM print_key
            WHERE print_no = :no AND key = ANY(CAST(:keys AS bigint[]))
        """,
    },
}
_STATEMENTS = {
    (dialect, name): text(sql).columns(no=BigInteger(), photo_id=Uuid())
    if name == "photos"
    else text(sql)
    for dialect, sqls in _SQL.items()
    for name, sql in sqls.items()
}


def statement(session: Session, name: str) -> Executable:
    """The statement of that name for the session's database; its keys are `:keys`, see `bound`.

    sharing: the numbers of all prints that have one of the keys, once for each, joined by commas;
    common: each key and how many prints have it, both no further than `:most`;
    photos: number and photo of some prints; add, drop: write keys of print `:no`.
    """
    return _STATEMENTS[session.get_bind().dialect.name, name]


def bound(session: Session, keys: set[int]) -> str | list[int]:
    """The keys as one value.  In order, so that neighbours in the index are read together."""
    ordered = sorted(keys)
    return json.dumps(ordered) if session.get_bind().dialect.name == "sqlite" else ordered
