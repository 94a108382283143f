"""What a migration may do while the program of before serves: add, and hold nobody up.

From 0009 on every migration is read as the statements it sends to PostgreSQL: by squawk, and for
what an older program may not write any more.  What is taken away goes one release after the last
program that used it; such a migration stands in `SAID` with its reason.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from config import Settings
from tests.deploy.test_migrations_give_way import NEXT
from tools.setup.places import PYTHON, ROOT

BEFORE_THE_RULE = "0008"
# By revision: what is found there and allowed, and why the program of before can bear it.
SAID: dict[str, dict[str, str]] = {}
NO_MATTER = (  # of squawk's own taste, or seen to elsewhere
    "prefer-text-field", "prefer-bigint-over-int", "prefer-bigint-over-smallint",
    "prefer-identity", "prefer-robust-stmts",
    "require-statement-timeout",  # an index may take its time; locks are limited
)  # fmt: skip
MADE = re.compile(r"^CREATE TABLE (\w+)", re.M)
TIGHTENS = (
    re.compile(r"^ALTER TABLE (?:ONLY )?(\w+)\s+ADD CONSTRAINT", re.M),
    re.compile(r"^CREATE (?:CONSTRAINT )?TRIGGER \w+.*?\bON (\w+)", re.M | re.S),
    re.compile(r"^CREATE UNIQUE INDEX \w*\s*\w+ ON (\w+)", re.M),
)


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The program before a PostgreSQL that is nowhere: it is told of, not asked."""
    folder = tmp_path_factory.mktemp("bare")
    settings = Settings(
        env="test", secret_key="a secret for tests only, long enough", signing_key="A" * 43,
        database_url="postgresql+psycopg://nobody@/none?host=/nowhere",
        redis_url=f"unix://{folder}/no.sock", var_dir=folder / "var",
    )  # fmt: skip
    return create_app(settings, send_job=lambda *_a, **_k: None)


def statements(app: Flask, before: str, revision: str, folder: Path = ROOT / "migrations") -> str:
    """What a migration sends to PostgreSQL."""
    target = io.StringIO()
    with app.app_context(), contextlib.redirect_stdout(target):
        upgrade(directory=str(folder), revision=f"{before}:{revision}", sql=True)
    return target.getvalue()


def found_in(told: str, folder: Path) -> set[str]:
    """The rules that the statements break."""
    path = folder / "told.sql"
    path.write_text(told)
    excluded = [word for rule in NO_MATTER for word in ("-e", rule)]
    squawk = [PYTHON.parent / "squawk", "--reporter", "json", "--pg-version", "15.0", *excluded]
    done = subprocess.run([*squawk, path], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    rules = {each["rule_name"] for each in json.loads(done.stdout)}
    made = set(MADE.findall(told))
    touched = {table for pattern in TIGHTENS for table in pattern.findall(told)}
    return rules | ({"tightens-what-may-be-written"} if touched - made else set())


def test_every_migration_leaves_the_program_of_before_at_work(
    bare_app: Flask, tmp_path: Path
) -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    steps = list(scripts.iterate_revisions("head", BEFORE_THE_RULE))
    assert set(SAID) <= {each.revision for each in steps}
    for step in steps:
        told = statements(bare_app, str(step.down_revision), step.revision)
        assert found_in(told, tmp_path) == set(SAID.get(step.revision, ())), told


ADDS = """
    op.create_table("later", sa.Column("id", sa.Uuid(), primary_key=True),
                    sa.Column("n", sa.Integer(), nullable=False),
                    sa.CheckConstraint("n > 0", name="ck_later_n"))
    op.create_index("ix_later_n", "later", ["n"], unique=True)
    with op.batch_alter_table("visit") as batch:
        batch.add_column(sa.Column("why", sa.Text(), nullable=True))
        batch.add_column(sa.Column("n", sa.Integer(), nullable=False, server_default="0"))
"""
FORBIDDEN = {
    'op.drop_column("visit", "suggestion")': "ban-drop-column",
    'op.drop_table("visit")': "ban-drop-table",
    'op.rename_table("visit", "entry")': "renaming-table",
    'op.alter_column("visit", "trainer", new_column_name="teacher")': "renaming-column",
    'op.add_column("visit", sa.Column("n", sa.Integer(), nullable=False))':
        "adding-required-field",
    'op.alter_column("visit", "trainer", existing_type=sa.String(120), nullable=False)':
        "adding-not-nullable-field",
    'op.alter_column("visit", "trainer", type_=sa.Integer())': "changing-column-type",
    'op.create_index("ix_visit_x", "visit", ["trainer"])': "require-concurrent-index-creation",
    'op.create_index("ix_visit_x", "visit", ["id"], unique=True)':
        "tightens-what-may-be-written",
    'op.create_check_constraint("ck_visit_x", "visit", "n_male > 0", postgresql_not_valid=True)':
        "tightens-what-may-be-written",
    'op.execute("CREATE TRIGGER x BEFORE INSERT ON visit EXECUTE FUNCTION f()")':
        "tightens-what-may-be-written",
    'op.add_column("visit", sa.Column("x", sa.Float(), server_default=sa.text("random()")))':
        "adding-field-with-default",
}  # fmt: skip


def test_what_only_adds_is_taken(bare_app: Flask, tmp_path: Path) -> None:
    assert found_in(next_step(bare_app, tmp_path, ADDS), tmp_path) == set()


def test_an_index_on_a_large_table_is_made_beside_its_writers(
    bare_app: Flask, tmp_path: Path
) -> None:
    told = next_step(
        bare_app, tmp_path, '    schema.add_index("ix_visit_trainer", "visit", ["trainer"])\n'
    )
    assert "CREATE INDEX CONCURRENTLY ix_visit_trainer" in told
    assert found_in(told, tmp_path) == set()


@pytest.mark.parametrize(("body", "rule"), FORBIDDEN.items(), ids=range(len(FORBIDDEN)))
def test_what_stops_or_breaks_the_program_of_before_is_found(
    bare_app: Flask, tmp_path: Path, body: str, rule: str
) -> None:
    assert rule in found_in(next_step(bare_app, tmp_path, f"    {body}\n"), tmp_path)


def next_step(app: Flask, tmp_path: Path, body: str) -> str:
    """The statements of a migration with this body."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions/next.py").write_text(NEXT.format(head=head, body=body))
    return statements(app, str(head), "next", folder)


def test_whoever_waits_behind_a_migration_waits_a_second(bare_app: Flask, tmp_path: Path) -> None:
    assert next_step(bare_app, tmp_path, ADDS).startswith("SET lock_timeout = '1s';")
