"""The state of the whole: for the page of whoever runs it, and for the machine that watches it."""

from __future__ import annotations

import platform
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.devices.queries import UnsentSummary, list_phones, unsent_summary
from app.devices.rules import Danger, dangers
from app.retention.models import RetentionRun
from app.shared.dialects import is_postgresql
from app.shared.versions import libheif_version
from app.upkeep import marks, storage
from app.upkeep.bells import Doorbell, doorbell
from app.upkeep.pending import Pending, failed_packets, pending

EVERYWHERE = Actor(UUID(int=0), "admin", "", None, "")  # the machine that watches: no person
FAILED_LATELY = timedelta(days=7)
LIBRARIES = ("flask", "sqlalchemy", "rq", "pillow", "typst", "gunicorn")


@dataclass(frozen=True, slots=True)
class State:
    """What waits, who works, what is kept, and since when the house-keeping was not seen."""

    pending: Sequence[Pending]
    failed_packets: int
    doorbell: Doorbell | None  # None: Redis is away
    swept_at: datetime | None
    retained_at: datetime | None
    counted_at: datetime | None
    counts: Mapping[str, Any]  # of storage, as of `counted_at`
    room: tuple[int, int] | None  # bytes free and in all
    unsent: UnsentSummary
    sweep_is_late: bool  # nobody tidied up for longer than a sweep may take


def look(
    session: Session, connection: Redis, *, actor: Actor, folder: Path, now: datetime
) -> State:
    """Gather it.  A Redis or a disk that does not answer is part of the answer."""
    swept, counted = marks.mark(session, "sweep"), marks.mark(session, "storage")
    retained = select(RetentionRun.ended_at).order_by(RetentionRun.began_at.desc()).limit(1)
    return State(
        pending=pending(session, now),
        failed_packets=failed_packets(session, since=now - FAILED_LATELY),
        doorbell=doorbell(connection),
        swept_at=swept.at if swept else None,
        retained_at=session.scalar(retained),
        counted_at=counted.at if counted else None,
        counts=counted.facts if counted else {},
        room=storage.room(folder),
        unsent=unsent_summary(session, actor),
        sweep_is_late=marks.is_late(swept, now),
    )


def phones_in_danger(session: Session, actor: Actor, now: datetime) -> Counter[Danger]:
    """How many phones in use of the actor's area are in which danger."""
    used = (phone for phone in list_phones(session, actor) if phone.revoked_at is None)
    return Counter(danger for phone in used for danger in dangers(phone, now))


def versions(session: Session, release: str) -> dict[str, str]:
    """What runs here, by name."""
    return {
        "Lakthan": release,
        "Schema": _schema(session),
        **_database(session),
        "Python": platform.python_version(),
        "libheif": libheif_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def _schema(session: Session) -> str:
    """The migration the database stands at; empty where its tables were made without any."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return str(session.scalar(text("select version_num from alembic_version")) or "")


def _database(session: Session) -> dict[str, str]:
    if is_postgresql(session):
        return {"PostgreSQL": str(session.scalar(text("show server_version")))}
    return {"SQLite": sqlite3.sqlite_version}
