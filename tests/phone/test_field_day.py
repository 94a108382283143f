"""A day in the field: signed in once, then no signal until the evening, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.photos.models import Photo
from app.shared.db import db
from app.shared.files import content_key
from app.visits.models import Visit
from config import Settings
from tests.conftest import World
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset
from tests.plugins.product import Product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def line(
    app: Flask,
    world: World,
    start_product: Callable[..., Product],
    make_fault_proxy: Callable[[str], FaultProxy],
) -> FaultProxy:
    """The line between the phone and the product; `line.refuse = True` is no signal."""
    return make_fault_proxy(start_product("web").address)


def _pictures(folder: Path, count: int) -> list[Path]:
    files = []
    for number in range(count):
        target = io.BytesIO()
        Image.effect_noise((640, 480), 40 + number).convert("RGB").save(target, "JPEG")
        files.append(folder / f"image-{number}.jpg")
        files[-1].write_bytes(target.getvalue())
    return files


def test_a_school_group_and_its_photos_written_without_a_signal_arrive_whole(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    line.refuse = True
    line.cut_all()
    visit_id = handset.log_visit("โรงเรียนบ้านควรดง ป.5")
    pictures = _pictures(tmp_path, 3)
    handset.add_pictures("visit", visit_id, *pictures)
    handset.kill()
    handset.switch_on()
    handset.open("/phone/outbox")
    handset.await_states(waiting=4)
    assert _visits(app) == []

    line.refuse = False
    handset.send_now()
    handset.await_states(received=4)
    assert [(str(v.id), v.group_name, v.n_total) for v in _visits(app)] == [
        (visit_id, "โรงเรียนบ้านควรดง ป.5", 42)
    ]
    assert _originals(app, settings) == sorted(sha256(p.read_bytes()).hexdigest() for p in pictures)


def _visits(app: Flask) -> list[Visit]:
    with app.app_context():
        found = list(db.session().scalars(select(Visit)))
        db.session.remove()
    return found


def _originals(app: Flask, settings: Settings) -> list[str]:
    """Digests of the originals, each worked out anew from the file on the server's disk."""
    with app.app_context():
        photos = list(db.session().scalars(select(Photo)))
        db.session.remove()
    files = [settings.files_dir / content_key("originals", p.original_sha256) for p in photos]
    assert {photo.state for photo in photos} <= {"received", "processed"}
    return sorted(sha256(file.read_bytes()).hexdigest() for file in files)
