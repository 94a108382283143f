"""Requests forget with their visit: the words and the address of who asked to be forgotten.

That something was asked, when, and what was decided stays (section 39).  An open request keeps
the address until it is decided: there the person is told.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.shared.traces import NOBODY
from app.subjects.models import SubjectRequest
from app.visits.forgetting import traces_of, was_forgotten
from app.visits.models import Visit


def forget_in_requests(session: Session, visit_id: UUID, now: datetime) -> None:
    """Blank the decided requests about a visit, and the open ones' words.  Twice is harmless."""
    visit = session.get(Visit, visit_id)
    traces = traces_of(visit) if visit else NOBODY
    about = select(SubjectRequest).where(SubjectRequest.visit_id == visit_id)
    for request in session.scalars(about):
        traces.clean(request, ("decision",))
        request.asked = None
        if request.state != "open":
            blank(request, now)
    session.flush()


def blank_decided(session: Session, request: SubjectRequest, now: datetime) -> None:
    """A request of somebody who was forgotten meanwhile keeps no address once it is decided."""
    if request.visit_id and was_forgotten(session, request.visit_id):
        blank(request, now)


def blank(request: SubjectRequest, now: datetime) -> None:
    """Words and address go; kind, days and decision stay."""
    request.asked = request.contact = None
    request.blanked_at = request.blanked_at or now
