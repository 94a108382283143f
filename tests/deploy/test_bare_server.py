"""A whole installation, from TLS at the door to the roles of the database; stopped in the middle.

The queue with its users and over TLS, the database with its roles, gunicorn on a socket that is
handed over, one worker for each queue, the clock, and Caddy before it: all as deploy/ says, in
production mode.
"""

from __future__ import annotations

import http.client
import io
import os
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyotp
import pytest
from flask import Flask
from PIL import Image
from redis import Redis
from sqlalchemy import func, select

from app import create_app
from app.accounts import one_time, recovery
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.packets.models import Packet
from app.photos.models import Photo
from app.shared.clock import Quarter, bangkok_day
from app.shared.db import db
from app.visits.models import Visit
from config import Settings
from tests.conftest import PASSWORD
from tests.deploy.bare_server import HOST, PROCESSES, BareServer, TlsClient
from tests.deploy.conftest import GuardedQueue
from tests.deploy.crowd import after, asking
from tests.deploy.places import DEPLOY
from tests.deploy.tls_relay import relay_with_tls
from tests.photos import makers
from tests.sync.phone_client import Phone, _tus
from tests.test_worker import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
RESTARTS = 3 if os.environ.get("LAKTHAN_FAULTS") == "full" else 1  # of each kind
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def installed(
    tmp_path: Path, filled_postgres: str, make_postgres_database: Callable[..., str],
    guarded_queue: GuardedQueue,
) -> Iterator[BareServer]:  # fmt: skip
    """Everything in its place, nothing started."""
    with Redis(port=guarded_queue.port, username="looker", password="x") as looker:
        looker.flushall()
    database = make_postgres_database(template=filled_postgres)
    give_to_the_owner(database)
    secrets = tmp_path / "secrets"
    shutil.copytree(guarded_queue.secrets, secrets)
    for path in secrets.glob("database_url_*"):
        role = path.read_text().partition("@")[0]
        path.write_text(f"{role}@{database.partition('@')[2]}")
    with relay_with_tls(guarded_queue.port, tmp_path) as relay:  # the wheel's queue knows no TLS
        for path in secrets.glob("redis_url_*"):
            told = path.read_text().strip().replace("redis://", "rediss://").rpartition("@")[0]
            path.write_text(f"{told}@localhost:{relay.port}/0?ssl_ca_certs={relay.authority}")
        server = BareServer(tmp_path, secrets)
        server.var.mkdir()
        server.open_the_socket()
        yield server
        server.end()


def give_to_the_owner(database: str) -> None:
    """As after `flask db upgrade`: tables are the owner's, rows the application's."""
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        roles = (DEPLOY / "postgres/roles.sql").read_bytes()
        connection.execute(roles)
        connection.execute("""DO $$ DECLARE each record; BEGIN
            FOR each IN SELECT relname FROM pg_class
                WHERE relkind IN ('r') AND relnamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %I OWNER TO lakthan_owner', each.relname);
            END LOOP;
            FOR each IN SELECT oid::regprocedure AS name FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND prolang <> 13 LOOP
                EXECUTE format('ALTER FUNCTION %s OWNER TO lakthan_owner', each.name);
            END LOOP; END $$""")
        connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))")
        connection.execute("GRANT SELECT ON alembic_version TO lakthan_app")
        connection.execute(roles)


@pytest.fixture
def inside(installed: BareServer) -> Iterator[Flask]:
    """A look into the same database and folder, as the application's role."""
    told = {path.name: path.read_text().strip() for path in installed.secrets.iterdir()}
    settings = Settings(
        env="test", secret_key=told["secret_key"], signing_key=told["signing_key"],
        database_url=told["database_url_app"], redis_url=told["redis_url_web"],
        var_dir=installed.var,
    )  # fmt: skip
    app = create_app(settings, send_job=lambda *_a, **_k: None)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def people(app: Flask) -> tuple[UUID, list[str]]:
    """A centre, its volunteer, and an officer with a second factor; real ones."""
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session()
        draft = CentreDraft("5606-001", "ศูนย์เรียนรู้ทดสอบ", "HLM3", "560601", 19.15, 100.27)
        centre = add_centre(session, draft, actor=None, now=now)
        volunteer = AccountDraft(
            "somsri", "สมศรี ใจดี", "volunteer", "560601", PASSWORD, centre_id=centre.id
        )
        add_account(session, volunteer, actor_id=None, now=now)
        officer = AccountDraft("malee", "มาลี ศรีสุข", "officer", "5606", PASSWORD)
        officer_id = add_account(session, officer, actor_id=None, now=now).id
        seed = app.config["SETTINGS"].signing_key
        one_time.confirm(
            session, officer_id, SECRET, pyotp.TOTP(SECRET).at(now), seed=seed, now=now
        )
        codes = recovery.make_codes(session, officer_id, seed=seed, now=now)
        session.commit()
        found = centre.id
        db.session.remove()
    return found, codes


