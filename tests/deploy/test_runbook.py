"""What docs/operations.md tells people to type is there, and does what it says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate import stamp

from tests.conftest import World
from tests.deploy.places import DEPLOY, UNITS, compose, pods
from tests.deploy.test_bare_server import give_to_the_owner
from tools.setup.places import PYTHON, ROOT

TOLD = (ROOT / "docs/operations.md").read_text("utf-8")
NAME = "[a-z][a-z-]*"
DOABLE = (
    "retention show", "retention run --dry-run", "retention run", "photo reprocess",
    "visit tallies", "visit tallies --rebuild", "audit verify", "finding renew",
    "reminders due --on 2024-02-06", "areas load", "db current", "programme list",
    'account invite nok --role admin --area 56 --name "นก"', "account reset admin",
)  # fmt: skip


def commands_told() -> Iterator[str]:
    """Every `flask …` of the document, as words up to the end of its quotation or line."""
    for line in TOLD.splitlines():
        for piece in line.split("`"):
            if found := re.search(r"\bflask((?: --app app)? [a-z-][^&|#]*)", piece):
                yield found[1].strip()


def known_words(app: Flask, words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and what is left of them."""
    command: click.Command = app.cli
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    return command, words


def test_every_command_and_option_exists(app: Flask) -> None:
    unknown = []
    for told in sorted(set(commands_told())):
        words = re.sub(r"…|\[.*?\]", "", told).replace("--app app", "").replace('"', "").split()
        words = [word.strip("(),;:.") for word in words]
        if words[0] == "--help":
            continue
        command, rest = known_words(app, words)
        options = {name for each in command.params for name in each.opts}
        asked = {word for word in rest if word.startswith("--")} - {"--help"}
        if isinstance(command, click.Group) or asked - options:
            unknown.append(told)
    assert unknown == []


def test_every_unit_service_and_deployment_exists() -> None:
    units = set(re.findall(rf"\b(lakthan-{NAME}(?:\.timer|\.socket)?)(?=[@`' .;,:)])", TOLD))
    there = {path.name for path in UNITS.iterdir()}
    there |= {path.stem for path in UNITS.iterdir()} | {each.rstrip("@") for each in there}
    there |= {path.stem.rstrip("@") for path in UNITS.iterdir()}
    claims = {"lakthan-kept", "lakthan-backups"}
    assert units - there - claims == set()
    services = set(re.findall(r"\bexec (\w+) (?:psql|/garage|python)", TOLD))
    assert services
    assert services <= set(compose()["services"])
    assert set(re.findall(rf"deploy/(worker-{NAME}|web|clock) --", TOLD)) <= set(pods())


def test_every_file_exists() -> None:
    named = set(re.findall(r"\b((?:deploy|docs|bench|tests|tools)/[\w./-]+\w)", TOLD))
    made = {"deploy/web", "deploy/worker-upkeep", "deploy/secrets"}
    absent = {each for each in named if not (ROOT / each).exists()}
    assert {each for each in absent if not each.startswith(tuple(made))} == set()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_the_runbook_says_can_be_done(app: Flask, world: World) -> None:
    with app.app_context():
        stamp()
    for words in DOABLE:
        done = app.test_cli_runner().invoke(args=shlex.split(words))
        assert done.exit_code == 0, f"{words}: {done.output}\n{done.exception!r}"
        assert "Traceback" not in done.output, words


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_by_hand_on_a_bare_server_each_command_has_the_account_it_needs(
    app: Flask, world: World, database_url: str, secrets: Path, tmp_path: Path
) -> None:
    """deploy/flask.sh puts settings, secrets and the database's role together."""
    with app.app_context():
        stamp()
    give_to_the_owner(database_url)
    etc = tmp_path / "etc"
    shutil.copytree(secrets, etc / "secrets")
    shutil.copyfile(UNITS / "lakthan.env", etc / "lakthan.env")
    for path in (etc / "secrets").glob("database_url_*"):
        path.write_text(f"{path.read_text().partition('@')[0]}@{database_url.partition('@')[2]}")
    for path in (etc / "secrets").glob("redis_url_*"):
        path.write_text(path.read_text().replace("@queue:", "@127.0.0.1:"))
    backups = tmp_path / "backups"

    def by_hand(*words: object) -> str:
        env = {"PATH": os.environ["PATH"], "LAKTHAN_ETC": str(etc), "LAKTHAN_VAR": str(tmp_path),
               "LAKTHAN_PYTHON": str(PYTHON),
               "LAKTHAN_USER": "root" if os.getuid() == 0 else ""}  # fmt: skip
        script = [DEPLOY / "flask.sh", *map(str, words)]
        done = subprocess.run(script, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "head" in by_hand("db", "current")
    assert "rows" in by_hand("backup", backups)
    assert "forgotten again" in by_hand("restore", backups, "--replace")
    by_hand("retention", "run")
