"""A phone without a screen: speaks the API as `docs/api.md` says it, through any Flask client.

It builds items, signs what it captures with a P-256 key of its own, and believes no answer: a
receipt counts only with the echoed id and digest and the server's signature over it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.rounds.programme import load_programme
from app.shared.canonical import canonical_json
from app.shared.clock import bangkok_day
from app.shared.ids import new_id

Item = dict[str, Any]
RECEIPTED = frozenset({"created", "known", "pending", "conflict"})
PIECE_BYTES = 1024 * 1024
API = "/api/v1"


class Refused(AssertionError):
    """The server answered otherwise than this call expects."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__(f"{answer.status_code}: {answer.text[:600]}")
        self.status = answer.status_code
        self.code = (answer.get_json(silent=True, force=True) or {}).get("code")


@dataclass
class Phone:
    """One browser's storage with one account signed in."""

    client: FlaskClient
    install_id: UUID = field(default_factory=new_id)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    device_id: str = ""
    key_id: str | None = None
    token: str = ""
    server_key: str = ""
    nonce: str = ""
    cursor: str | None = None
    beat: str | None = None
    account: dict[str, Any] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)  # the sections as pulled

    # --- the day, in order ---------------------------------------------------------------

    def enrol(self, login: str, password: str, **more: Any) -> dict[str, Any]:
        """Sign in on this phone; keeps token, keys and nonce."""
        body = {
            "install_id": str(self.install_id),
            "label": "Android · Chrome",
            "app_version": "test",
            "public_key": self.public_key,
            "login": login,
            "password": password,
        }
        answer = self._json(self.send("POST", "/devices", json=body | more), 201)
        self.device_id, self.key_id = answer["device_id"], answer["key_id"]
        self.token, self.server_key = answer["token"], answer["server_key"]
        self.nonce, self.account, self.cursor, self.held = (
            answer["nonce"],
            answer["account"],
            None,
            {},
        )
        return answer

    def sign_out(self) -> None:
        """The token is worth nothing any more; what the phone holds stays on it."""
        self._expect(self.send("DELETE", "/devices/self"), 204)
        self.token = ""

    def heartbeat(self, **facts: Any) -> dict[str, Any]:
        """Say how much waits; brings the last beat and keeps the new one."""
        body = {
            "unsent_records": 0, "unsent_photos": 0, "unsent_bytes": 0, "oldest_unsent_at": None,
            "storage_left_bytes": None, "storage_persisted": None, "app_version": "test",
            "device_time": _instant(datetime.now(UTC)), "beat": self.beat,
        }  # fmt: skip
        answer = self._json(self.send("POST", "/heartbeat", json=body | facts), 200)
        self.beat, self.nonce = answer["beat"], answer["nonce"]
        return answer

    def pull(self) -> dict[str, Any]:
        """Ask what is new; replaces whole sections.  Returns those that came."""
        query = {"since": self.cursor} if self.cursor else {}
        answer = self._json(self.send("GET", "/changes", query_string=query), 200)
        self.cursor, self.nonce = answer["cursor"], answer["nonce"]
        self.held |= answer["sections"]
        return dict(answer["sections"])

    def post(self, items: Sequence[Item]) -> list[dict[str, Any]]:
        """Send a batch as it is; every result is checked against the item it answers."""
        body = {"items": list(items), "device_time": _instant(datetime.now(UTC))}
        answer = self._json(self.send("POST", "/records", json=body), 200)
        self.nonce = answer["nonce"]
        assert len(answer["results"]) == len(items), answer
        for item, result in zip(items, answer["results"], strict=True):
            self.check(item, result)
        return list(answer["results"])

    def put(self, item: Item) -> dict[str, Any]:
        """Send one item."""
        return self.post([item])[0]

    def upload(
        self,
        attachment: Mapping[str, Any],
        content: bytes,
        *,
        piece: int = PIECE_BYTES,
        pieces: int | None = None,
    ) -> int:
        """Send a photo's bytes by tus, from where the server is; at most `pieces` of them.

        Returns how many bytes the server has.
        """
        url, offset = self._create(attachment, len(content))
        sent = 0
        while offset < len(content) and (pieces is None or sent < pieces):
            part = content[offset : offset + piece]
            answer = self.send("PATCH", url, data=part, headers=_tus(offset, part))
            self._expect(answer, 204)
            offset, sent = int(answer.headers["Upload-Offset"]), sent + 1
        return offset

    # --- items ---------------------------------------------------------------------------

    def visit(self, centre_id: object, **facts: Any) -> Item:
        """A new entry of the visitor book: an ordinary school group, but for `facts`."""
        return self.item("visit", "create", self.visit_data(centre_id, **facts))

    def visit_data(self, centre_id: object, **facts: Any) -> dict[str, Any]:
        """An entry as the API takes it."""
        return captured() | {
            "centre_id": str(centre_id), "visit_date": today().isoformat(), "time_in": None,
            "time_out": None, "kind": "study", "group_name": "โรงเรียนบ้านควร",
            "sector": "students", "origin_subdistrict_code": None, "origin_text": None,
            "n_male": 20, "n_female": 22, "n_other": 0, "n_child": 20,
            "topics": ["water", "mulch"], "trainer": None, "satisfaction": None,
            "suggestion": None, "consent_followup": True, "consent_photo": False,
            "leader_name": "ครูสมศรี ใจดี", "phone": "0812345678",
        } | facts  # fmt: skip

    def followup(self, visit_id: object, **facts: Any) -> Item:
        """A new check: four of ten use it, but for `facts`."""
        return self.item("followup", "create", self.followup_data(visit_id, **facts))

    def followup_data(self, visit_id: object, **facts: Any) -> dict[str, Any]:
        """A check as the API takes it."""
        return captured() | {
            "visit_id": str(visit_id), "followed_on": today().isoformat(), "method": "phone",
            "used": "used", "n_followed": 10, "n_used": 4, "step_months": None, "topics": [],
            "outcomes": [], "plot_rai": None, "baht_saved_month": None,
            "baht_earned_month": None, "passed_on_to": None, "reason": None, "next_step": None,
            "next_due_on": None,
        } | facts  # fmt: skip

    def photo(self, kind: str, subject_id: object, content: bytes, **facts: Any) -> Item:
        """A new photo, announced: its bytes follow by `upload`."""
        data = captured() | {
            "subject_kind": kind, "subject_id": str(subject_id), "caption": None,
            "source": "camera", "file_name": None,
        } | facts  # fmt: skip
        attachment = {
            "id": data["id"],
            "role": "original",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "type": "image/jpeg",
        }
        return self.item("photo", "create", data, attachments=[attachment])

    def edit(self, kind: str, data: Mapping[str, Any], base_version: int) -> Item:
        """A correction of what was read as `base_version`."""
        return self.item(kind, "edit", dict(data), base_version=base_version)

    def delete(self, kind: str, record_id: object, base_version: int, reason: str) -> Item:
        """A striking-out of what was read as `base_version`."""
        data = {"reason": reason}
        return self.item(kind, "delete", data, record_id=record_id, base_version=base_version)

    def item(
        self,
        kind: str,
        op: str,
        data: dict[str, Any],
        *,
        record_id: object = None,
        base_version: int | None = None,
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> Item:
        """One item, signed by this phone with the newest nonce it has."""
        item: Item = {
            "kind": kind, "op": op, "id": str(record_id or data["id"]),
            "base_version": base_version, "data": data, "attachments": list(attachments),
        }  # fmt: skip
        return item | {"captured": self.sign(item)}

    def sign(self, item: Item) -> dict[str, Any] | None:
        """The proof that this phone captured the item after the newest nonce was given out."""
        if self.key_id is None:
            return None
        text = f"lakthan-capture-1\n{item['kind']}\n{item['id']}\n{item_sha256(item)}\n{self.nonce}"
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(32) + s.to_bytes(32)
        return {"nonce": self.nonce, "key_id": self.key_id, "signature": _b64(raw)}

    @property
    def public_key(self) -> str:
        """What the server is told of the signing key."""
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        return _b64(self.key.public_key().public_bytes(*form))

    # --- believing ------------------------------------------------------------------------

    def check(self, item: Item, result: Mapping[str, Any]) -> None:
        """Every reason not to believe a result; AssertionError with the first."""
        if result["status"] in ("malformed", "invalid", "refused"):
            assert result["receipt"] is None, result
            return
        assert result["status"] in RECEIPTED, result
        said = {name: result[name] for name in ("id", "kind", "op")}
        assert said == {name: item[name] for name in said}, result
        assert result["item_sha256"] == item_sha256(item), result
        claims = result["receipt"]
        assert claims["item_sha256"] == result["item_sha256"], result
        assert claims["id"] == item["id"], result
        assert claims["status"] == result["status"], result
        assert claims["device_id"] == self.device_id, result
        key = Ed25519PublicKey.from_public_bytes(_unb64(self.server_key))
        key.verify(_unb64(result["signature"]), canonical_json(claims).encode())

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """One request with the bearer and nothing else; no cookie ever leaves this client."""
        headers = dict(kwargs.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        url = path if path.startswith(API) else API + path
        return self.client.open(url, method=method, headers=headers, **kwargs)

    def _create(self, attachment: Mapping[str, Any], size: int) -> tuple[str, int]:
        told = {"attachment_id": attachment["id"], "sha256": attachment["sha256"],
                "role": attachment.get("role", "original")}  # fmt: skip
        words = [f"{name} {base64.b64encode(str(v).encode()).decode()}" for name, v in told.items()]
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(size),
            "Upload-Metadata": ",".join(words),
        }
        answer = self.send("POST", "/uploads", headers=headers)
        self._expect(answer, 201)
        path = API + answer.headers["Location"].partition(API)[2]
        if "Upload-Offset" in answer.headers:
            return path, int(answer.headers["Upload-Offset"])
        return path, 0

    @staticmethod
    def _expect(answer: TestResponse, status: int) -> None:
        if answer.status_code != status:
            raise Refused(answer)
        assert answer.headers["Lakthan-Api"] == "1", answer.headers

    def _json(self, answer: TestResponse, status: int) -> dict[str, Any]:
        self._expect(answer, status)
        assert answer.mimetype == "application/json", answer.headers
        assert answer.headers["Cache-Control"] == "no-store", answer.headers
        return dict(json.loads(answer.text))


def item_sha256(item: Mapping[str, Any]) -> str:
    """The digest both sides make of an item."""
    named = {n: item.get(n) for n in ("kind", "op", "id", "base_version", "data")}
    named["attachments"] = item.get("attachments") or []
    return hashlib.sha256(canonical_json(named).encode()).hexdigest()


def captured() -> dict[str, Any]:
    """A new id and the circumstances it was written in."""
    return {
        "id": str(new_id()),
        "captured_at": _instant(datetime.now(UTC)),
        "device_id": None,
        "clock_skew_s": None,
        "position": {
            "lat": 19.15, "lon": 100.27, "accuracy_m": 12.5, "fix_age_s": 3, "source": "device",
        },
        "programme_version": load_programme().name,
    }  # fmt: skip


def _tus(offset: int, part: bytes) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {digest}",
        "Content-Type": "application/offset+octet-stream",
    }


def today() -> date:
    """Bangkok's day."""
    return bangkok_day(datetime.now(UTC))


def _instant(moment: datetime) -> str:
    on_a_thai_clock = moment.astimezone(UTC) + timedelta(hours=7)
    return on_a_thai_clock.replace(tzinfo=None).isoformat(timespec="milliseconds") + "+07:00"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
