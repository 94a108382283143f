"""Documents about a visit forget its person by name and number; the file itself stays.

What a scanned file shows nobody can blank: whoever forgets is told how many lie with the visit.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.audit.history import veil_contents
from app.devices.veiling import veil_proofs
from app.documents.kinds import DOCUMENT
from app.documents.models import Document
from app.followups.models import Followup
from app.records.models import RecordRevision
from app.shared.thai import fold
from app.visits.forgetting import forget_in_version, traces_of
from app.visits.models import Visit

_WORDS = ("title", "note", "file_name")


def forget_in_documents(session: Session, visit_id: UUID) -> None:
    """Hide the visit's person in the words of its documents.  Twice is harmless."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return
    traces = traces_of(visit)
    for document in session.scalars(select(Document).where(_about(visit_id))):
        if traces.clean(document, _WORDS):
            words = [getattr(document, name) for name in DOCUMENT.searched]
            document.search_key = fold(" ".join(word for word in words if word))
            veil_contents(session, document, RecordRevision.record_id)
            veil_proofs(session, "document", [document.id])
        versions = select(RecordRevision).where(RecordRevision.record_id == document.id)
        for revision in session.scalars(versions):
            forget_in_version(revision, traces, ())
    session.flush()


def _about(visit_id: UUID) -> ColumnElement[bool]:
    checks = select(Followup.id).where(Followup.visit_id == visit_id)
    return or_(
        and_(Document.subject_kind == "visit", Document.subject_id == visit_id),
        and_(Document.subject_kind == "followup", Document.subject_id.in_(checks)),
    )
