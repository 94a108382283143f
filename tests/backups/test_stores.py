"""Files in a bucket: backed up out of it, restored into it, into another, and into a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.packets.models import Packet
from app.shared.db import db
from app.shared.files import content_key
from app.shared.ids import new_id
from tests.backups.commands import Commands
from tests.backups.filling import Filled
from tests.backups.test_commands import on_sqlite, rows_of, settings_of
from tests.conftest import NOW, World
from tests.packets.bucket import KEY, NAME, SECRET, Bucket, serving

PACKET = b"a packet, signed " * 5_000
KEYS = {"LAKTHAN_S3_KEY": KEY, "LAKTHAN_S3_SECRET": SECRET}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with serving(tmp_path_factory.mktemp("bucket")) as started:
        yield started


def at(bucket: Bucket, prefix: str) -> str:
    return bucket.url.replace("/issued?", f"/{prefix}?")


def with_buckets(app: Flask, url: str, packets_url: str = "") -> Flask:
    """The same installation with its files in a bucket."""
    changed = {"store": url, "packets_store": packets_url, "s3_key": KEY, "s3_secret": SECRET}
    return create_app(settings_of(app).model_copy(update=changed), send_job=lambda *_a, **_k: None)


def issue(app: Flask, world: World) -> str:
    """A packet in the register and in the vault; returns its key."""
    packet_id = new_id()
    key = f"packets/{packet_id}/1/packet.zip"
    with app.app_context():
        session = db.session()
        session.add(Packet(
            id=packet_id, scope_kind="province", scope_code="56", quarter="2567Q2", edition=1,
            frozen={}, content_sha256="0" * 64, state="ready", state_since=NOW, file_key=key,
            sha256=hashlib.sha256(PACKET).hexdigest(), size_bytes=len(PACKET),
            requested_by=world["admin"].account_id, requested_at=NOW,
        ))  # fmt: skip
        session.commit()
        with app.extensions["files"].writing(key) as target:
            target.write(PACKET)
        app.extensions["packet_vault"].take_over(app.extensions["files"], key)
        db.session.remove()
    return key


@on_sqlite
def test_files_in_buckets_are_backed_up_and_come_back_wherever_files_lie(
    app: Flask, filled: Filled, world: World, elsewhere: Flask, commands: Commands,
    bucket: Bucket, tmp_path: Path,
) -> None:  # fmt: skip
    folder, plain = tmp_path / "backups", app.extensions["files"]
    url, packets_url = at(bucket, "all"), at(bucket, "issued")
    here = with_buckets(app, url, packets_url)
    for each in plain.keys(""):
        here.extensions["files"].put_file(plain.path(each.key), each.key)
        plain.delete(each.key)
    key = issue(here, world)
    said = {"LAKTHAN_STORE": url, "LAKTHAN_PACKETS_STORE": packets_url} | KEYS
    commands.done(settings_of(app), "backup", folder, **said)
    sent = bucket.sent_bytes
    assert "(0 new" in commands.done(settings_of(app), "backup", folder, **said)
    assert bucket.sent_bytes - sent < len(PACKET)  # nothing was fetched a second time

    there = settings_of(elsewhere)
    commands.done(there, "restore", folder)
    assert rows_of(elsewhere) == rows_of(app)
    look(elsewhere, filled, key)  # into a folder

    url, packets_url = at(bucket, "all2"), at(bucket, "issued2")
    said = {"LAKTHAN_STORE": url, "LAKTHAN_PACKETS_STORE": packets_url} | KEYS
    other = with_buckets(elsewhere, url, packets_url)
    other.extensions["files"].put_bytes("originals/aa/bb/since", b"came since")
    assert "1 files that came after" in commands.done(
        there, "restore", folder, "--replace", **said
    )  # into other buckets
    look(other, filled, key)
    assert not other.extensions["files"].exists("originals/aa/bb/since")
    assert [*(bucket.folder / NAME / "issued2").rglob("packet.zip")]
    whole = Path(bucket.folder / NAME / "issued2" / key)
    whole.write_bytes(b"x" * len(PACKET))
    commands.done(there, "restore", folder, "--replace", **said)  # what rotted there is mended
    look(other, filled, key)


@on_sqlite
def test_a_bucket_that_is_away_is_told_and_there_is_no_half_backup(
    app: Flask, filled: Filled, commands: Commands, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    away = "s3://lakthan/x?endpoint=http://127.0.0.1:9"
    ended = commands.run(settings_of(app), "backup", folder, LAKTHAN_STORE=away, **KEYS)
    assert ended.sentence.startswith("The disk refused: ")
    assert SECRET not in ended.said
    assert not [*(folder / "sets").iterdir()]


def look(app: Flask, filled: Filled, packet: str) -> None:
    """Photos byte for byte, and the packet where the vault looks for it."""
    files, vault = app.extensions["files"], app.extensions["packet_vault"]
    for sha256, data in filled.photos.items():
        assert files.read(content_key("originals", sha256)) == data
    with vault.open(packet) as file:
        assert file.read() == PACKET
