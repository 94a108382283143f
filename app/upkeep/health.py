"""What a machine asks before it sends people here: is the ground firm?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.upkeep import marks, storage
from app.upkeep.pending import any_late

FREE_SHARE_MIN = 0.05  # below this the disk is as good as full: one deadline's eve fills it
FREE_BYTES_MIN = 512 * 1024 * 1024


def database_ready(session: Session) -> bool:
    """Whether the database answers and the tables are there."""
    try:
        session.execute(text("select 1 from alembic_version"))
    except SQLAlchemyError:
        session.rollback()
        return False
    return True


def queue_ready(redis_url: str) -> bool:
    """Whether Redis answers within two seconds."""
    try:
        with redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def disk_ready(folder: Path) -> bool:
    """Whether there is room for more than the next few photos."""
    room = storage.room(folder)
    return room is not None and room[0] >= min(FREE_BYTES_MIN, int(room[1] * FREE_SHARE_MIN))


def late(session: Session, now: datetime) -> dict[str, bool]:
    """What goes on later than it should: the work that waits, and the sweep."""
    return {
        "work": any_late(session, now),
        "sweep": marks.is_late(marks.mark(session, "sweep"), now),
    }
