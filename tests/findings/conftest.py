"""What the findings' tests share: pictures that can be told apart, and photos made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from flask import Flask
from PIL import Image, ImageDraw

from app.findings.jobs import examine
from app.photos.models import Photo
from app.shared.db import db
from app.shared.geo import Position
from tests.conftest import NOW
from tests.photos.conftest import files, put, send

__all__ = ["files", "put", "send"]

AT_CENTRE = Position(19.15, 100.27, 10.0, 3.0)
Submit = Callable[..., Photo]


def picture(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A busy made-up scene, the same for the same seed, no two alike."""
    chance = Random(seed)
    made = Image.new("RGB", size, (chance.randrange(120, 220), 200, 230))
    pen = ImageDraw.Draw(made)
    for _ in range(180):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        w, h = chance.randrange(6, 90), chance.randrange(6, 90)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw = chance.choice((pen.rectangle, pen.ellipse))
        draw((x, y, x + w, y + h), fill=colour)
    return made


def saved(made: Image.Image, quality: int = 88) -> bytes:
    """The picture as a JPEG without a word about itself."""
    target = BytesIO()
    made.save(target, "JPEG", quality=quality)
    return target.getvalue()


@pytest.fixture
def submit(put: Callable[..., Photo]) -> Submit:
    """A function: receive and process a picture taken at the centre, `days` after `NOW`."""

    def submitted(data: bytes, *, days: float = 0, **more: object) -> Photo:
        at = NOW + timedelta(days=days)
        return put(data, processed=True, **({"at": at, "position": AT_CENTRE} | more))

    return submitted


@pytest.fixture
def examined(app: Flask) -> Callable[..., None]:
    """A function: run the job for these photos, as a worker does."""

    def run(*photos: Photo) -> None:
        for photo in photos:
            with app.app_context():
                examine(str(photo.id))
                db.session.remove()

    return run
