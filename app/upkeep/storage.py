"""How much is kept: counted now and then by the sweep, as millions of rows take a while."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.packets.models import Packet
from app.photos.models import Photo
from app.shared.dialects import is_postgresql
from app.upkeep import marks
from app.visits.models import Visit

COUNT_EVERY = timedelta(hours=6)


def count_now_and_then(session: Session, now: datetime) -> bool:
    """Count what is kept, unless that was done lately; tells whether it was counted."""
    last = marks.mark(session, "storage")
    if last is not None and now - last.at < COUNT_EVERY:
        return False
    marks.note(session, "storage", now=now, facts=_counts(session))
    return True


def room(folder: Path) -> tuple[int, int] | None:
    """Bytes free and in all of the disk under `folder`; None where it cannot be told."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free, usage.total


def _counts(session: Session) -> dict[str, Any]:
    photos, photo_bytes = session.execute(
        select(func.count(), func.coalesce(func.sum(Photo.size_bytes), 0)).where(
            Photo.destroyed_at.is_(None), Photo.state != "awaited"
        )
    ).one()
    packets, packet_bytes = session.execute(
        select(func.count(), func.coalesce(func.sum(Packet.size_bytes), 0)).where(
            Packet.state == "ready"
        )
    ).one()
    return {
        "visits": session.scalar(select(func.count()).select_from(Visit)),
        "photos": photos, "photo_bytes": int(photo_bytes or 0),
        "packets": packets, "packet_bytes": int(packet_bytes or 0),
        "database_bytes": database_bytes(session),
    }  # fmt: skip


def database_bytes(session: Session) -> int:
    """What the database takes on its disk."""
    if is_postgresql(session):
        return int(session.scalar(text("select pg_database_size(current_database())")) or 0)
    pages = session.scalar(
        text("select page_count * page_size from pragma_page_count, pragma_page_size")
    )
    return int(pages or 0)
