"""Photos are examined anew when what they were examined against has changed.

The audit log's entries that are not sealed yet are what happened since the last sweep, so no
slice below has to know that findings exist.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.findings.models import PhotoPair
from app.photos.models import Photo

_OF_RECORDS = (
    "visit.edited", "visit.deleted", "followup.edited", "followup.deleted",
    "activity.edited", "activity.deleted",
)  # fmt: skip
_OF_PHOTOS = ("photo.deleted",)
_MOST = 5_000  # as many as one sweep seals; what is left over comes in the next


def renew_changed(session: Session) -> int:
    """Let photos be examined again whose record, or whose earlier copy, has just changed.

    Call before the log is sealed, in the same transaction.  Harmless twice.  Returns how many.
    """
    entries = session.execute(
        select(AuditEntry.action, AuditEntry.object_id)
        .where(AuditEntry.position.is_(None), AuditEntry.action.in_(_OF_RECORDS + _OF_PHOTOS))
        .order_by(AuditEntry.id)
        .limit(_MOST)
    ).all()
    if not entries:
        return 0
    records = {UUID(entry.object_id) for entry in entries if entry.action in _OF_RECORDS}
    photos = {UUID(entry.object_id) for entry in entries if entry.action in _OF_PHOTOS}
    gone = or_(Photo.id.in_(photos), Photo.subject_id.in_(records))
    copies = select(PhotoPair.later_id).join(Photo, Photo.id == PhotoPair.earlier_id).where(gone)
    return _renew(session, or_(Photo.subject_id.in_(records), Photo.id.in_(copies)))


def renew_all(session: Session) -> int:
    """Let every photo be examined again: the thresholds, or the rules, are others now."""
    return _renew(session, Photo.examined_at.is_not(None))


def _renew(session: Session, chosen: object) -> int:
    result = session.execute(
        update(Photo)
        .where(chosen, Photo.examined_at.is_not(None))  # type: ignore[arg-type]
        .values(examined_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
