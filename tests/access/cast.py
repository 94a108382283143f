"""Who asks, and for what: thirteen actors and one real object of every kind, all of one centre.

Everything belongs to centre 5606-001 of district 5606, or to that district, or to its volunteer.
Whatever names it bears `MARK` or `CENTRE_CODE`, so that it can be looked for in foreign answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.access import SECRET
from app.accounts.models import Account, SignIn
from app.accounts.rules import Actor
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.shared.clock import now
from app.shared.db import db
from tests.access import objects
from tests.conftest import NOW
from tests.devices.phones import enrolled

MARK = "หมายลับกข"  # in every name and every text of what is foreign to the others
CENTRE_CODE = "5606-001"


@dataclass(frozen=True)
class Part:
    """One account of the cast: its role, its area, and whether it keeps the marked centre."""

    role: str
    area: str
    centre: str | None = None


PEOPLE = {
    "volunteer": Part("volunteer", "560601", CENTRE_CODE),
    "other_volunteer": Part("volunteer", "560602", "5606-002"),
    "officer": Part("officer", "5606"),
    "other_officer": Part("officer", "5601"),
    "reviewer": Part("reviewer", "56"),
    "other_reviewer": Part("reviewer", "57"),
    "admin": Part("admin", "56"),
    "other_admin": Part("admin", "57"),
    "disabled": Part("officer", "5606"),
    "half_open": Part("officer", "5606"),
    "lapsed": Part("officer", "5606"),
}
PHONES = {"phone": "volunteer", "other_phone": "other_volunteer", "revoked_phone": "volunteer"}
SIGNED_IN = tuple(PEOPLE)[:8]
SHUT_OUT = ("disabled", "half_open", "lapsed", "nobody", "revoked_phone")
ACTORS = (*PEOPLE, *PHONES, "nobody")


@dataclass
class Cast:
    """The stage as the tests see it: how to ask as somebody, and what there is to ask for."""

    app: Flask
    people: dict[str, Actor] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)  # of browsers
    tokens: dict[str, str] = field(default_factory=dict)  # of phones
    devices: dict[str, UUID] = field(default_factory=dict)
    centres: dict[str, UUID] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)  # object -> arguments of URLs

    def client(self, who: str) -> FlaskClient:
        """A new browser, or a phone's program, of this actor."""
        if who in self.tokens:
            client = self.app.test_client(use_cookies=False)
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[who]}"
            client.environ_base["HTTP_TUS_RESUMABLE"] = "1.0.0"
            return client
        client = self.app.test_client()
        if who in self.secrets:
            with client.session_transaction() as cookie:
                cookie.permanent = True
                cookie[SECRET] = self.secrets[who]
        return client

    @property
    def centre(self) -> UUID:
        """The marked centre."""
        return self.centres[CENTRE_CODE]

    def ids(self) -> set[str]:
        """Every id that only the marked centre's people may meet."""
        return {value for named in self.things.values() for value in named.values()}


def put_on(app: Flask) -> Cast:
    """Fill the application's database and files; returns the cast."""
    cast = Cast(app)
    with app.app_context():
        session = db.session()
        _places(session, cast)
        _people(session, cast)
        session.commit()
        _phones(session, cast)
        session.commit()
        objects.put(app, session, cast, MARK)
        session.commit()
        db.session.remove()
    objects.hold(app, cast, MARK)
    with app.app_context():
        _ends(db.session(), cast)
        db.session.commit()
        db.session.remove()
    return cast


def _places(session: Session, cast: Cast) -> None:
    for code, area, lat, lon, name in (
        (CENTRE_CODE, "560601", 19.15, 100.27, f"ศูนย์เรียนรู้{MARK}"),
        ("5606-002", "560602", 19.25, 100.35, "ศูนย์เรียนรู้เพื่อนบ้าน"),
        ("5601-001", "560101", 19.17, 99.89, "ศูนย์เรียนรู้อำเภออื่น"),
    ):
        draft = CentreDraft(code, name, "HLM3", area, lat, lon)
        cast.centres[code] = add_centre(session, draft, actor=None, now=NOW).id


def _people(session: Session, cast: Cast) -> None:
    instant = now()
    for name, part in PEOPLE.items():
        account = Account(
            username=name, name=f"{MARK} {name}" if name == "volunteer" else f"Test {name}",
            role=part.role, area_code=part.area, is_demo=True, created_at=instant,
            centre_id=cast.centres[part.centre] if part.centre else None,
        )  # fmt: skip
        session.add(account)
        session.flush()
        cast.people[name] = Actor(
            account.id, account.role, account.area_code, account.centre_id, account.name
        )
        cast.secrets[name] = _session_of(session, account.id, name, instant)


def _session_of(session: Session, account_id: UUID, name: str, instant: datetime) -> str:
    secret = f"secret-of-{name}-{'x' * 30}"
    begun = instant - timedelta(days=400) if name == "lapsed" else instant
    session.add(
        SignIn(
            token_sha256=hashlib.sha256(secret.encode()).hexdigest(), account_id=account_id,
            started_at=begun, seen_at=begun, proved_at=begun, agent="Android · Chrome",
            stage="factor" if name == "half_open" else "open",
        )
    )  # fmt: skip
    session.flush()
    return secret


def _phones(session: Session, cast: Cast) -> None:
    for phone, who in PHONES.items():
        made = enrolled(session, cast.people[who].account_id, now(), install_id=objects.new_id())
        cast.tokens[phone], cast.devices[phone] = made.token, made.device.id
    cast.things["device"] = {"device_id": str(cast.devices["phone"])}


def _ends(session: Session, cast: Cast) -> None:
    """Whoever is shut out was in before: their cookies and tokens are real ones."""
    from app.devices.models import Device

    session.get_one(Account, cast.people["disabled"].account_id).disabled_at = now()
    session.get_one(Device, cast.devices["revoked_phone"]).revoked_at = now()
