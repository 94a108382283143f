"""What these tests share: photos as the photos' tests send them, and textured pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from app.photos.models import Photo
from tests.photos.conftest import files, put

__all__ = ["files", "put"]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser, in English."""
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    return stranger


@cache
def field(seed: int = 1, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """A picture with as much to hold on to as a field has; the same seed, the same picture."""
    chance = Random(seed)
    picture = Image.new("RGB", size, (96, 120, 80))
    draw = ImageDraw.Draw(picture)
    for _ in range(420):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        w, h = chance.randrange(8, 90), chance.randrange(8, 70)
        colour = tuple(chance.randrange(256) for _ in range(3))
        shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        shape((x, y, x + w, y + h), fill=colour)
    return picture


def jpeg_of(picture: Image.Image, quality: int = 90) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()


@pytest.fixture
def photo(put: Callable[..., Photo]) -> Photo:
    """A processed photo of the volunteer's centre, with its renditions, code and fingerprint."""
    return put(jpeg_of(field()), processed=True)
