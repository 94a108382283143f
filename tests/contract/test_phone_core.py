"""The phone's own code against the real server: a day of visits, checks, photos, corrections."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from uuid import UUID

from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.devices.models import CaptureProof, Device
from app.photos.models import Photo
from app.shared.db import db
from app.visits.models import Visit
from tests.conftest import PASSWORD, World
from tools.setup.node import find_node

SCRIPT = Path(__file__).resolve().parent.parent / "js" / "bench" / "field_day.js"


def test_a_day_in_the_field_arrives_whole(app: Flask, world: World, address: str, tmp_path: Path):
    node = find_node()
    assert node is not None
    pictures = [_picture(tmp_path / "original.jpg", 1800), _picture(tmp_path / "small.jpg", 300)]
    asked = [address, "officer", PASSWORD, str(world.centre), *pictures]
    run = subprocess.run(
        [node.node, str(SCRIPT), *asked], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    day = json.loads(run.stdout)

    assert [one["state"] for one in day["entries"]] == ["received"] * len(day["entries"]), day
    assert all(one["verified"] for one in day["entries"])
    assert day["conflict"] == ["fixing", "conflict", 2]
    assert set(day["changed"]) >= {"account", "programme", "centres", "rounds", "due", "records"}
    assert day["again"] == []
    assert day["rescued"] == ["created"]
    assert day["judged"] == []
    with app.app_context():
        one = db.session.get_one(Visit, UUID(day["ids"]["one"]))
        assert (one.n_male, one.version) == (31, 3)
        assert db.session.get_one(Visit, UUID(day["ids"]["two"])).deleted_at is not None
        photo = db.session.get_one(Photo, UUID(day["ids"]["picture"]))
        assert (photo.state, photo.caption) == ("received", "แปลงผักหลังฝน")
        assert len(db.session.scalars(select(Device)).all()) == 1
        assert all(db.session.scalars(select(CaptureProof.verified)))


def _picture(path: Path, width: int) -> str:
    Image.effect_noise((width, width * 3 // 4), 80).convert("RGB").save(path, quality=95)
    return str(path)
