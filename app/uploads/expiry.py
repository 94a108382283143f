"""What is over: uploads nobody finished, rows nobody asks for any more, files without a row.

Rows first, files after the commit: a file without a row is harmless and found again the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.shared.files import FileStore, content_key
from app.uploads import queries
from app.uploads.landing import LeftBehind
from app.uploads.landings import landing_of
from app.uploads.models import Upload
from app.uploads.prefixes import PREFIXES
from app.uploads.service import LIFE

MOST_AT_ONCE = 200  # a sweep comes every ten seconds
ORPHAN_AGE = timedelta(days=1)  # of a file no row names; a request lives an hour at most
InUse = Callable[[Session, Collection[str]], set[str]]


@dataclass
class Expired:
    """Whose files may go once the rows have said so."""

    unfinished: list[UUID] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)  # keys

    def __bool__(self) -> bool:
        return bool(self.unfinished or self.unclaimed)


def expire(session: Session, now: datetime, *, in_use: InUse) -> Expired:
    """Settle uploads whose time is over; says which files may go after the commit.

    An open one is refused as expired, and its row goes `LIFE` later.  A held one's row goes; its
    bytes stay if `in_use` knows their digest or another upload holds them.  Flushes.
    """
    over = session.scalars(
        select(Upload)
        .where(Upload.state.in_(("open", "held", "refused")), Upload.expires_at <= now)
        .order_by(Upload.expires_at)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    expired = Expired()
    for upload in over:
        if upload.state == "open":
            upload.state, upload.refused_code = "refused", "expired"
            upload.expires_at = now + LIFE
            expired.unfinished.append(upload.id)
        else:
            session.delete(upload)
    session.flush()
    held = [upload for upload in over if upload.state == "held"]
    expired.unclaimed = _unclaimed(session, held, in_use)
    return expired


def _unclaimed(session: Session, gone: Collection[Upload], in_use: InUse) -> list[str]:
    digests = {upload.sha256 for upload in gone}
    if not digests:
        return []
    rest = select(Upload.sha256).where(Upload.state == "held", Upload.sha256.in_(digests))
    kept = in_use(session, digests) | set(session.scalars(rest))
    return [
        content_key(PREFIXES[upload.role], upload.sha256)
        for upload in gone
        if upload.sha256 not in kept
    ]


def remove_files(
    files: FileStore, expired: Expired, orphaned: Sequence[str], now: datetime
) -> None:
    """Remove the files of what has expired, and orphans.  Harmless twice."""
    landing = landing_of(files)
    for key in orphaned:
        files.delete(key)
    for upload_id in expired.unfinished:
        landing.forget(upload_id)
    for key in expired.unclaimed:
        files.discard(key, untouched_since=now - ORPHAN_AGE)
    files.tidy(now - ORPHAN_AGE)


def orphans(session: Session, old: Sequence[LeftBehind]) -> list[str]:
    """Those of the old files in `landing` that no open upload names."""
    owners = {owner for _, owner in old if owner}
    alive = queries.open_among(session, owners) if owners else set()
    return [key for key, owner in old if owner is None or owner not in alive]


def left_behind(files: FileStore, now: datetime) -> list[LeftBehind]:
    """Files that crashed requests may have left: look before the transaction, it may take long."""
    return landing_of(files).left_behind(untouched_since=now - ORPHAN_AGE)
