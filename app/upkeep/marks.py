"""Marks: when the sweep last ended, when the files were last counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.upkeep.models import UpkeepMark

MarkName = Literal["sweep", "storage"]
SWEEP_LATE = timedelta(minutes=2)  # the clock rings every ten seconds; one may take two minutes


def note(
    session: Session, name: MarkName, *, now: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """Write down that this piece of house-keeping ended now."""
    session.merge(UpkeepMark(name=name, at=now, facts=dict(facts or {})))
    session.flush()


def mark(session: Session, name: MarkName) -> UpkeepMark | None:
    """The last such mark; None where it never ended yet, or the table is not there yet."""
    try:
        return session.get(UpkeepMark, name)
    except SQLAlchemyError:
        session.rollback()
        return None


def is_late(swept: UpkeepMark | None, now: datetime) -> bool:
    """Whether nobody tidied up for longer than a sweep may take."""
    return swept is None or now - swept.at > SWEEP_LATE


def seconds_since(session: Session, name: MarkName, now: datetime) -> float | None:
    """How long ago, in seconds; None: never."""
    found = mark(session, name)
    return (now - found.at).total_seconds() if found else None
