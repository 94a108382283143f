"""The triggers by which a photo follows its record: the record's day, and whether it is struck out.

Both stand in the photo's own row, so that lists and counts of photos read one table: joined to
five million visits, the counts of a quarter took seconds.  The database does it, whoever changes
the record.  Applied by migration 0005 and to tables that tests make from the models.  A migration
that lets SQLite make the table `photo` anew must take them away before and put them back after.
"""

from __future__ import annotations

FOLLOWED = {"visit": "visit_date", "followup": "followed_on", "activity": "held_on"}


def _changed(day: str) -> str:
    return f"OLD.{day} <> NEW.{day} OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)"


def _follow(table: str, day: str) -> str:
    return (
        f"UPDATE photo SET day = NEW.{day}, record_gone = (NEW.deleted_at IS NOT NULL) "  # noqa: S608
        f"WHERE subject_kind = '{table}' AND subject_id = NEW.id;"
    )


def _sqlite(table: str, day: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER photo_follows_{table} AFTER UPDATE ON {table} "
        f"WHEN {_changed(day)} BEGIN {_follow(table, day)} END",
    )


def _postgresql(table: str, day: str) -> tuple[str, ...]:
    return (
        f"CREATE OR REPLACE FUNCTION photo_follow_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {_follow(table, day)} RETURN NULL; END $$",
        f"CREATE TRIGGER photo_follows_{table} AFTER UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({_changed(day)}) EXECUTE FUNCTION photo_follow_{table}()",
    )


MAKE = {
    "sqlite": {table: _sqlite(table, day) for table, day in FOLLOWED.items()},
    "postgresql": {table: _postgresql(table, day) for table, day in FOLLOWED.items()},
}
REMOVE = {
    "sqlite": tuple(f"DROP TRIGGER photo_follows_{table}" for table in FOLLOWED),
    "postgresql": tuple(
        statement
        for table in FOLLOWED
        for statement in (
            f"DROP TRIGGER photo_follows_{table} ON {table}",
            f"DROP FUNCTION photo_follow_{table}()",
        )
    ),
}
# Photos from before: what their records say now.
CATCH_UP = tuple(
    f"UPDATE photo SET day = (SELECT r.{day} FROM {table} r WHERE r.id = photo.subject_id), "  # noqa: S608
    f"record_gone = EXISTS (SELECT 1 FROM {table} r WHERE r.id = photo.subject_id "
    f"AND r.deleted_at IS NOT NULL) WHERE subject_kind = '{table}' "
    f"AND EXISTS (SELECT 1 FROM {table} r WHERE r.id = photo.subject_id)"
    for table, day in FOLLOWED.items()
)
