"""Answers to questions about a visit's photos forget the visit's person by name and number."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.findings.models import PhotoFinding
from app.photos.forgetting import photos_about
from app.visits.forgetting import traces_of
from app.visits.models import Visit


def forget_in_findings(session: Session, visit_id: UUID) -> None:
    """Hide the person in what was answered and decided; the answer itself is evidence and stays."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return
    traces = traces_of(visit)
    photo_ids = [photo.id for photo in photos_about(session, visit_id)]
    for finding in session.scalars(
        select(PhotoFinding).where(PhotoFinding.photo_id.in_(photo_ids))
    ):
        traces.clean(finding, ("answer", "decision_note", "facts", "text_th", "text_en"))
    session.flush()
