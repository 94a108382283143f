"""A phone was lost: out of use at once, and an incident that says who was on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.devices import codes
from app.devices.models import Device
from app.devices.queries import device_for
from app.devices.service import revoke
from app.incidents.models import DataKind, Incident
from app.incidents.on_phone import OnPhone, on_phone
from app.incidents.rules import IncidentDraft
from app.incidents.service import add_step, open_incident


def report_lost(
    session: Session, device_id: UUID, *, what: str, actor: Actor, now: datetime
) -> Incident:
    """Take the phone out of use and open an incident, in one transaction.

    Its token, its page sessions (and with them the pushes they take) and the codes that would
    enrol another phone for its account end at once.  `what` is the first sentence of the facts.
    Pressed twice it is one incident.

    Raises:
        NotFound: no such phone in the actor's area.
    """
    device = revoke(session, device_id, actor=actor, now=now)
    account = session.get_one(Account, device.account_id)
    codes.end_codes(session, account.id, now=now)
    known = _open_incident_of(session, device_id)
    if known is not None:
        return known
    found = on_phone(session, device, account, at=now)
    people = len(found.people)
    draft = IncidentDraft(
        "lost_phone", account.area_code, what, None, now, data_kinds=_data_kinds(found),
        n_people=people, n_records=len(found.visitors),
    )  # fmt: skip
    facts = found.counts | {
        "members": len(found.members), "stewards": len(found.stewards), "photos": found.photos,
        "unsent_records": found.unsent_records, "unsent_photos": found.unsent_photos,
        "heard_at": device.last_contact_at.isoformat(timespec="minutes"),
        "at_most": found.at_most,
    }  # fmt: skip
    return open_incident(session, draft, actor=actor, now=now, device_id=device_id, facts=facts)


def note_found(
    session: Session, incident: Incident, words: str | None, *, actor: Actor, now: datetime
) -> None:
    """Note that the phone came back.  It stays out of use until it is enrolled again."""
    add_step(session, incident, "found", actor=actor, now=now, words=words)


def phone_and_account(session: Session, actor: Actor, device_id: UUID) -> tuple[Device, Account]:
    """The phone with its account, if it lies in the actor's area.

    Raises:
        NotFound: it does not exist, or lies outside.
    """
    device = device_for(session, actor, device_id)
    return device, session.get_one(Account, device.account_id)


def _open_incident_of(session: Session, device_id: UUID) -> Incident | None:
    return session.scalars(
        select(Incident)
        .where(
            Incident.device_id == device_id,
            Incident.kind == "lost_phone",
            Incident.closed_at.is_(None),
        )
        .order_by(Incident.aware_at)
        .limit(1)
    ).one_or_none()


def _data_kinds(found: OnPhone) -> tuple[DataKind, ...]:
    there: dict[DataKind, bool] = {
        "name": bool(found.visitors or found.stewards),
        "phone": any(person.phone for person in found.people),
        "photo": bool(found.photos or found.unsent_photos),
        "position": bool(found.photos or found.unsent_photos),
        "member": bool(found.members),
        "account": True,  # whose phone it was
    }
    return tuple(kind for kind, there_is in there.items() if there_is)
