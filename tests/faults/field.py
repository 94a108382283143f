"""What field tests share: how long to go on, pictures to send, what the office holds in the end."""

from __future__ import annotations

import io
import os
from hashlib import sha256
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.photos.models import Photo
from app.shared.db import db
from app.shared.files import content_key
from app.visits.models import Visit
from config import Settings

FULL = os.environ.get("LAKTHAN_FAULTS") == "full"  # as `make test-faults` asks


def pictures(folder: Path, count: int, *, said: str = "", size: int = 0) -> list[Path]:
    """Photos, each another, all named as cameras name them; `said` lies in their comment.

    With `size` a photo has exactly that many bytes: noise after the picture's end, as some
    cameras put a film there.
    """
    files = []
    for number in range(count):
        target = io.BytesIO()
        image = Image.effect_noise((640, 480), 40 + number).convert("RGB")
        image.save(target, "JPEG", comment=f"{said}{number}".encode())
        content = target.getvalue()
        files.append(folder / f"image-{number}.jpg")
        files[-1].write_bytes(content + os.urandom(max(0, size - len(content))))
    return files


def digests(files: list[Path]) -> list[str]:
    """Their SHA-256, sorted."""
    return sorted(sha256(file.read_bytes()).hexdigest() for file in files)


def visits(app: Flask) -> list[Visit]:
    """Every visit the office has, in the order of their ids."""
    with app.app_context():
        found = list(db.session().scalars(select(Visit).order_by(Visit.id)))
        db.session.remove()
    return found


def originals(app: Flask, settings: Settings) -> list[str]:
    """Digests of the originals, each worked out anew from the file on the server's disk."""
    with app.app_context():
        photos = list(db.session().scalars(select(Photo)))
        db.session.remove()
    assert {photo.state for photo in photos} <= {"received", "processed"}
    return digests(
        [settings.files_dir / content_key("originals", p.original_sha256) for p in photos]
    )
