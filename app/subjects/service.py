"""Requests of people about their data: written down, decided with the reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.shared.errors import DomainError
from app.shared.ids import new_id
from app.subjects.forgetting import blank_decided
from app.subjects.models import RequestKind, SubjectRequest, Via
from app.subjects.queries import request_for
from app.subjects.rules import due_on


class RequestDecided(DomainError):
    """Somebody decided about it already."""

    code = "request_decided"


def open_request(
    session: Session,
    *,
    kind: RequestKind,
    via: Via,
    area_code: str,
    visit_id: UUID | None,
    asked: str | None,
    contact: str | None,
    recorded_by: UUID | None,
    now: datetime,
    received_at: datetime | None = None,
) -> SubjectRequest:
    """Write a request down: it waits for the desk of `area_code`, thirty days at most.  Flushes.

    `recorded_by` is None where the person asked themselves, with their code.  `received_at`:
    when it came, if that was earlier; the thirty days count from then.  The audit log gets its
    kind and way, none of its words.
    """
    came = min(received_at or now, now)
    request = SubjectRequest(
        id=new_id(), kind=kind, via=via, area_code=area_code, visit_id=visit_id, asked=asked,
        contact=contact, received_at=came, due_on=due_on(came), recorded_by=recorded_by,
        state="open",
    )  # fmt: skip
    session.add(request)
    record(
        session, actor_id=recorded_by, action="request.opened", kind="subject_request",
        object_id=request.id, now=now, facts={"kind": kind, "via": via},
    )  # fmt: skip
    session.flush()
    return request


def note_done(
    session: Session, kind: RequestKind, *, area_code: str, visit_id: UUID, now: datetime
) -> SubjectRequest:
    """Enter in the register what a person did themselves, with their code.  Flushes."""
    request = open_request(
        session, kind=kind, via="code", area_code=area_code, visit_id=visit_id, asked=None,
        contact=None, recorded_by=None, now=now,
    )  # fmt: skip
    _decide(session, request, done=True, decision=None, decided_by=None, now=now)
    return request


def decide(
    session: Session,
    request_id: UUID,
    *,
    done: bool,
    decision: str,
    actor: Actor,
    now: datetime,
) -> SubjectRequest:
    """Close a request with what was done, or why not (section 39(7) wants refusals kept).

    Raises:
        NotFound: no such request for this actor.
        RequestDecided: somebody was quicker.
    """
    request = request_for(session, actor, request_id, lock=True)
    if request.state != "open":
        raise RequestDecided
    _decide(session, request, done=done, decision=decision, decided_by=actor.account_id, now=now)
    return request


def _decide(
    session: Session,
    request: SubjectRequest,
    *,
    done: bool,
    decision: str | None,
    decided_by: UUID | None,
    now: datetime,
) -> None:
    request.state = "done" if done else "refused"
    request.decision, request.decided_by, request.decided_at = decision, decided_by, now
    blank_decided(session, request, now)
    record(
        session, actor_id=decided_by, action=f"request.{request.state}", kind="subject_request",
        object_id=request.id, now=now, facts={"kind": request.kind, "via": request.via},
    )  # fmt: skip
    session.flush()
