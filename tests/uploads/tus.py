"""A phone that sends attachments by tus, one request at a time, through Flask's own client."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.shared.ids import new_id

UPLOADS = "/api/v1/uploads"
OFFSET_STREAM = "application/offset+octet-stream"


def sha256_of(data: bytes) -> str:
    """As the metadata announces it."""
    return hashlib.sha256(data).hexdigest()


def metadata(**told: object) -> str:
    """An Upload-Metadata header."""
    return ",".join(
        f"{name} {b64encode(str(value).encode()).decode()}" for name, value in told.items()
    )


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    """An Upload-Checksum header."""
    return f"{algorithm} {b64encode(hashlib.new(algorithm, data).digest()).decode()}"


@dataclass
class TusPhone:
    """One enrolled phone."""

    client: FlaskClient
    token: str
    device_id: UUID
    account_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"}

    def create(
        self,
        data: bytes,
        attachment_id: UUID | None = None,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        **told: object,
    ) -> TestResponse:
        """Begin an upload of `data`, if asked with its first bytes."""
        about = {"attachment_id": attachment_id or new_id(), "sha256": sha256_of(data)} | told
        sent = self.headers | {
            "Upload-Length": str(len(data)),
            "Upload-Metadata": metadata(**about),
        }
        if body is not None:
            sent["Content-Type"] = OFFSET_STREAM
        return self.client.post(UPLOADS, data=body, headers=sent | (headers or {}))

    def begin(self, data: bytes, attachment_id: UUID | None = None, **told: object) -> str:
        """The same; returns the upload's address."""
        answer = self.create(data, attachment_id, **told)  # type: ignore[arg-type]
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def patch(self, url: str, offset: int, piece: bytes, **headers: str) -> TestResponse:
        """Send a piece."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Upload-Offset": str(offset), "Content-Type": OFFSET_STREAM}
        return self.client.patch(url, data=piece, headers=self.headers | sent | named)

    def head(self, url: str) -> TestResponse:
        """Ask how far it is."""
        return self.client.head(url, headers=self.headers)

    def drop(self, url: str) -> TestResponse:
        """Give it up."""
        return self.client.delete(url, headers=self.headers)

    def offset(self, url: str) -> int:
        """How far it is."""
        answer = self.head(url)
        assert answer.status_code == 200, answer.status
        return int(answer.headers["Upload-Offset"])

    def send(
        self, data: bytes, attachment_id: UUID | None = None, *, piece: int = 65_536, **told: object
    ) -> str:
        """All of it, as a phone on a good day; returns the upload's address."""
        url = self.begin(data, attachment_id, **told)
        for start in range(0, len(data), piece):
            part = data[start : start + piece]
            answer = self.patch(url, start, part, Upload_Checksum=checksum(part))
            assert answer.status_code == 204, answer.text
        return url
