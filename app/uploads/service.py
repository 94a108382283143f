"""Uploads begin, are held or refused, and expire.  Rows only: bytes are `landing`'s business."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.shared.errors import DomainError
from app.shared.files import signed_32
from app.shared.record import take_turn
from app.uploads import queries
from app.uploads.landing import Found
from app.uploads.models import Upload
from app.uploads.protocol import UploadDraft

LIFE = timedelta(days=30)  # since the last byte came: a phone may lie in a drawer for a month
MOST_OPEN = 200  # of one device; a day's photos are some dozens
TOUCH_STEP = timedelta(hours=1)  # how exactly the last byte is noted; saves a write for each piece


class TooManyUploads(DomainError):
    """The device has begun as many uploads as it may without finishing them."""

    code = "too_many_uploads"


class UploadGone(DomainError):
    """It was refused, ended or has expired (`reason`): begin a new one."""

    code = "upload_gone"


def begin(
    session: Session, draft: UploadDraft, *, device_id: UUID, account_id: UUID, now: datetime
) -> Upload:
    """The device's upload of these bytes: the one it has begun already, or a new one.

    It is held at once if another phone of the account, or this one earlier, has brought the same
    bytes of the same attachment.  Flushes.  Harmless twice, and twenty times at once.

    Raises:
        TooManyUploads: `MOST_OPEN` of them are not finished.
    """
    take_turn(session, draft.attachment_id)
    held = queries.held_uploads(session, account_id, draft.attachment_id, draft.sha256)
    if held:
        own = [upload for upload in held if upload.device_id == device_id]
        return own[0] if own else _copy(session, held[0], device_id, now)
    begun = queries.open_upload(session, device_id, draft.attachment_id, draft.role, draft.sha256)
    if begun is not None and begun.size_bytes == draft.size_bytes and begun.expires_at > now:
        return begun
    if queries.open_count(session, device_id, now) >= MOST_OPEN:
        raise TooManyUploads(most=MOST_OPEN)
    upload = Upload(
        device_id=device_id, account_id=account_id, attachment_id=draft.attachment_id,
        role=draft.role, sha256=draft.sha256, size_bytes=draft.size_bytes,
        state="open", created_at=now, touched_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload


def check_alive(upload: Upload, now: datetime) -> None:
    """Raise UploadGone unless bytes can still be sent, or are held."""
    if upload.state == "refused":
        raise UploadGone(reason=upload.refused_code)
    if upload.state == "open" and upload.expires_at <= now:
        raise UploadGone(reason="expired")


def needs_touch(upload: Upload, now: datetime) -> bool:
    """Whether the row must be told that bytes came."""
    return now - upload.touched_at >= TOUCH_STEP


def touch(session: Session, upload_id: UUID, *, now: datetime) -> None:
    """Bytes came: the upload lives `LIFE` from now."""
    upload = _locked(session, upload_id)
    if upload is not None and upload.state == "open":
        upload.touched_at, upload.expires_at = now, now + LIFE
        session.flush()


def hold(session: Session, upload_id: UUID, found: Found, *, now: datetime) -> Upload | None:
    """Say that an upload's bytes lie in their place.  None: it is held or gone already."""
    upload = _locked(session, upload_id)
    if upload is None or upload.state != "open":
        return None
    upload.state, upload.media_type = "held", found.media_type
    upload.crc32 = signed_32(found.crc32)
    upload.touched_at, upload.expires_at = now, now + LIFE
    session.flush()
    return upload


def refuse(session: Session, upload_id: UUID, code: str, *, now: datetime) -> None:
    """Give an open upload up, with the reason; it is told to whoever asks for `LIFE`."""
    upload = _locked(session, upload_id)
    if upload is not None and upload.state == "open":
        upload.state, upload.refused_code = "refused", code
        upload.touched_at, upload.expires_at = now, now + LIFE
        session.flush()


def _locked(session: Session, upload_id: UUID) -> Upload | None:
    return session.get(Upload, upload_id, with_for_update=True, populate_existing=True)


def _copy(session: Session, held: Upload, device_id: UUID, now: datetime) -> Upload:
    """The same bytes for another phone of the account: it sees its own uploads only."""
    upload = Upload(
        device_id=device_id, account_id=held.account_id, attachment_id=held.attachment_id,
        role=held.role, sha256=held.sha256, size_bytes=held.size_bytes,
        media_type=held.media_type, crc32=held.crc32,
        state="held", created_at=now, touched_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload
