"""A backup of an older version of the program: it comes back, and is brought up to date."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.backups.sealing import manifest_seal
from app.backups.shelf import Shelf
from app.shared.db import db
from tests.backups.commands import Commands
from tests.backups.filling import Filled
from tests.backups.test_commands import on_sqlite, rows_of, settings_of

OLD = "0006"  # before accounts had passkeys and people receipts
Columns = dict[str, set[str]]


@pytest.fixture
def old_columns(app: Flask, tmp_path: Path) -> Iterator[Columns]:
    """The tables and columns of the older schema."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_app(
        settings_of(app).model_copy(update={"database_url": url}), send_job=lambda *_a, **_k: None
    )
    with old.app_context():
        upgrade(revision=OLD)
        seen = inspect(db.engine)
        yield {name: {each["name"] for each in seen.get_columns(name)}
               for name in seen.get_table_names()}  # fmt: skip
        db.engine.dispose()


@on_sqlite
@pytest.mark.parametrize("other_kind", ["sqlite", "postgresql"])
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    app: Flask, filled: Filled, old_columns: Columns, elsewhere: Flask, commands: Commands,
    tmp_path: Path,
) -> None:  # fmt: skip
    folder = tmp_path / "backups"
    commands.done(settings_of(app), "backup", folder)
    make_older(Shelf(folder).set_of(None), old_columns, settings_of(app).signing_key)
    commands.done(settings_of(app), "backup", folder, "--check")
    commands.done(settings_of(elsewhere), "restore", folder)
    before, after = rows_of(app), rows_of(elsewhere)
    for name in ("visit_revision", "followup", "photo", "centre", "account"):
        assert len(before[name]) == len(after[name]), name
    assert before["visit"] == after["visit"]
    with elsewhere.app_context(), db.engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert found > OLD
    commands.done(settings_of(elsewhere), "backup", tmp_path / "newer")  # of the newest schema


def make_older(folder: Path, columns: Columns, signing_key: str) -> None:
    """Leave out of a backup what the older version did not have."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"] = [
        _narrowed(folder, each, columns[each["table"]])
        for each in manifest["tables"]
        if each["table"] in columns
    ]
    manifest |= {"revision": OLD, "version": "0.5.0"}
    manifest["seal"] = manifest_seal(signing_key, manifest)
    path.write_text(json.dumps(manifest))


def _narrowed(folder: Path, dumped: dict[str, Any], known: set[str]) -> dict[str, Any]:
    path = folder / "tables" / f"{dumped['table']}.jsonl.gz"
    kept = [n for n, (name, _tag, _null) in enumerate(dumped["columns"]) if name in known]
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    lines = b"".join(json.dumps([row[n] for n in kept]).encode() + b"\n" for row in rows)
    path.write_bytes(gzip.compress(lines))
    return dumped | {
        "columns": [dumped["columns"][n] for n in kept],
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows_sha256": hashlib.sha256(lines).hexdigest(),
    }
