"""Triggers that refuse to change or remove a sealed entry, for each database.

They stop a slip and a careless statement; whoever may drop a trigger may also drop these, and is
found by the chain and its anchors.  Applied by migration 0007 and to tables made from the models.
"""

from __future__ import annotations

_SAID = "a sealed audit entry is never changed"
MAKE: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_entry_{name} BEFORE {name} ON audit_entry "
        f"WHEN OLD.position IS NOT NULL BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
        for name in ("update", "delete")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_entry_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{_SAID}'; END $$",
        "CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW "
        "WHEN (OLD.position IS NOT NULL) EXECUTE FUNCTION audit_entry_sealed()",
        "CREATE TRIGGER audit_entry_whole BEFORE TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION audit_entry_sealed()",
    ),
}
REMOVE: dict[str, tuple[str, ...]] = {
    "sqlite": ("DROP TRIGGER audit_entry_update", "DROP TRIGGER audit_entry_delete"),
    "postgresql": (
        "DROP TRIGGER audit_entry_kept ON audit_entry",
        "DROP TRIGGER audit_entry_whole ON audit_entry",
        "DROP FUNCTION audit_entry_sealed()",
    ),
}
