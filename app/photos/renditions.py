"""The files that were made of a photo are remembered, so that they are known when they come back.

A page, a packet or a chat may still hold a picture of an older recipe: its row stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.photos.models import Photo, PhotoRendition, RenditionKind
from app.shared.dialects import insert_into

_COLUMNS: dict[RenditionKind, str] = {
    "view": "view_sha256", "stamped": "stamped_sha256", "thumb": "thumb_sha256",
}  # fmt: skip


def note_renditions(session: Session, photo: Photo, made: Any, now: datetime) -> None:
    """Remember the files of `made`, and those the photo has so far.  Harmless twice.

    A picture of 320 px and less has one file for view and thumbnail, and one row.
    """
    for files in (photo, made):
        for kind, column in _COLUMNS.items():
            if digest := getattr(files, column):
                note_rendition(session, photo, kind, digest, files.recipe or 1, now)


def note_rendition(
    session: Session, photo: Photo, kind: RenditionKind, digest: str, recipe: int, now: datetime
) -> None:
    """Remember that the file `digest` shows `photo`."""
    statement = insert_into(session, PhotoRendition.__table__).on_conflict_do_nothing(
        index_elements=["sha256", "photo_id"]
    )
    values = {"sha256": digest, "photo_id": photo.id, "kind": kind, "recipe": recipe}
    session.execute(statement, values | {"made_at": now})
