"""The triggers that keep `visit_tally`, for each database.  Applied by migration 0005 and to tables
that tests make from the models.

An entry counts while it is not struck out.  A change is the old entry taken away and the new one
added: two rows, whatever changed, and none where nothing that counts did.
"""

from __future__ import annotations

_COLUMNS = "centre_id, month, kind, visits, people, male, female, other, children"
_INTO = f"INSERT INTO visit_tally ({_COLUMNS})"
_WATCHED = (
    "centre_id",
    "visit_date",
    "kind",
    "n_total",
    "n_male",
    "n_female",
    "n_other",
    "n_child",
)


def _sqlite(which: str, sign: str) -> str:
    return (
        f"{_INTO} SELECT {which}.centre_id, date({which}.visit_date, 'start of month'), "
        f"{which}.kind, {sign}1, {sign}{which}.n_total, {sign}{which}.n_male, "
        f"{sign}{which}.n_female, {sign}{which}.n_other, {sign}{which}.n_child "
        f"WHERE {which}.deleted_at IS NULL;"
    )


def _postgresql(which: str, sign: str) -> str:
    return (
        f"{_INTO} SELECT {which}.centre_id, date_trunc('month', {which}.visit_date)::date, "
        f"{which}.kind, {sign}1, {sign}{which}.n_total, {sign}{which}.n_male, "
        f"{sign}{which}.n_female, {sign}{which}.n_other, {sign}{which}.n_child "
        f"WHERE {which}.deleted_at IS NULL;"
    )


_CHANGED = " OR ".join(
    [f"OLD.{name} <> NEW.{name}" for name in _WATCHED]
    + ["(OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)"]
)
MAKE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER visit_tally_added AFTER INSERT ON visit BEGIN {_sqlite('NEW', '')} END",
        f"CREATE TRIGGER visit_tally_changed AFTER UPDATE ON visit WHEN {_CHANGED} "
        f"BEGIN {_sqlite('OLD', '-')} {_sqlite('NEW', '')} END",
        f"CREATE TRIGGER visit_tally_removed AFTER DELETE ON visit BEGIN {_sqlite('OLD', '-')} END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION visit_tally_note() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP = 'UPDATE' AND NOT ({_CHANGED}) THEN RETURN NULL; END IF; "
        f"IF TG_OP <> 'INSERT' THEN {_postgresql('OLD', '-')} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_postgresql('NEW', '')} END IF; RETURN NULL; END $$",
        "CREATE TRIGGER visit_tally_kept AFTER INSERT OR UPDATE OR DELETE ON visit "
        "FOR EACH ROW EXECUTE FUNCTION visit_tally_note()",
    ),
}
REMOVE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER visit_tally_added",
        "DROP TRIGGER visit_tally_changed",
        "DROP TRIGGER visit_tally_removed",
    ),
    "postgresql": (
        "DROP TRIGGER visit_tally_kept ON visit",
        "DROP FUNCTION visit_tally_note()",
    ),
}


def _fill(month: str, truth: str) -> str:
    return (
        f"INSERT INTO visit_tally ({_COLUMNS}, folded) "  # noqa: S608 - all of it stands here
        f"SELECT centre_id, {month}, kind, count(*), sum(n_total), sum(n_male), sum(n_female), "
        f"sum(n_other), sum(n_child), {truth} FROM visit WHERE deleted_at IS NULL "
        f"GROUP BY centre_id, {month}, kind"
    )


FILL = {
    "sqlite": _fill("date(visit_date, 'start of month')", "1"),
    "postgresql": _fill("date_trunc('month', visit_date)::date", "true"),
}
