"""What the reminders' tests share: a day, reports, and real servers that take mails and pushes."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import http_ece
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.reminders import jobs
from app.reminders.models import PushSubscription, Reminder
from app.review.models import Submission, SubmissionState
from app.rounds.calendar import occurrence_named
from app.rounds.programme import load_programme, programme_key
from app.shared.base64url import to_base64url
from app.shared.db import db
from tests.conftest import World

PLAN_DUE = date(2024, 2, 13)
AUTH = b"sixteen bytes ok"


def noon(day: date) -> datetime:
    """Noon in Bangkok on `day`."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


class EachAlone(FlaskClient):
    """A browser whose requests share nothing with the test's own application context."""

    def open(self, *given: Any, **named: Any) -> Any:
        """Send one request; who acted in the one before is forgotten."""
        if has_app_context():
            g.pop("actor", None)
        return super().open(*given, **named)


@pytest.fixture(autouse=True)
def each_request_alone(request: pytest.FixtureRequest) -> None:
    """Tests here look into tables between requests."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app").test_client_class = EachAlone


@dataclass
class Clock:
    """What the jobs take for the present."""

    instant: datetime

    def __call__(self) -> datetime:
        return self.instant

    def on(self, day: date) -> None:
        """Noon of this day."""
        self.instant = noon(day)

    def later(self, **delta: float) -> None:
        """So much later."""
        self.instant += timedelta(**delta)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A week before the plan is due; move it with `on` and `later`."""
    clock = Clock(noon(PLAN_DUE - timedelta(days=7)))
    monkeypatch.setattr(jobs, "now", clock)
    return clock


@pytest.fixture
def told(session: Session) -> Callable[..., list[tuple[str, str, int]]]:
    """A function: what an account was told of an occurrence, in order: kind, unit, step."""

    def of(account_id: UUID, occurrence: str = "plan") -> list[tuple[str, str, int]]:
        rows = session.scalars(
            select(Reminder)
            .where(Reminder.account_id == account_id, Reminder.occurrence == occurrence)
            .order_by(Reminder.made_at, Reminder.id)
            .execution_options(populate_existing=True)
        )
        found = [(row.kind, row.unit_code, row.days_before) for row in rows]
        session.commit()
        return found

    return of


def send_in(
    world: World, *, state: SubmissionState = "submitted", unit: str = "5606",
    occurrence: str = "plan", edition: int = 1, at: datetime | None = None,
) -> UUID:  # fmt: skip
    """A district's report as it would stand in the table; committed."""
    programme = load_programme()
    due = occurrence_named(programme, occurrence)
    assert due
    at = at or noon(PLAN_DUE - timedelta(days=7))
    row = Submission(
        programme=programme_key(programme), occurrence=occurrence, quarter=str(due.quarter),
        unit_code=unit, district_code=unit[:4], due_by=due.due_by, state=state, edition=edition,
        late=False, submitted_at=at, submitted_by=world["officer"].account_id,
        decided_at=None if state == "submitted" else at,
        decided_by=None if state == "submitted" else world["reviewer"].account_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row.id


@dataclass
class PushService:
    """A push service of one browser, which can read what it gets as that browser would."""

    port: int
    folder: Path
    browser: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    answers: list[int] = field(default_factory=list)  # statuses to come; then 201
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """As it stands in the list of services."""
        return f"localhost:{self.port}"

    @property
    def endpoint(self) -> str:
        """Where the browser takes pushes."""
        return f"https://{self.host}/push/abc"

    @property
    def keys(self) -> dict[str, str]:
        """As the browser tells them."""
        point = self.browser.public_key()
        raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": to_base64url(raw), "auth": to_base64url(AUTH)}

    @property
    def read(self) -> list[dict[str, str]]:
        """Every message so far, decrypted."""
        return [
            json.loads(http_ece.decrypt(body, private_key=self.browser, auth_secret=AUTH))
            for _headers, body in self.requests
        ]

    def subscribe(self, account_id: UUID, sign_in_sha256: str) -> None:
        """Let the account be told through this browser."""
        db.session.add(
            PushSubscription(
                account_id=account_id, sign_in_sha256=sign_in_sha256, endpoint=self.endpoint,
                made_at=noon(PLAN_DUE), **self.keys,
            )
        )  # fmt: skip
        db.session.commit()


@pytest.fixture
def push_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service behind real TLS on this machine, trusted by this process only."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "localhost")
    service = PushService(0, tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.requests.append((dict(self.headers.items()), body))
            status = service.answers.pop(0) if service.answers else 201
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "https://localhost/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        service.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield service
        server.shutdown()
        thread.join()


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(hours=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    return path


@dataclass
class Mailbox:
    """A mail server that keeps what it gets; `refuse` makes it say no to a recipient."""

    letters: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""
    signed_in: list[str] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient."""
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        """Take a letter."""
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, given: object
    ) -> AuthResult:
        """Let everybody in, and remember who it was."""
        assert isinstance(given, LoginPassword)
        self.signed_in.append(f"{given.login.decode()}:{given.password.decode()}")
        return AuthResult(success=True)


class _Controller(Controller):
    """Takes any free port, and knows which before it tries itself."""

    def _trigger_server(self) -> None:
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **asked: Any) -> Iterator[Mailbox]:
    """The mailbox behind a real server on a port of this machine."""
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, **asked)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A plain mail server."""
    with mail_server(Mailbox()) as mailbox:
        yield mailbox


def with_settings(app: Flask, **changed: Any) -> None:
    """Let the application run with these settings from now on."""
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update=changed)
