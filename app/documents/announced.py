"""Documents whose bytes come by themselves: announced by a record, brought by an upload.

Either may be first.  Whoever comes second puts the two together, and a lock on the id sees to
it that one of them is second.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.service import record
from app.documents.models import Document
from app.shared.record import take_turn
from app.uploads.attachment import Attachment
from app.uploads.models import Upload
from app.uploads.queries import held_upload


def announce_document(
    session: Session, document: Document, attachment: Attachment, *, now: datetime
) -> None:
    """Look for the bytes of a document that was just recorded.  Flushes.

    It is awaited, or received if this account's upload of these bytes is held.  Harmless twice.
    """
    take_turn(session, document.id)
    held = held_upload(session, document.recorder_id, attachment.id, document.file_sha256)
    if held is not None and document.state == "awaited" and document.destroyed_at is None:
        _receive(session, document, held, now)


def arrived(session: Session, upload: Upload, *, now: datetime) -> Document | None:
    """Give bytes that are held now to the document that waits for them, announced by the same
    account.

    Returns the document that was received by this call.  None: nothing waits for these bytes (any
    more, or not yet: then the announcement finds them).  Flushes.  Harmless twice.
    """
    take_turn(session, upload.attachment_id)
    document = session.get(
        Document, upload.attachment_id, with_for_update=True, populate_existing=True
    )
    if document is None or not _waits_for(document, upload):
        return None
    _receive(session, document, upload, now)
    return document


def _waits_for(document: Document, upload: Upload) -> bool:
    return (
        document.state == "awaited"
        and document.destroyed_at is None
        and upload.role == "original"
        and document.file_sha256 == upload.sha256
        and document.recorder_id == upload.account_id
    )


def _receive(session: Session, document: Document, upload: Upload, now: datetime) -> None:
    document.state, document.file_received_at = "received", now
    record(
        session, actor_id=upload.account_id, action="document.received", kind="document",
        object_id=document.id, now=now, facts={"sha256": document.file_sha256},
    )  # fmt: skip
    session.flush()
