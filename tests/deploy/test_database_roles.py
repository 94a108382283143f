"""The database's roles (deploy/postgres/roles.sql) on a real PostgreSQL: rows, not tables."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select, text

from app import create_app
from app.areas.service import load_areas
from app.shared.db import db
from app.upkeep.health import database_ready
from app.upkeep.scrubbing import clean_database, touched_tables
from app.visits.models import Visit
from config import Settings
from tests.deploy.conftest import applications
from tests.deploy.places import DEPLOY

ROLES = ("owner", "app", "upkeep", "backup")
DDL = (
    "CREATE TABLE mine (id int)", "DROP TABLE visit", "ALTER TABLE visit ADD COLUMN x int",
    "CREATE INDEX x ON visit (id)", "DROP TRIGGER audit_entry_kept ON audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL", "TRUNCATE visit", "CREATE SCHEMA mine",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1'", "CREATE ROLE mine",
    "DELETE FROM audit_entry", "DELETE FROM alembic_version", "COPY visit TO PROGRAM 'cat'",
    "SET session_replication_role = replica",
)  # fmt: skip


@pytest.fixture(scope="module")
def roles_database(make_lasting_postgres_database: Callable[..., str]) -> Iterator[str]:
    """A database as an installation has it: roles, then `flask db upgrade` as the owner."""
    url = make_lasting_postgres_database()
    run_roles(url)
    yield url
    with psycopg.connect(plain(url), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO lakthan").format(sql.Identifier(name))
        )


@pytest.fixture(scope="module")
def migrated(roles_database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same with its tables, made by the owner's migrations, and the areas loaded."""
    app = app_as("owner", roles_database, tmp_path_factory.mktemp("owner"))
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    run_roles(roles_database)  # once more, as after every upgrade
    return roles_database


def run_roles(url: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute((DEPLOY / "postgres/roles.sql").read_bytes())


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def url_as(role: str, url: str) -> str:
    return url.replace("//lakthan@", f"//lakthan_{role}@")


def app_as(role: str, url: str, folder: Path) -> Flask:
    settings = Settings(
        env="test", secret_key="a secret for tests only, long enough", signing_key="A" * 43,
        database_url=url_as(role, url), redis_url=f"unix://{folder}/no.sock",
        var_dir=folder / "var", database_pool=2, statement_timeout_s=30,
    )  # fmt: skip
    return create_app(settings, send_job=lambda *_a, **_k: None)


@pytest.fixture
def as_role(migrated: str, tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """A function: the application as one of the roles."""
    with applications() as made:

        def make(role: str) -> Flask:
            made.append(app_as(role, migrated, tmp_path))
            return made[-1]

        yield make


@pytest.mark.parametrize("role", ["app", "upkeep"])
@pytest.mark.parametrize("statement", DDL)
def test_whoever_serves_changes_no_table(migrated: str, role: str, statement: str) -> None:
    with (
        psycopg.connect(plain(url_as(role, migrated))) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_application_reads_and_writes_every_table(
    as_role: Callable[[str], Flask], migrated: str
) -> None:
    app = as_role("app")
    with app.app_context():
        assert database_ready(db.session())
        load_areas(db.session())
        db.session.commit()
        lacking = [
            (table.name, right)
            for table in db.metadata.sorted_tables
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
            if not db.session.scalar(
                text("select has_table_privilege(:table, :right)"),
                {"table": table.name, "right": right},
            )
        ]
    assert lacking == [("audit_entry", "DELETE")]


def test_a_statement_that_takes_too_long_is_ended(
    as_role: Callable[[str], Flask],
) -> None:
    with as_role("app").app_context():
        assert db.session.scalar(text("show statement_timeout")) == "30s"
        assert db.session.scalar(text("show lock_timeout")) == "20s"


def test_what_is_forgotten_leaves_the_disk_through_the_worker_of_upkeep(
    as_role: Callable[[str], Flask],
) -> None:
    with as_role("upkeep").app_context():
        before = file_of("visit")
        assert clean_database(db.engine)
        assert file_of("visit") != before  # written anew
        db.session.execute(select(Visit)).all()  # and still to be read


def file_of(table: str) -> int:
    found = db.session.scalar(text("select pg_relation_filenode(:table)"), {"table": table})
    db.session.commit()
    return int(found or 0)


def test_a_role_that_cannot_clean_says_so_and_does_not_say_it_has(
    as_role: Callable[[str], Flask], caplog: pytest.LogCaptureFixture
) -> None:
    with as_role("app").app_context():
        assert not clean_database(db.engine)
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert len(told) == len(touched_tables()) + 1  # and pg_statistic


def test_the_backup_s_role_reads_all_and_writes_nothing(
    as_role: Callable[[str], Flask], migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKTHAN_BACKUP_PASSPHRASE", "a long passphrase for tests")
    app = as_role("backup")
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "kept")])
    assert done.exit_code == 0, done.output + str(done.exception)
    assert isinstance(app.test_cli_runner(), CliRunner)
    with (
        psycopg.connect(plain(url_as("backup", migrated))) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM visit")


def test_each_role_gets_the_password_that_was_made_for_it(
    migrated: str, secrets: Path, tmp_path: Path
) -> None:
    """With a psql of the test's own, which machines without PostgreSQL's programs lack."""
    psql = tmp_path / "psql"
    said = f'echo "$*" >>"{tmp_path}/words"; cat >>"{tmp_path}/statements"'
    psql.write_text(f"#!/bin/sh\n{said}\n")
    psql.chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SECRETS": str(secrets)}
    subprocess.run([DEPLOY / "postgres/passwords.sh"], env=env, check=True)
    passwords = {
        role: (secrets / f"database_password_{role}").read_text().strip() for role in ROLES
    }
    assert not any(each in (tmp_path / "words").read_text() for each in passwords.values())
    with psycopg.connect(plain(migrated), autocommit=True) as connection:
        connection.execute((tmp_path / "statements").read_bytes())
        kept = dict(connection.execute(
            "select rolname, rolpassword from pg_authid where rolname like 'lakthan\\_%'"
        ).fetchall())  # fmt: skip
    assert {name: verifier.startswith("SCRAM-SHA-256$") for name, verifier in kept.items()} == {
        f"lakthan_{role}": True for role in ROLES
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_role_rules_the_server(migrated: str, role: str) -> None:
    with psycopg.connect(plain(url_as(role, migrated))) as connection:
        row = connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == (False,) * 5
