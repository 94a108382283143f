"""What the server tells a phone, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Response, current_app

from app.accounts.rules import Actor
from app.accounts.service import actor_of
from app.devices.access import API_HEADER, API_VERSION
from app.devices.enrolment import Enrolled
from app.devices.models import Device
from app.devices.nonce import make_nonce
from app.devices.signing import key_id, public_key_of
from app.shared.base64url import to_base64url
from app.shared.canonical import canonical_json
from app.web.nav import place_of
from config import Settings


def api_answer(body: Mapping[str, object], status: int = 200) -> Response:
    """An answer that a phone takes for ours.  Ids and instants get their one spelling."""
    text = canonical_json(body)
    headers = {API_HEADER: API_VERSION, "Cache-Control": "no-store"}
    return Response(text, status, headers, content_type="application/json")


def clock_facts(now: datetime) -> dict[str, object]:
    """What every answer carries: our time, and a nonce for the next captures."""
    settings: Settings = current_app.config["SETTINGS"]
    return {"server_time": now, "nonce": make_nonce(settings.signing_key, now)}


def account_facts(actor: Actor) -> dict[str, object]:
    """Whom the phone records for."""
    return {
        "id": actor.account_id,
        "name": actor.name,
        "role": actor.role,
        "area_code": actor.area_code,
        "centre_id": actor.centre_id,
        "place": place_of(actor),
    }


def enrolled_facts(done: Enrolled, earlier: Sequence[Device], now: datetime) -> dict[str, object]:
    """All a phone needs to begin: its token and locker, who it is for, and our public key."""
    settings: Settings = current_app.config["SETTINGS"]
    return clock_facts(now) | {
        "device_id": done.device.id,
        "key_id": done.key_id,
        "token": done.token,
        "locker": to_base64url(done.locker),
        "account": account_facts(actor_of(done.account)),
        "server_key": public_key_of(settings.signing_key),
        "server_key_id": key_id(settings.signing_key),
        "programme": current_app.config["PROGRAMME"],
        "earlier": [_earlier_facts(device) for device in earlier],
    }


def _earlier_facts(device: Device) -> dict[str, object]:
    return {
        "device_id": device.id,
        "label": device.label,
        "unsent_records": device.unsent_records,
        "unsent_photos": device.unsent_photos,
        "oldest_unsent_at": device.oldest_unsent_at,
        "last_contact_at": device.last_contact_at,
    }
