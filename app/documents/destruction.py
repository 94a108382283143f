"""Evidence files are destroyed when their time is over; that there was one stays.

Rows first, files after the commit (`photos.destruction.remove_files` removes any keys).  Bytes
that a photo, another document or an upload still needs stay for them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.documents.service import ORIGINALS
from app.keeping.service import note_erased
from app.records.models import RecordRevision
from app.shared.digests import digests_needed
from app.shared.files import content_key
from app.shared.thai import fold
from app.uploads.models import Upload

_WORDS = ("note", "file_name")  # may name who signed; the title says what kind of paper it was


def destroy_documents(
    session: Session, document_ids: Collection[UUID], *, now: datetime
) -> list[str]:
    """Destroy these files; returns the keys to remove once this is committed.

    Kind, title, day and digest stay.  Holds and the destruction log are the caller's.  Flushes.
    Harmless twice.
    """
    found = session.scalars(
        select(Document)
        .where(Document.id.in_(document_ids))
        .order_by(Document.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for document in found:
        if document.destroyed_at is None:
            _destroy(session, document, now)
    session.flush()
    return files_of(session, found)


def files_of(session: Session, documents: Sequence[Document]) -> list[str]:
    """The keys of destroyed documents' files that nothing else needs."""
    digests = {document.file_sha256 for document in documents}
    return [
        content_key(ORIGINALS, digest)
        for digest in sorted(digests - digests_needed(session, digests))
    ]


def destroyed_since(session: Session, since: datetime) -> Sequence[Document]:
    """Documents destroyed since then, whose files may have stayed behind."""
    return session.scalars(select(Document).where(Document.destroyed_at >= since)).all()


def _destroy(session: Session, document: Document, now: datetime) -> None:
    document.destroyed_at, document.note, document.file_name = now, None, None
    document.search_key = fold(document.title)
    for revision in session.scalars(
        select(RecordRevision).where(RecordRevision.record_id == document.id)
    ):
        told = {name: None for name in _WORDS if revision.changes.get(name)}
        if told:
            revision.changes = revision.changes | told
    held = delete(Upload).where(Upload.attachment_id == document.id, Upload.state == "held")
    session.execute(held)
    note_erased(session, "document", document.id, now=now)
