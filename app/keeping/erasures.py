"""The list of erasures beside the database: `var/erasures.jsonl`, one line each, never shortened.

A database that is lost and restored from a backup forgets with this list whom it had forgotten
since.  It names nobody: a kind of record, its id, and when.  Written after each commit, durably;
a process that dies between the two leaves a row that the sweep adds (`Erasure.scrubbed_at`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.keeping.models import Erasure
from app.shared.files import sync_folder
from config import Settings

ERASED = "lakthan_erased"  # of a session: what its transaction erased
FILE = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Erased:
    """One line of the list."""

    id: UUID
    kind: str
    object_id: UUID
    about: str | None
    at: datetime

    @classmethod
    def of(cls, row: Erasure) -> Erased:
        """A row of the table."""
        return cls(row.id, row.kind, row.object_id, row.about, row.at)

    @classmethod
    def from_line(cls, line: str) -> Erased:
        """Read one line.  Raises ValueError, KeyError, TypeError: it was torn."""
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        return cls(UUID(said["id"]), said["kind"], UUID(said["object_id"]), said["about"], at)

    def line(self) -> str:
        """As the file holds it."""
        said = {
            "id": str(self.id), "kind": self.kind, "object_id": str(self.object_id),
            "about": self.about, "at": self.at.isoformat(),
        }  # fmt: skip
        return json.dumps(said, separators=(",", ":")) + "\n"


class ErasureList:
    """The file.  Safe for several processes; a line that a power cut tore is passed over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[UUID, Erased]:
        """All lines by id; nothing where there is no file yet."""
        try:
            text = self.path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return {}
        found: dict[UUID, Erased] = {}
        for line in text.splitlines():
            try:
                erased = Erased.from_line(line)
            except (ValueError, KeyError, TypeError):
                continue
            found[erased.id] = erased
        return found

    def add(self, erasures: Iterable[Erased]) -> None:
        """Append what is not there yet, durably.  Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = self.read()
            fresh = [each for each in erasures if each.id not in known]
            if fresh:
                # A line of its own, whatever a torn one before it left.
                text = "".join(each.line() for each in fresh)
                file.write(("\n" + text).encode())
                file.flush()
                os.fsync(file.fileno())
        sync_folder(self.path.parent)


def list_of(settings: Settings) -> ErasureList:
    """The installation's own list."""
    return ErasureList(settings.var_dir / FILE)


def init_app(_app: Flask) -> None:
    """Have every commit write what it erased into the list."""
    if not event.contains(Session, "after_commit", _write_down):
        event.listen(Session, "after_commit", _write_down)
        event.listen(Session, "after_rollback", _nothing_erased)


def _write_down(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the whole may still be rolled back
    erased = session.info.pop(ERASED, None)
    if erased and has_app_context():
        try:
            list_of(current_app.config["SETTINGS"]).add(erased)
        except OSError as error:  # it is committed; the sweep adds it
            current_app.logger.error("the list of erasures cannot be written: %s", error.strerror)


def _nothing_erased(session: Session) -> None:
    # Also of a savepoint; what was erased before it, the sweep finds in the table.
    session.info.pop(ERASED, None)
