"""A phone as the server sees one: a storage with its id, a key, a token and a last beat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.devices.draft import Heartbeat, PhoneDraft
from app.devices.enrolment import Enrolled, enrol
from app.shared.base64url import to_base64url
from app.shared.ids import new_id
from tests.conftest import NOW, PASSWORD

SEED = "A" * 43  # of tests/conftest.py's settings


def new_public_key() -> bytes:
    """A P-256 key's public half, DER."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def make_phone(**changed: Any) -> PhoneDraft:
    """What a phone says of itself when it enrols."""
    said: dict[str, Any] = {
        "install_id": new_id(), "label": "Android · Chrome", "app_version": "0.1.0",
        "public_key": None,
    }  # fmt: skip
    return PhoneDraft(**(said | changed))


def make_heartbeat(**changed: Any) -> Heartbeat:
    """A healthy phone's heartbeat with nothing unsent."""
    said: dict[str, Any] = {
        "unsent_records": 0, "unsent_photos": 0, "unsent_bytes": 0, "oldest_unsent_at": None,
        "storage_left_bytes": 5_000_000_000, "storage_persisted": True, "app_version": "0.1.0",
        "device_time": NOW, "beat": None,
    }  # fmt: skip
    return Heartbeat(**(said | changed))


def enrolled(session: Session, account_id: UUID, now: datetime = NOW, **changed: Any) -> Enrolled:
    """A phone of the account, enrolled."""
    return enrol(session, make_phone(**changed), account_id, seed=SEED, now=now)


@dataclass
class ApiPhone:
    """The same through the API, as JSON."""

    client: FlaskClient
    install_id: UUID = field(default_factory=new_id)
    public_key: bytes = field(default_factory=new_public_key)
    answer: dict[str, Any] = field(default_factory=dict)
    beat: str | None = None

    def asks(self, **proof: Any) -> dict[str, Any]:
        """The body of an enrolment."""
        return {
            "install_id": str(self.install_id),
            "label": "Android · Chrome",
            "app_version": "0.1.0",
            "public_key": to_base64url(self.public_key),
            **proof,
        }

    def enrol(self, login: str = "volunteer", **proof: Any) -> TestResponse:
        """Enrol with the test password, or with what is given."""
        proof = proof if "code" in proof else {"login": login, "password": PASSWORD} | proof
        answer = self.client.post("/api/v1/devices", json=self.asks(**proof))
        if answer.status_code == 201:
            self.answer, self.beat = answer.json, None
        return answer

    @property
    def bearer(self) -> dict[str, str]:
        """The header that says which phone this is."""
        return {"Authorization": f"Bearer {self.answer['token']}"}

    def heartbeat(self, **changed: Any) -> TestResponse:
        """Send a heartbeat with the last beat; remember the new one."""
        said = {
            "unsent_records": 0, "unsent_photos": 0, "unsent_bytes": 0, "oldest_unsent_at": None,
            "storage_left_bytes": 5_000_000_000, "storage_persisted": True,
            "app_version": "0.1.0", "device_time": datetime.now(UTC).isoformat(),
            "beat": self.beat,
        }  # fmt: skip
        answer = self.client.post("/api/v1/heartbeat", json=said | changed, headers=self.bearer)
        if answer.status_code == 200:
            self.beat = answer.json["beat"]
        return answer


def api_phone(app: Flask, login: str | None = "volunteer") -> ApiPhone:
    """A phone with a browser of its own, enrolled unless `login` is None."""
    phone = ApiPhone(app.test_client())
    if login:
        answer = phone.enrol(login)
        assert answer.status_code == 201, answer.text
    return phone
