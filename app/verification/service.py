"""A dropped file is taken in: its bytes for as long as a worker looks, its row for a day."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.shared.errors import DomainError
from app.shared.files import FileStore, Readable, Stored
from app.verification.models import PhotoCheck

CHECKS = "checks"  # where dropped files lie until they were looked at
MOST_WAITING = 50  # at 40 MiB each 2 GB, and half a minute's work
BUSY_RETRY_S = 60


class ChecksBusy(DomainError):
    """So many files wait to be looked at that one more would wait too long."""

    code = "checks_busy"


class FileMissing(DomainError):
    """The form came without a file."""

    code = "file_missing"


class NotAPicture(DomainError):
    """The first bytes are those of no picture that we can open."""

    code = "not_an_image"


def check_room(session: Session) -> None:
    """Raise ChecksBusy where no further file can be taken in.  Ask before its bytes are kept."""
    waiting = select(func.count()).select_from(PhotoCheck).where(PhotoCheck.state == "waiting")
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        raise ChecksBusy


def keep_file(files: FileStore, stream: Readable, *, max_bytes: int) -> Stored:
    """Put a dropped file on disk.  Raises FileTooLarge, FileEmpty, OSError: nothing is kept."""
    return files.put_stream(CHECKS, stream, max_bytes=max_bytes)


def ask(session: Session, stored: Stored, *, now: datetime) -> PhotoCheck:
    """The check of these bytes: the one that waits already, else a new one.  Flushes.

    Raises:
        ChecksBusy: too many wait.
    """
    waiting = session.scalars(
        select(PhotoCheck)
        .where(PhotoCheck.state == "waiting", PhotoCheck.sha256 == stored.sha256)
        .order_by(PhotoCheck.asked_at)
        .limit(1)
    ).one_or_none()
    if waiting is not None:
        return waiting
    check_room(session)
    # Version 4, not 7: the whole id is drawn by chance, for whoever knows it may read the answer.
    check = PhotoCheck(id=uuid4(), sha256=stored.sha256, size_bytes=stored.size_bytes, asked_at=now)
    session.add(check)
    session.flush()
    return check
