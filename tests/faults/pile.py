"""A pile: photos that wait at once, as on the eve of a deadline, stored behind the phones' back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.photos import service
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.queue import sender
from app.shared.record import Capture
from app.shared.work import work
from tests.faults.stand import Stand
from tests.faults.village import Village

PROCESS = "app.photos.jobs.process"


@dataclass
class Pile:
    """Photos that wait at once, as on the eve of a deadline."""

    stand: Stand
    village: Village

    def receive(self, data: bytes) -> UUID:
        """Store a photo; nobody is rung."""
        with self.stand.app.app_context():
            with work() as w:
                files = self.stand.app.extensions["files"]
                original = service.keep_original(files, io.BytesIO(data), max_bytes=30_000_000)
                instant, centre = now(), self.village.centre
                draft = PhotoDraft(new_id(), Subject("centre", centre, centre), Capture(instant))
                photo, _created = service.receive_photo(
                    w.session, original, draft,
                    recorder_id=self.village.officer.account_id, now=instant,
                )  # fmt: skip
            db.session.remove()
        return photo.id

    def ring(self, ids: Sequence[UUID]) -> None:
        """As each upload does."""
        send = sender(self.stand.settings.redis_url)
        for each in ids:
            send(PROCESS, photo_id=str(each))

    def look(self, ids: Sequence[UUID]) -> list[Photo]:
        """Their rows, in the order of `ids`."""
        with self.stand.app.app_context():
            rows = {p.id: p for p in db.session().scalars(select(Photo).where(Photo.id.in_(ids)))}
            db.session.remove()
        return [rows[each] for each in ids]

    def all_are(self, ids: Sequence[UUID], state: str) -> bool:
        """Whether all of them are in that state."""
        return {photo.state for photo in self.look(ids)} == {state}

    def done(self, ids: Sequence[UUID]) -> int:
        """How many of them are processed."""
        return sum(photo.state == "processed" for photo in self.look(ids))
