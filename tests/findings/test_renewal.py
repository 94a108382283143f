"""A photo is examined anew when its record, its copy or the thresholds have changed."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from app.audit.service import record, seal
from app.findings.models import PhotoPair
from app.findings.renewal import renew_changed
from app.photos.models import Photo
from app.photos.rules import Subject
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import NOW, World
from tests.photos.conftest import Send


def examined(session, photo: Photo) -> Photo:
    photo.state, photo.examined_at = "unreadable", NOW
    session.flush()
    return photo


def noted(session, action: str, object_id: UUID) -> None:
    kind = action.partition(".")[0]
    record(session, actor_id=None, action=action, kind=kind, object_id=object_id, now=NOW)


def test_a_corrected_visit_and_a_struck_out_copy_are_looked_at_again_once(
    session, send: Send, world: World
):
    visit_id = new_id()
    of_visit = examined(session, send(subject=Subject("visit", visit_id, world.centre))[0])
    first, copy, other = (examined(session, send()[0]) for _ in range(3))
    session.add(
        PhotoPair(
            earlier_id=first.id, later_id=copy.id, kind="same_bytes", facts={}, recipe=1,
            found_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    noted(session, "visit.edited", visit_id)
    noted(session, "photo.deleted", first.id)
    noted(session, "photo.edited", other.id)  # a caption changes no finding
    assert renew_changed(session) == 2
    seal(session)
    assert renew_changed(session) == 0

    for photo in (of_visit, first, copy, other):
        session.refresh(photo)
    assert [p.examined_at is None for p in (of_visit, first, copy, other)] == [
        True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_office_can_have_every_photo_examined_again(app: Flask, session, send: Send):
    photo = examined(session, send()[0])
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["finding", "renew"])
    assert answer.output == "1 photos wait to be examined; the sweeper rings for them.\n"
    session.refresh(photo)
    assert photo.examined_at is None
