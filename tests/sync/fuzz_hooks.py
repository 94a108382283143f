"""What Schemathesis must know to speak for a phone: a token, formats, and things that exist.

Loaded through SCHEMATHESIS_HOOKS by tests/sync/fuzz.py, in the process that fuzzes.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import strategies as st

from app.rounds.programme import load_programme

LOGIN, PASSWORD = "fuzz.officer", "a long password for fuzzing"
API = os.environ["LAKTHAN_FUZZ_URL"] + "/api/v1"
CENTRE = os.environ["LAKTHAN_FUZZ_CENTRE"]
PIECE = "application/offset+octet-stream"
_NUMBERS = itertools.count(1)
_DEVICES: list[str] = []
_PROGRAMME = load_programme()


def _spelled(key: ec.EllipticCurvePublicKey) -> str:
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.urlsafe_b64encode(der).decode().rstrip("=")


_KEYS = [_spelled(ec.derive_private_key(n, ec.SECP256R1()).public_key()) for n in range(1, 5)]
_INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 2),  # noqa: DTZ001
    max_value=datetime(2399, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([timezone(timedelta(hours=hours)) for hours in (0, 7, -5)]),
).map(lambda moment: moment.isoformat(timespec="milliseconds"))
schemathesis.openapi.format("p256-public-key", st.sampled_from(_KEYS))
schemathesis.openapi.format("date-time", _INSTANTS)
# Anything but blanks and invisible characters alone; those the server takes for nothing.
_VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
schemathesis.openapi.format("visible-text", _VISIBLE)


@schemathesis.serializer(PIECE)
def as_bytes(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A piece of a file is what it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.auth(refresh_interval=None)
class PhoneToken:
    """A phone that is signed in; who signs out is another one, so that the rest can go on."""

    def get(self, case: schemathesis.Case, _context: schemathesis.AuthContext) -> str:
        return _enrol() if case.path == "/api/v1/devices/self" else _the_phone()

    def set(self, case: schemathesis.Case, data: str, _context: schemathesis.AuthContext) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@cache
def _the_phone() -> str:
    return _enrol()


def _enrol() -> str:
    body = {
        "install_id": f"01930c5e-7a00-7000-8000-{next(_NUMBERS):012x}",
        "label": "Fuzz", "app_version": "fuzz", "login": LOGIN, "password": PASSWORD,
    }  # fmt: skip
    answer = requests.post(f"{API}/devices", json=body, timeout=60).json()
    _DEVICES.append(answer["device_id"])
    return str(answer["token"])


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case, _kwargs: Any) -> None:
    """Many cases speak of what exists, or they would never get past the door."""
    if isinstance(case.body, dict | list):
        case.body = _whole(case.body)
    if not (case.meta is None or case.meta.generation.mode.is_positive):
        return
    if not isinstance(case.body, dict):
        return
    if case.path == "/api/v1/devices" and "login" in case.body and next(_NUMBERS) % 3:
        case.body |= {"login": LOGIN, "password": PASSWORD}
    if case.path == "/api/v1/devices/self/lost" and _DEVICES and next(_NUMBERS) % 2:
        case.body["device_id"] = _DEVICES[next(_NUMBERS) % len(_DEVICES)]
    for item in case.body.get("items") or ():
        _make_likely(item)


def _whole(value: Any) -> Any:
    """7.0 is an integer to JSON Schema; no phone writes it so, and our door wants it plain."""
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _make_likely(item: Any) -> None:
    """Give an item the ids and keys a real one has, here and there."""
    data = item.get("data") if isinstance(item, dict) else None
    if not isinstance(data, dict) or next(_NUMBERS) % 3 == 0:
        return
    if "id" in data:
        data["id"] = item.get("id")
    data.pop("device_id", None)
    likely = {
        "centre_id": CENTRE, "visit_date": "2024-02-13", "followed_on": "2024-03-13",
        "topics": ["water"], "outcomes": [], "sector": None, "origin_subdistrict_code": None,
        "method": "activity", "n_child": 0, "time_in": None,
    }  # fmt: skip
    data.update({name: value for name, value in likely.items() if name in data})
    if item.get("kind") == "visit" and "kind" in data:
        data["kind"] = _PROGRAMME.visit_kinds[0].key
    if data.get("subject_kind") == "centre":
        data["subject_id"] = CENTRE


@schemathesis.hook
def map_path_parameters(_context: schemathesis.HookContext, path_parameters: Any) -> Any:
    """Every other upload is one that was begun; four bytes of it are to come."""
    upload_id = (path_parameters or {}).get("upload_id")
    if not isinstance(upload_id, str) or len(upload_id) != 36 or next(_NUMBERS) % 2:
        return path_parameters
    words = {
        "attachment_id": f"01930c5e-7a00-7000-8000-{next(_NUMBERS):012x}",
        "sha256": hashlib.sha256(b"four").hexdigest(),
    }
    spelled = [f"{n} {base64.b64encode(v.encode()).decode()}" for n, v in words.items()]
    headers = {
        "Authorization": f"Bearer {_the_phone()}",
        "Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": ",".join(spelled),
    }  # fmt: skip
    answer = requests.post(f"{API}/uploads", headers=headers, timeout=60)
    begun = answer.headers.get("Location", "").rpartition("/")[2]
    return path_parameters | {"upload_id": begun or upload_id}  # 429 once there are too many
