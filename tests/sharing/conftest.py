"""What these tests share: a processed photo, of a centre or of a visit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.photos.models import Photo
from tests.photos.conftest import files, put
from tests.verification.conftest import field, jpeg_of

__all__ = ["files", "put"]


@pytest.fixture
def photo(put: Callable[..., Photo]) -> Photo:
    """A processed photo of the volunteer's centre."""
    return put(jpeg_of(field()), processed=True)