def enrolled(server: BareServer) -> Phone:
    phone = Phone(TlsClient(server))  # type: ignore[arg-type]
    phone.enrol("somsri", PASSWORD)
    return phone


def announce(phone: Phone, centre: UUID, content: bytes) -> dict[str, Any]:
    """A visit and a photo of it, both receipted; the photo's bytes are still to come."""
    visit = phone.visit(centre)
    photo = phone.photo("visit", visit["id"], content)
    assert {result["status"] for result in phone.post([visit, photo])} == {"created"}
    return photo


def state_of(app: Flask, photo: dict[str, Any]) -> tuple[str, int]:
    with app.app_context():
        found = db.session.get(Photo, UUID(photo["id"]))
        told = (found.state, found.attempts) if found else ("absent", 0)
        db.session.remove()
    return told


def test_an_installation_takes_evidence_is_stopped_and_loses_nothing(
    installed: BareServer, inside: Flask, guarded_queue: GuardedQueue
) -> None:
    centre, codes = people(inside)
    guarded_queue.refused()
    installed.start(*PROCESSES)
    installed.start_proxy()
    installed.await_ready()

    phone = enrolled(installed)
    first, second = makers.jpeg(), makers.jpeg(quality=40) + b"\0" * 900_000
    photo = announce(phone, centre, first)
    assert phone.upload(photo["attachments"][0], first) == len(first)
    until(lambda: state_of(inside, photo)[0] == "processed", "the first photo processed")

    officer = TlsClient(installed)
    assert officer.submit("/sign-in", login="malee", password=PASSWORD).status_code == 303
    assert officer.submit("/sign-in/factor", code=codes.pop()).status_code == 303
    assert officer.get("/centres").status_code == 200
    assert all(name.startswith("__Host-") for name in officer.cookies), officer.cookies

    later = announce(phone, centre, second)
    assert 0 < phone.upload(later["attachments"][0], second, piece=300_000, pieces=1) < len(second)
    quarter = str(Quarter.of_day(bangkok_day(datetime.now(UTC))))
    asked = officer.submit("/packets/new", unit="district:5606", quarter=quarter)
    assert asked.status_code == 303, asked.text

    assert set(installed.stop(*PROCESSES).values()) == {0}
    installed.start(*PROCESSES)
    installed.await_ready()

    assert phone.upload(later["attachments"][0], second) == len(second)
    until(lambda: state_of(inside, later)[0] == "processed", "the second photo processed")
    until(lambda: packet_state(inside) in ("ready", "failed"), "the packet built")
    assert packet_state(inside) == "ready", installed.words()
    page = asked.headers["Location"]
    assert officer.get(page).status_code == 200  # signed in as before
    assert visits(inside) == 2
    assert guarded_queue.refused() == [], "a command that its user lacks"


def packet_state(app: Flask) -> str:
    with app.app_context():
        state = db.session.scalar(select(Packet.state))
        db.session.remove()
    return str(state)


def visits(app: Flask) -> int:
    with app.app_context():
        count = db.session.scalar(select(func.count(Visit.id)))
        db.session.remove()
    return int(count or 0)


