"""Reading the register, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.devices.models import Device
from app.incidents.models import Incident, IncidentStep
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of

DESKS = ("officer", "reviewer", "admin")


def incidents_in_scope(actor: Actor) -> Select[Incident]:
    """Every incident the actor may see: of their area, and for volunteers none.

    A province's own incident (area `56`) is above a district, so its officers do not see it.
    """
    chosen = select(Incident)
    if actor.role not in DESKS:
        return chosen.where(Incident.id.is_(None))
    if not actor.area_code:
        return chosen
    return chosen.where(Incident.area_code.startswith(actor.area_code, autoescape=True))


def incident_for(session: Session, actor: Actor, incident_id: UUID) -> Incident:
    """The incident, if the actor may see it.

    Raises:
        NotFound: it does not exist, or lies outside the actor's area.
    """
    wanted = incidents_in_scope(actor).where(Incident.id == incident_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound(kind="incident")
    return found


def list_incidents(
    session: Session, actor: Actor, *, closed: bool, after: str | None = None
) -> Page[Incident]:
    """One page of the register, the newest awareness first.  Raises BadCursor."""
    ended = Incident.closed_at.is_not(None) if closed else Incident.closed_at.is_(None)
    key = (Incident.aware_at, Incident.id)
    statement = incidents_in_scope(actor).where(ended)
    return page_of(session, statement, key, after=after, descending=True)


def counts(session: Session, actor: Actor) -> tuple[int, int]:
    """How many incidents are open, and how many closed."""
    of_actor = incidents_in_scope(actor).with_only_columns(
        func.count().filter(Incident.closed_at.is_(None)),
        func.count().filter(Incident.closed_at.is_not(None)),
    )
    row = session.execute(of_actor).one()
    return int(row[0]), int(row[1])


def waiting(session: Session, actor: Actor, *, most: int) -> Sequence[Incident]:
    """Open incidents that the Commission or those concerned may still have to hear of.

    The most urgent, at most `most`.
    """
    return session.scalars(
        incidents_in_scope(actor)
        .where(
            Incident.closed_at.is_(None),
            (Incident.told_office_at.is_(None) & (Incident.risk != "none"))
            | ((Incident.risk == "high") & Incident.told_people_at.is_(None)),
        )
        .order_by(Incident.aware_at, Incident.id)
        .limit(most)
    ).all()


def steps_of(session: Session, incident_id: UUID) -> Sequence[tuple[IncidentStep, str]]:
    """What was done, in its order, each with the name of who did it."""
    rows = session.execute(
        select(IncidentStep, Account.name)
        .join(Account, Account.id == IncidentStep.by)
        .where(IncidentStep.incident_id == incident_id)
        .order_by(IncidentStep.at, IncidentStep.id)
    )
    return [(step, name) for step, name in rows]


def phone_of(session: Session, incident: Incident) -> tuple[Device, Account] | None:
    """The phone that was lost, and whose it was."""
    if incident.device_id is None:
        return None
    return session.execute(
        select(Device, Account)
        .join(Account, Account.id == Device.account_id)
        .where(Device.id == incident.device_id)
    ).one_or_none()


def incidents_of_phone(session: Session, device_id: UUID) -> Sequence[Incident]:
    """What the register holds of a phone, newest first; the caller has checked its scope."""
    return session.scalars(
        select(Incident)
        .where(Incident.device_id == device_id)
        .order_by(Incident.aware_at.desc(), Incident.id.desc())
    ).all()
