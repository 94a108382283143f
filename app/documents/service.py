"""Documents are received: at a desk the bytes first, durably, then the row that says so.

A phone announces a document and its bytes come by themselves (`announced.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record as note
from app.documents.announced import announce_document, arrived
from app.documents.kinds import DOCUMENT
from app.documents.models import Document
from app.documents.sniff import document_type_of
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.records.service import record
from app.rounds.programme import Programme
from app.shared.errors import DomainError
from app.shared.files import FileStore
from app.uploads.prefixes import PREFIXES

__all__ = [
    "ORIGINALS",
    "KeptFile",
    "NotADocument",
    "announce_document",
    "arrived",
    "keep_file",
    "receive_document",
]

ORIGINALS = PREFIXES["original"]


class NotADocument(DomainError):
    """The file is of no kind that is taken; the sender still has it."""

    code = "not_a_document"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes that lie safely on disk, and what they are."""

    sha256: str
    size_bytes: int
    media_type: str

    def facts(self, name: str | None) -> dict[str, object]:
        """The fields of a document that its file decides."""
        return {
            "file_name": name,
            "file_sha256": self.sha256,
            "file_bytes": self.size_bytes,
            "file_type": self.media_type,
        }


def keep_file(files: FileStore, file: IO[bytes], *, max_bytes: int) -> KeptFile:
    """Put a file on disk, durably, hashed while it is written.  Call before the unit of work.

    Harmless twice: the same bytes have the same place.

    Raises:
        FileTooLarge, FileEmpty, NotADocument: no byte is kept.
        OSError: the disk refused.
    """
    media_type = document_type_of(file)
    if media_type is None and file.read(1):
        raise NotADocument
    file.seek(0)
    stored = files.put_stream(ORIGINALS, file, max_bytes=max_bytes)
    return KeptFile(stored.sha256, stored.size_bytes, media_type or "")


def receive_document(
    session: Session,
    _kind: RecordKind,
    draft: Draft,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> tuple[Document, bool]:
    """Record a document whose bytes lie on disk.  Returns and raises what `records.record` does."""
    document, created = record(session, DOCUMENT, draft, actor=actor, now=now, programme=programme)
    if document.state == "awaited":
        document.state, document.file_received_at = "received", now
        session.flush()
    return document, created


def with_file(draft: Draft, kept: KeptFile, name: str | None) -> Draft:
    """The draft with what its file decides."""
    return replace(draft, values={**draft.values, **kept.facts(name)})


def note_file_read(session: Session, document: Document, *, actor: Actor, now: datetime) -> None:
    """The log keeps who took the file: it may name people."""
    note(
        session, actor_id=actor.account_id, action="document.file_read", kind="document",
        object_id=document.id, now=now,
    )  # fmt: skip
