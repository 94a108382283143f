"""The register is written: opened, judged, told, closed.  Every act is a step that stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.incidents.models import Action, Incident, IncidentStep, Risk
from app.incidents.rules import IncidentDraft
from app.shared.errors import DomainError


class IncidentClosed(DomainError):
    """The incident is closed; it must be opened again first."""

    code = "incident_closed"


class RiskNotJudged(DomainError):
    """Nobody has said yet how high the risk is, so it cannot be closed."""

    code = "risk_not_judged"


class PeopleNotTold(DomainError):
    """The risk is high, and those concerned, or the Commission, have not been told."""

    code = "people_not_told"


def open_incident(
    session: Session,
    draft: IncidentDraft,
    *,
    actor: Actor,
    now: datetime,
    device_id: UUID | None = None,
    facts: Mapping[str, object] | None = None,
) -> Incident:
    """Enter an incident that passed `rules.check_incident`; its clock runs from `aware_at`."""
    incident = Incident(**_columns(draft), device_id=device_id, recorded_by=actor.account_id)
    session.add(incident)
    session.flush()
    add_step(session, incident, "opened", actor=actor, now=now, facts=facts)
    return incident


def correct(
    session: Session, incident: Incident, draft: IncidentDraft, *, actor: Actor, now: datetime
) -> None:
    """Write down what is known better now; the step names what changed and what stood there.

    Raises:
        IncidentClosed: it must be opened again first.
    """
    _check_open(incident)
    changed = {
        name: getattr(incident, name)
        for name, value in _columns(draft).items()
        if getattr(incident, name) != value
    }
    for name, value in _columns(draft).items():
        setattr(incident, name, value)
    if changed:
        before = {name: _plain(value) for name, value in changed.items()}
        add_step(session, incident, "corrected", actor=actor, now=now, facts={"before": before})


def add_step(
    session: Session,
    incident: Incident,
    action: Action,
    *,
    actor: Actor,
    now: datetime,
    words: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Append one step, and note it in the audit log without its words."""
    session.add(
        IncidentStep(
            incident_id=incident.id, at=now, by=actor.account_id, action=action, words=words,
            facts=dict(facts or {}),
        )
    )  # fmt: skip
    record(
        session, actor_id=actor.account_id, action=f"incident.{action}", kind="incident",
        object_id=incident.id, now=now,
    )  # fmt: skip
    session.flush()


def judge(
    session: Session, incident: Incident, risk: Risk, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Say how high the risk for the people concerned is, and why.

    Raises:
        IncidentClosed: it must be opened again first.
    """
    _check_open(incident)
    incident.risk = risk
    add_step(session, incident, "judged", actor=actor, now=now, words=reason, facts={"risk": risk})


def told(
    session: Session,
    incident: Incident,
    whom: Action,
    at: datetime,
    words: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note when the Commission (`told_office`) or those concerned (`told_people`) were told, how.

    Raises:
        IncidentClosed: it must be opened again first.
    """
    _check_open(incident)
    setattr(incident, f"{whom}_at", at)
    facts = {"at": at.isoformat(timespec="minutes")}
    add_step(session, incident, whom, actor=actor, now=now, words=words, facts=facts)


def close(
    session: Session, incident: Incident, reason: str, *, actor: Actor, now: datetime
) -> None:
    """End the incident.  Twice is harmless.

    Raises:
        RiskNotJudged: nobody has judged the risk.
        PeopleNotTold: the judgement asks for telling somebody who was not told.
    """
    if incident.closed_at:
        return
    if incident.risk == "unknown":
        raise RiskNotJudged
    office_waits = incident.risk != "none" and incident.told_office_at is None
    people_wait = incident.risk == "high" and incident.told_people_at is None
    if office_waits or people_wait:
        raise PeopleNotTold
    incident.closed_at = now
    add_step(session, incident, "closed", actor=actor, now=now, words=reason)


def reopen(
    session: Session, incident: Incident, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take it up again: something new came to light.  Twice is harmless."""
    if incident.closed_at is None:
        return
    incident.closed_at = None
    add_step(session, incident, "reopened", actor=actor, now=now, words=reason)


def _check_open(incident: Incident) -> None:
    if incident.closed_at:
        raise IncidentClosed


def _columns(draft: IncidentDraft) -> dict[str, object]:
    return asdict(draft) | {"data_kinds": list(draft.data_kinds)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value
