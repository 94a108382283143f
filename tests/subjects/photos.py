"""A photo of a visit with a copy made for the public, as rows."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from app.photos.models import Photo
from app.shared.ids import new_id
from app.shared.work import work
from app.sharing.models import SharingCopy
from tests.conftest import NOW, World


def shared_photo(app: Flask, world: World, visit_id: UUID) -> UUID:
    """Returns the copy's id."""
    with app.app_context(), work() as w:
        photo = Photo(
            id=new_id(), centre_id=world.centre, subject_kind="visit", subject_id=visit_id,
            day=NOW.date(), original_sha256="a" * 64, size_bytes=10, media_type="image/jpeg",
            source="camera", state="processed", state_since=NOW, view_sha256="b" * 64,
            thumb_sha256="c" * 64, received_at=NOW, recorder_id=world["volunteer"].account_id,
            version=1, content_sha256="d" * 64, captured_at=NOW, captured_offset_min=420,
            position_source="none", programme_version="khok_nong_na_2567.1",
        )  # fmt: skip
        copy = SharingCopy(
            id=new_id(), photo_id=photo.id, boxes=[], nobody=False, state="made",
            sha256="e" * 64, asked_by=world["officer"].account_id, asked_at=NOW, made_at=NOW,
        )  # fmt: skip
        w.session.add(photo)
        w.session.flush()
        w.session.add(copy)
        return copy.id
