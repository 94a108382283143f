"""Receipts: the server's signed word that it holds a record, and which of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from app.devices.signing import sign_claims
from app.documents.models import Document
from app.photos.models import Photo
from app.sync.items import Item
from app.sync.verdicts import HELD, TAKEN, Delivery
from app.uploads.attachment import Attachment
from app.uploads.queries import held_upload

if TYPE_CHECKING:
    from app.sync.inbox import Answer

RECEIPT = 1  # the form of the claims; it grows when they change


@dataclass(frozen=True, slots=True)
class Blobs:
    """Which of an item's bytes the server has, and which it has not."""

    held: tuple[Attachment, ...] = ()
    missing: tuple[Attachment, ...] = ()


NO_BLOBS = Blobs()


def blobs_of(session: Session, item: Item, by: Delivery) -> Blobs:
    """Which of the announced bytes are here: exactly those, by their digest.

    A preview that has not come is not missed any more once its original is here.
    """
    if not item.attachments:
        return NO_BLOBS
    row = _row_of(session, item)
    here = [one for one in item.attachments if _is_here(session, one, row, by)]
    whole = any(one.role == "original" for one in here)
    missing = [one for one in item.attachments if one not in here and not whole]
    return Blobs(tuple(here), tuple(missing))


def result_of(answer: Answer, by: Delivery) -> dict[str, object]:
    """One item's result, with a signed receipt where the server keeps it."""
    verdict, claims = answer.verdict, None
    if verdict.status in TAKEN | HELD:
        claims = _claims(answer, by.device_id, verdict.received_at or by.received_at)
    return {
        "id": answer.named.id,
        "kind": answer.named.kind,
        "op": answer.named.op,
        "item_sha256": answer.named.sha256,
        "status": verdict.status,
        "code": verdict.code,
        "problems": [
            {"field": wrong.field, "code": wrong.code, "facts": wrong.facts}
            for wrong in verdict.problems
        ],
        "current": answer.current.told() if answer.current else None,
        "receipt": claims,
        "signature": sign_claims(by.seed, claims) if claims else None,
    }


def _claims(answer: Answer, device_id: UUID, received_at: datetime) -> Mapping[str, object]:
    return {
        "v": RECEIPT,
        "id": answer.named.id,
        "kind": answer.named.kind,
        "op": answer.named.op,
        "status": answer.verdict.status,
        "version": answer.verdict.version,
        "item_sha256": answer.named.sha256,
        "received_at": received_at,
        "held": [_told(one) for one in answer.blobs.held],
        "missing": [_told(one) for one in answer.blobs.missing],
        "device_id": device_id,
    }


def _told(attachment: Attachment) -> dict[str, object]:
    return {
        "id": attachment.id,
        "sha256": attachment.sha256,
        "bytes": attachment.size_bytes,
    }


def _row_of(session: Session, item: Item) -> Photo | Document | None:
    if item.kind == "document":
        return session.get(Document, item.id)
    return session.get(Photo, item.id)


def _is_here(
    session: Session, attachment: Attachment, row: Photo | Document | None, by: Delivery
) -> bool:
    if row is not None and attachment.sha256 == _digest_here(row, attachment.role):
        return True
    account_id = by.actor.account_id
    return held_upload(session, account_id, attachment.id, attachment.sha256) is not None


def _digest_here(row: Photo | Document, role: str) -> str | None:
    """The digest of the record's bytes in this role, if they are here."""
    if role == "original":
        told = row.file_sha256 if isinstance(row, Document) else row.original_sha256
        return None if row.state == "awaited" else told
    if isinstance(row, Document):
        return None
    return row.preview_sha256 if row.preview_held_at else None