def test_requests_and_jobs_in_hand_end_before_their_process_does(
    installed: BareServer, inside: Flask
) -> None:
    centre, _codes = people(inside)
    installed.start("web", "photos")
    installed.start_proxy()
    installed.await_ready()
    assert_only_tls_leads_in(installed)
    phone = enrolled(installed)
    target = io.BytesIO()
    Image.new("RGB", (7500, 7500), "green").save(target, "JPEG", progressive=True)
    slow = target.getvalue()
    photo = announce(phone, centre, slow)
    other = announce(phone, centre, makers.jpeg() + b"\0" * 3_000_000)

    phone.upload(photo["attachments"][0], slow)
    until(lambda: state_of(inside, photo) == ("received", 1), "a job in hand")
    assert installed.stop("photos") == {"photos": 0}
    assert state_of(inside, photo) == ("processed", 1)  # by the worker that was asked to stop

    content = makers.jpeg() + b"\0" * 3_000_000
    url, _offset = phone._create(other["attachments"][0], len(content))
    line = phone.client.line()  # type: ignore[attr-defined]
    line.putrequest("PATCH", url, skip_host=True)
    headers = _tus(0, content) | {
        "Host": HOST, "Authorization": f"Bearer {phone.token}", "Content-Length": str(len(content)),
    }  # fmt: skip
    del headers["Upload-Checksum"]  # what has one is kept whole or not at all
    for name, value in headers.items():
        line.putheader(name, value)
    line.endheaders()
    half = len(content) // 2
    line.send(content[:half])
    until(lambda: on_disk(installed) > half // 2, "half a request in hand")
    web = installed.running["web"]
    web.terminate()
    line.send(content[half:])
    answer = line.getresponse()
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(content)))
    line.close()
    assert installed.stop("web") == {"web": 0}

    # Who asks while the web is away waits in the socket's line, and is answered by the next.
    with closing(TlsClient(installed).line()) as waiting:
        waiting.request("GET", "/healthz", headers={"Host": HOST})
        installed.start("web")
        assert waiting.getresponse().status == 200


def on_disk(server: BareServer) -> int:
    """Bytes of uploads under way."""
    return sum(path.stat().st_size for path in server.var.rglob("*") if path.is_file())


def assert_only_tls_leads_in(installed: BareServer) -> None:
    """Nobody comes in the open; what is for machines inside is not seen from outside."""
    client = TlsClient(installed)
    answer = client.get("/sign-in")
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] is None
    token = (installed.secrets / "metrics_token").read_text().strip()
    told = {"Host": HOST, "Authorization": f"Bearer {token}"}
    assert client.open("/metrics", method="GET", headers=told).status_code == 404
    with closing(http.client.HTTPConnection(HOST)) as measurer:  # from inside it is there
        measurer.sock = socket.socket(socket.AF_UNIX)
        measurer.sock.connect(str(installed.folder / "web.sock"))
        measurer.request("GET", "/metrics", headers=told)
        assert b"lakthan_alarms" in measurer.getresponse().read()
    line = http.client.HTTPConnection("127.0.0.1", installed.https_port, timeout=10)
    line.request("GET", "/", headers={"Host": HOST})
    assert line.getresponse().status == 400
    line.close()
    stranger = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", installed.https_port)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        stranger.wrap_socket(plain, server_hostname=HOST)


def test_the_web_is_restarted_again_and_again_and_nobody_is_turned_away(
    installed: BareServer, inside: Flask
) -> None:
    """As `systemctl restart lakthan-web` does, then with the new one beside the old one."""
    centre, _codes = people(inside)
    installed.start("web")
    installed.start_proxy()
    installed.await_ready()
    phones = [enrolled(installed) for _ in range(4)]
    with asking(phones, centre) as crowd:
        for _ in range(RESTARTS):
            after(crowd, 4)
            assert installed.stop("web") == {"web": 0}
            installed.start("web")
            after(crowd, 4)
        for _ in range(RESTARTS):
            old, listened = installed.running["web"], times_listening(installed)
            installed.start("web")
            until(lambda n=listened: times_listening(installed) > n, "the new one listening, too")
            after(crowd, 4)
            old.terminate()
            assert old.wait(60) == 0
            after(crowd, 4)
    assert crowd.turned_away == {}, installed.words()
    assert crowd.told["200"] > 30
    assert visits(inside) == len(crowd.sent)


def times_listening(server: BareServer) -> int:
    """How often a web server has said that it listens."""
    return (server.folder / "web.log").read_text().count("Listening at")
