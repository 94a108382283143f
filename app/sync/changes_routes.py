"""`GET /api/v1/changes`: what is new in the phone's own area since it last asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, request

from app.audit.service import record
from app.devices.access import Phone, allow_device, current_device
from app.devices.answers import clock_facts
from app.devices.carried import note_carried
from app.rounds.programme import load_programme
from app.shared.canonical import canonical_json
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import work
from app.sync.blueprint import bp
from app.sync.changes_rounds import calendar_told
from app.sync.changes_sections import Asked, people_named, section_for
from app.sync.changes_stamps import stamp_of, stamps_for
from app.sync.cursor import (
    DIGEST_BYTES,
    SECTIONS,
    Known,
    digest_of,
    read_cursor,
    write_cursor,
)
from app.web.compression import squeeze_text

_WITHOUT_STAMP = ("account", "programme")  # told without asking for more than one row


@bp.get("/changes")
@allow_device
def changes() -> Response:
    """The sections that differ from what the phone has, each whole.

    A phone that lost its answer asks again with its old cursor and gets the same again.
    """
    phone, instant = current_device(), now()
    seed = current_app.config["SETTINGS"].signing_key
    since = request.args.get("since")
    known = read_cursor(seed, phone.device_id, since) if since else {}
    asked = Asked(db.session(), phone.actor, bangkok_day(instant), load_programme())
    told = _told_anew(asked, known)
    changed = {name: one for name, one in told.items() if one.digest != _digest(known.get(name))}
    due = (
        {UUID(visit["visit_id"]) for visit in changed["due"].section} if "due" in changed else None
    )
    people = sum(people_named(name, one.section) for name, one in changed.items())
    _note_contacts(phone, people, due, instant)
    has = known | {name: Known(one.digest, one.stamp) for name, one in told.items()}
    head = clock_facts(instant) | {"cursor": write_cursor(seed, phone.device_id, has)}
    return _answer(head, {name: one.text for name, one in changed.items()})


@dataclass(frozen=True, slots=True)
class _Told:
    """A section as it is now."""

    section: Any
    text: str
    digest: bytes
    stamp: bytes


def _told_anew(asked: Asked, known: Mapping[str, Known]) -> dict[str, _Told]:
    """The sections of which something may have changed since the phone was told them."""
    found = {name: _told(section_for(asked, name)) for name in _WITHOUT_STAMP}
    calendar = _text(calendar_told(asked.programme, asked.today))
    version, day, actor = current_app.config["VERSION"], str(asked.today), repr(asked.actor)
    beside = stamp_of(version, day, actor, calendar, found["programme"].text)
    stamps = stamps_for(asked, beside.hex())
    for name, stamp in stamps.items():
        had = known.get(name)
        if had is None or had.stamp != stamp:
            found[name] = _told(section_for(asked, name), stamp)
    return {name: found[name] for name in SECTIONS if name in found}


def _told(section: Any, stamp: bytes = bytes(DIGEST_BYTES)) -> _Told:
    text = _text(section)
    return _Told(section, text, digest_of(text), stamp)


def _digest(known: Known | None) -> bytes:
    return known.digest if known else b""


def _note_contacts(phone: Phone, people: int, due: set[UUID] | None, instant: datetime) -> None:
    """Names and numbers are about to leave for a phone: the log keeps whose phone (PDPA 37), and
    the phone's own list whose names, so that a lost phone can be answered for.
    """
    if not people and due is None:
        return
    with work() as w:
        if due is not None:
            note_carried(w.session, phone.device_id, due, now=instant)
        if not people:
            return
        record(
            w.session, actor_id=phone.actor.account_id, action="contacts.pulled", kind="device",
            object_id=phone.device_id, now=instant, facts={"count": people},
        )  # fmt: skip


def _answer(head: dict[str, object], texts: dict[str, str]) -> Response:
    """Joined from the very texts that were digested: what the cursor says is what was sent."""
    sections = ",".join(f'"{name}":{text}' for name, text in texts.items())
    body = f'{canonical_json(head)[:-1]},"sections":{{{sections}}}}}'
    return squeeze_text(Response(body, mimetype="application/json"))  # a village's line is thin


def _text(value: Any) -> str:
    """Five times as quick as canonical JSON, and all it must be is the same each time."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
