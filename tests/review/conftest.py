"""What the review's tests share with the photos': where pictures lie, and a way to put one."""

from __future__ import annotations

from tests.photos.conftest import files, put

__all__ = ["files", "put"]
