"""Reading uploads: a phone's own, and what an account's phones have brought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.shared.errors import NotFound
from app.uploads.models import Upload, UploadRole


def upload_for(session: Session, device_id: UUID, upload_id: UUID) -> Upload:
    """The upload, if it is this device's.

    Raises:
        NotFound: it does not exist, or it is another phone's.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.device_id != device_id:
        raise NotFound(kind="upload")
    return upload


def held_upload(
    session: Session, account_id: UUID, attachment_id: UUID, sha256: str
) -> Upload | None:
    """The upload that brought exactly these bytes of this attachment, if one of the account's
    phones has."""
    held = held_uploads(session, account_id, attachment_id, sha256)
    return held[0] if held else None


def held_uploads(
    session: Session, account_id: UUID, attachment_id: UUID, sha256: str
) -> Sequence[Upload]:
    """All of them: one for each phone that brought the bytes, or asked whether to."""
    return session.scalars(
        select(Upload)
        .where(
            Upload.attachment_id == attachment_id,
            Upload.state == "held",
            Upload.account_id == account_id,
            Upload.sha256 == sha256,
        )
        .order_by(Upload.created_at)
    ).all()


def open_upload(
    session: Session, device_id: UUID, attachment_id: UUID, role: UploadRole, sha256: str
) -> Upload | None:
    """The device's own upload of these bytes that is not finished, if there is one."""
    return session.scalars(
        select(Upload)
        .where(
            Upload.attachment_id == attachment_id,
            Upload.state == "open",
            Upload.device_id == device_id,
            Upload.role == role,
            Upload.sha256 == sha256,
        )
        .limit(1)
    ).first()


def open_count(session: Session, device_id: UUID, now: datetime) -> int:
    """How many uploads of the device are not finished and not expired."""
    counted = select(func.count(Upload.id)).where(
        Upload.device_id == device_id, Upload.state == "open", Upload.expires_at > now
    )
    return session.scalar(counted) or 0


def open_among(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are uploads still under way."""
    return set(session.scalars(select(Upload.id).where(Upload.id.in_(ids), Upload.state == "open")))
