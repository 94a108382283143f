"""Anchors: where the chain of the audit log stood, written down outside the database.

The chain tells that something in its middle was changed; that its end was cut off only somebody
can tell who knows how far it had come.  Every backup's manifest holds an anchor, and the sweep
writes one beside the database (`var/audit-anchors.jsonl`).
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry

FILE = "audit-anchors.jsonl"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The position and the digest of a sealed entry."""

    position: int
    digest: str


def anchor_of(connection: Connection | Session) -> Anchor | None:
    """The newest sealed entry's anchor; None while nothing is sealed."""
    newest = (
        select(AuditEntry.position, AuditEntry.digest)
        .where(AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position.desc())
        .limit(1)
    )
    row = connection.execute(newest).one_or_none()
    return Anchor(row[0] or 0, row[1] or "") if row else None


def missing_anchor(session: Session, anchors: list[Anchor]) -> Anchor | None:
    """The first of `anchors` that the log no longer has as it was; None: all stand."""
    for anchor in sorted(anchors, key=lambda each: each.position):
        found = select(AuditEntry.digest).where(AuditEntry.position == anchor.position)
        if session.scalar(found) != anchor.digest:
            return anchor
    return None


def keep_anchor(path: Path, anchor: Anchor) -> bool:
    """Append the anchor unless it is the last one there; durable.  Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = read_anchors(path)
        if known and known[-1].position >= anchor.position:
            return False
        file.write((json.dumps(asdict(anchor)) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    return True


def read_anchors(path: Path) -> list[Anchor]:
    """Anchors of a file: lines of this module's, or a backup's manifest.

    A torn line is passed over.  Raises OSError; ValueError: it holds none.
    """
    text = path.read_text("utf-8")
    try:
        whole: Any = json.loads(text)
    except ValueError:
        return [found for line in text.splitlines() if (found := _from_line(line))]
    said = whole.get("audit", whole) if isinstance(whole, dict) else None
    if not said:
        raise ValueError("no anchor")
    return [Anchor(int(said["position"]), str(said["digest"]))]


def _from_line(line: str) -> Anchor | None:
    try:
        said = json.loads(line)
        return Anchor(int(said["position"]), str(said["digest"]))
    except (ValueError, KeyError, TypeError):
        return None
