"""The program of before goes on while its tables become the new ones, and on the new ones.

Its code is taken from the repository's history: the last commit before a migration was there.  Long
form only (`make test-faults`): it makes the old program's demonstration first.  What every
migration may do stands in `test_migration_rules`, which needs no history.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.deploy.crowd import after, asking
from tests.faults.wire import WireClient
from tests.sync.phone_client import Phone
from tests.test_worker import until
from tools.setup.places import ROOT

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        os.environ.get("LAKTHAN_FAULTS") != "full", reason="long form: make test-faults"
    ),
]
PASSWORD = "khok-nong-na-demo"


def git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"the history is not here: {done.stderr.strip()}")
    return done.stdout


def program_before(revision: str, folder: Path) -> Path:
    """The code as it was before the migration came, with today's assets, which phones bring."""
    scripts = (ROOT / "migrations/versions").glob("*.py")
    (path,) = (each for each in scripts if f"\nrevision = '{revision}'" in each.read_text())
    added = git("log", "--diff-filter=A", "--format=%H", "--", str(path.relative_to(ROOT)))
    if not added.strip():
        pytest.skip("the history does not reach back so far")
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    git("archive", "-o", str(archive), f"{added.split()[-1]}^")
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    (folder / "static/dist").symlink_to(ROOT / "static/dist")
    for each in (ROOT / "app/translations").glob("*/LC_MESSAGES/*.mo"):
        (folder / each.relative_to(ROOT)).write_bytes(each.read_bytes())
    return folder


@dataclass
class Installation:
    """A database and a data folder, and programs of different age over them."""

    environ: dict[str, str]
    folder: Path
    door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def flask(self, program: Path, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words], cwd=program, env=self.environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def serve(self, program: Path) -> subprocess.Popen[bytes]:
        """Start this program's web on the socket that is held for all, as systemd would."""
        log = self.folder / f"web-{len(self.running)}.log"
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        command = ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$@"', "web", *gunicorn]
        with log.open("wb") as out:
            web = subprocess.Popen(
                [*command, "app:create_app()"], cwd=program,
                env=self.environ | {"LISTEN_FDS": "1"}, stdout=out, stderr=out, pass_fds=(3,),
                preexec_fn=partial(os.dup2, self.door.fileno(), 3),  # noqa: PLW1509
            )  # fmt: skip
        self.running.append(web)
        until(lambda: "Booting worker" in log.read_text() or web.poll() is not None, "a web")
        assert web.poll() is None, log.read_text()[-3000:]
        return web

    def phone(self) -> Phone:
        phone = Phone(WireClient(f"http://127.0.0.1:{self.door.getsockname()[1]}"))  # type: ignore[arg-type]
        until(lambda: self.answers(phone), "the web answering")
        phone.enrol("volunteer", PASSWORD)
        return phone

    def answers(self, phone: Phone) -> bool:
        try:
            told = phone.client.open("/healthz", method="GET", headers={})
        except OSError:
            return False
        return told.status_code == 200

    def words(self) -> str:
        return "\n".join(each.read_text()[-2000:] for each in self.folder.glob("web-*.log"))


@pytest.fixture
def installation(
    make_postgres_database: Callable[..., str], redis_url: str, tmp_path: Path
) -> Iterator[Installation]:
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "LAKTHAN_ENV": "demo",
        "LAKTHAN_VAR": str(tmp_path / "var"), "DATABASE_URL": make_postgres_database(),
        "REDIS_URL": redis_url, "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    made = Installation(environ, tmp_path)
    yield made
    for each in made.running:
        each.kill()
        each.wait()
    made.door.close()


@pytest.mark.parametrize("revision", ["0007", "0008"])
def test_the_program_of_before_serves_while_its_tables_are_changed_and_then_the_new_one(
    installation: Installation, tmp_path: Path, revision: str
) -> None:
    old_program = program_before(revision, tmp_path / "before")
    installation.flask(old_program, "db", "upgrade")
    installation.flask(old_program, "demo")
    old = installation.serve(old_program)
    phones = [installation.phone() for _ in range(4)]
    centre = UUID(phones[0].account["centre_id"])
    with asking(phones, centre) as crowd:
        after(crowd, 20)
        installation.flask(ROOT, "db", "upgrade")
        after(crowd, 20)  # the old program on the new tables
        installation.serve(ROOT)
        after(crowd, 20)  # both
        old.terminate()
        assert old.wait(60) == 0
        after(crowd, 20)
    assert crowd.turned_away == {}, installation.words()
    url = installation.environ["DATABASE_URL"].replace("+psycopg", "")
    sent = [UUID(each["id"]) for each in crowd.sent]
    with psycopg.connect(url) as connection:
        kept = connection.execute("SELECT count(*) FROM visit WHERE id = ANY(%s)", [sent])
        assert kept.fetchone() == (len(sent),)
