"""A photo far from its centre may have been taken at home: peers are not told where."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.photos.models import Photo
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import World
from tests.visits.drafts import make_draft

HERE = (19.21234, 100.31234)


def _photo(app: Flask, world: World, recorder: str, distance_m: float) -> UUID:
    visit = make_draft(world.centre, visit_date=bangkok_day(now()))
    photo_id = uuid4()
    with app.app_context(), work() as w:
        record_visit(w.session, visit, actor=world["volunteer"], now=now())
        w.session.add(
            Photo(
                id=photo_id, centre_id=world.centre, subject_kind="visit", subject_id=visit.id,
                day=visit.visit_date, original_sha256="a" * 64, size_bytes=1, lat=HERE[0],
                lon=HERE[1], position_source="device", media_type="image/jpeg", source="camera",
                state="received", state_since=now(), captured_at=now(), received_at=now(),
                recorder_id=world[recorder].account_id, content_sha256="b" * 64,
                programme_version="x", band="far", distance_m=distance_m, code="ABCD1234",
                stamped_sha256="c" * 64,
            )
        )  # fmt: skip
    return photo_id


@pytest.mark.parametrize(
    ("recorder", "distance_m", "who", "shown"),
    [
        ("officer", 2_500.0, "volunteer", False),
        ("volunteer", 2_500.0, "volunteer", True),  # one's own
        ("officer", 1_500.0, "volunteer", True),
        ("officer", 2_500.0, "officer", True),  # desks must ask
        ("officer", 2_500.0, "reviewer", True),
    ],
)
def test_peers_do_not_see_where_a_far_photo_was_taken(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient], recorder: str,
    distance_m: float, who: str, shown: bool,
) -> None:  # fmt: skip
    photo_id = _photo(app, world, recorder, distance_m)
    client, quarter = sign_in(who), Quarter.of_day(bangkok_day(now()))
    page = client.get(f"/photos/{photo_id}").text
    points = client.get(f"/map/photos.geojson?quarter={quarter}").text
    assert ("19.21234" in page) is ("19.21234" in points) is shown
    if not shown:
        for name in ("stamped.jpg", "original"):
            assert client.get(f"/photos/{photo_id}/{name}").status_code == 404
