"""`GET /api/v1/changes`: what is new in the phone's own area since it last asked."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, request

from app.audit.service import record
from app.devices.access import Phone, allow_device, current_device
from app.devices.answers import clock_facts
from app.devices.carried import note_carried
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.record import canonical_json
from app.shared.work import work
from app.sync.blueprint import bp
from app.sync.changes_sections import Asked, people_named, sections_for
from app.sync.cursor import digest_of, read_cursor, write_cursor
from app.web.compression import squeeze_text


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
    sections = sections_for(asked)
    texts = {name: _text(section) for name, section in sections.items()}
    digests = {name: digest_of(text) for name, text in texts.items()}
    changed = [name for name in texts if digests[name] != known.get(name)]
    due = {UUID(visit["visit_id"]) for visit in sections["due"]} if "due" in changed else None
    people = sum(people_named(name, sections[name]) for name in changed)
    _note_contacts(phone, people, due, instant)
    head = clock_facts(instant) | {"cursor": write_cursor(seed, phone.device_id, digests)}
    return _answer(head, {name: texts[name] for name in changed})


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
