"""Building: from the request to the issued file, whoever dies on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from app.packets import claims, jobs, part_claims, parts, ringing_jobs, service
from app.packets.bag.verify import verify
from app.packets.compile import make_part
from app.packets.models import Packet, PacketPart
from app.packets.store import aside_key, pages_key
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.work import work
from tests.conftest import SentJobs, World
from tests.packets.building import build, part_numbers
from tests.packets.conftest import Quarter2567Q2
from tests.packets.reading import pdf_text, read_entry
from tests.packets.test_service import ask


@pytest.fixture
def files(app: Flask) -> FileStore:
    """Where packets lie."""
    store: FileStore = app.extensions["files"]
    return store


@pytest.fixture
def packet_id(
    app: Flask, world: World, quarter: Quarter2567Q2, monkeypatch: pytest.MonkeyPatch
) -> UUID:
    """A packet of Pong, asked for and committed: two parts, for its two centres."""
    monkeypatch.setattr(parts, "MOST_LINES", parts.SHEET_LINES + 2)
    with app.app_context():
        with work() as w:
            packet, _to_build = ask(w.session, world["officer"], at=now())
        db.session.remove()
        return packet.id


def look(packet_id: UUID) -> Packet:
    return db.session.get_one(Packet, packet_id, populate_existing=True)


def left(files: FileStore, packet_id: UUID) -> list[str]:
    """Names of the files there are of a packet."""
    folder = files.path(f"packets/{packet_id}")
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.mark.both_stores
def test_a_request_becomes_an_issued_packet_that_is_whole(
    app: Flask, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        build(str(packet_id))
        packet = look(packet_id)
        path = files.path(packet.file_key or "")
        report = verify(path)

        assert packet.state == "ready"
        assert packet.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert packet.fingerprint == report.fingerprint
        assert packet.size_bytes == path.stat().st_size
        assert (packet.n_files, packet.n_gaps) == (report.files, 0)
        assert (report.whole, report.signature) == (True, "valid")
        assert left(files, packet_id) == [path.name]
        text = pdf_text(read_entry(path, "data/report.pdf"))
        assert "อำเภอปง จังหวัดพะเยา" in text
        assert "0812345678" not in text


def test_a_second_run_leaves_the_issued_packet_alone(
    app: Flask, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        build(str(packet_id))
        before = look(packet_id)
        was = before.sha256, before.ready_at, before.attempts
        build(str(packet_id))
        after = look(packet_id)
        assert (after.sha256, after.ready_at, after.attempts) == was
        assert len(left(files, packet_id)) == 1


def test_beginning_rings_for_every_part_and_for_the_binding_after_them(
    app: Flask, packet_id: UUID, sent: SentJobs
) -> None:
    sent.jobs.clear()
    with app.app_context():
        jobs.begin(str(packet_id))
    ids = {"packet_id": str(packet_id)}
    assert sent.jobs == [
        (ringing_jobs.PART, {**ids, "number": "0"}),
        (ringing_jobs.PART, {**ids, "number": "1"}),
        (ringing_jobs.JOIN, ids),
    ]


def test_the_end_of_the_last_part_rings_for_the_binding(
    app: Flask, packet_id: UUID, sent: SentJobs
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        sent.jobs.clear()
        jobs.part(str(packet_id), "1")
        assert sent.jobs == []
        jobs.part(str(packet_id), "0")
    assert sent.jobs == [(ringing_jobs.JOIN, {"packet_id": str(packet_id)})]


def test_binding_too_early_does_nothing(app: Flask, packet_id: UUID, files: FileStore) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        jobs.part(str(packet_id), "0")
        jobs.join(str(packet_id))
        assert (look(packet_id).state, look(packet_id).file_key) == ("building", None)


def test_a_part_that_is_done_is_never_made_again(
    app: Flask, packet_id: UUID, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(content: object, part: parts.Part, *args: object, **named: object) -> object:
        made.append(part.number)
        return make_part(content, part, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "make_part", counted)
    with app.app_context():
        jobs.begin(str(packet_id))
        jobs.part(str(packet_id), "0")
        build(str(packet_id))
        assert look(packet_id).state == "ready"
    assert made == [0, 1]


def test_a_photo_that_vanished_after_the_request_is_a_gap_in_the_packet(
    app: Flask, packet_id: UUID, files: FileStore, quarter: Quarter2567Q2
) -> None:
    with app.app_context():
        photo = db.session.get_one(Photo, quarter.photos[0])
        files.delete(content_key("renditions", str(photo.view_sha256)))
        build(str(packet_id))
        packet = look(packet_id)
        assert (packet.state, packet.n_gaps) == ("ready", 1)
        gaps = read_entry(files.path(packet.file_key or ""), "data/gaps.csv").decode()
        assert "ไม่พบไฟล์ภาพย่อ" in gaps


@pytest.mark.parametrize("now_it_is", ["gone", "another"])
def test_a_photo_that_changed_after_its_part_was_made_has_the_part_made_again(
    app: Flask, packet_id: UUID, files: FileStore, quarter: Quarter2567Q2, now_it_is: str
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        for number in part_numbers(packet_id):
            jobs.part(str(packet_id), str(number))
        photo = db.session.get_one(Photo, quarter.photos[0])
        path = files.path(content_key("renditions", str(photo.view_sha256)))
        path.unlink() if now_it_is == "gone" else path.write_bytes(path.read_bytes()[:-2] + b"xx")
        with pytest.raises(jobs.PhotoChanged):
            jobs.join(str(packet_id))
        assert look(packet_id).last_error_code == "photo_changed"

        build(str(packet_id))

        packet = look(packet_id)
        assert (packet.state, packet.n_gaps) == ("ready", 1)
        assert verify(files.path(packet.file_key or "")).whole


@pytest.mark.both_stores
def test_what_a_part_left_may_get_lost_and_is_made_again(
    app: Flask, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        for number in part_numbers(packet_id):
            jobs.part(str(packet_id), str(number))
        files.delete(pages_key(packet_id, 1))
        with pytest.raises(jobs.PartsGone):
            jobs.join(str(packet_id))
        build(str(packet_id))
        assert look(packet_id).state == "ready"


def test_a_build_that_lost_its_claim_takes_its_file_away(
    app: Flask, packet_id: UUID, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker takes the packet over at the moment the slow one is about to finish."""
    real = claims.finish

    def overtaken(*args: object, **named: object) -> None:
        db.session.execute(
            update(Packet).where(Packet.id == packet_id).values(attempts=Packet.attempts + 1)
        )
        real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "finish", overtaken)
    with app.app_context():
        build(str(packet_id))
        assert look(packet_id).state == "building"
        assert not [name for name in left(files, packet_id) if name.endswith(".zip")]


def test_cancelling_stops_a_part_at_its_next_step_and_removes_everything(
    app: Flask, world: World, packet_id: UUID, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = part_claims.renew_part

    def cancelled(*args: object, **named: object) -> None:
        with work() as w:
            service.cancel(w.session, look(packet_id), world["officer"], now())
        with work() as w:
            real(w.session, *args[1:], **named)  # type: ignore[arg-type]

    with app.app_context():
        jobs.begin(str(packet_id))
        jobs.part(str(packet_id), "0")
        monkeypatch.setattr(part_claims, "renew_part", cancelled)
        jobs.part(str(packet_id), "1")
        assert look(packet_id).state == "cancelled"
        assert left(files, packet_id) == []
        assert part_numbers(packet_id) == []


def test_cancelling_stops_the_binding_and_it_can_be_asked_for_again(
    app: Flask, world: World, packet_id: UUID, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = claims.advance

    def cancelled(*args: object, **named: object) -> None:
        service.cancel(db.session(), look(packet_id), world["officer"], now())
        db.session.commit()
        real(*args, **named)  # type: ignore[arg-type]

    with app.app_context():
        monkeypatch.setattr(claims, "advance", cancelled)
        build(str(packet_id))
        assert look(packet_id).state == "cancelled"
        assert left(files, packet_id) == []
        monkeypatch.undo()
        with work() as w:
            assert service.ask_again(w.session, look(packet_id), world["officer"], now())
        build(str(packet_id))
        assert look(packet_id).state == "ready"


def test_trouble_is_written_down_and_the_packet_waits_for_the_next_try(
    app: Flask, packet_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        with monkeypatch.context() as patch:
            patch.setattr("app.packets.report.setting.TEMPLATE", tmp_path / "absent.typ")
            with pytest.raises(FileNotFoundError):
                jobs.part(str(packet_id), "0")
        part = db.session.get_one(PacketPart, (packet_id, 0), populate_existing=True)
        assert (part.state, part.broken, part.last_error_code) == ("waiting", 1, "storage")
        build(str(packet_id))
        assert look(packet_id).state == "ready"


@pytest.mark.both_stores
def test_an_issued_file_that_does_not_verify_is_kept_aside_and_never_handed_out(
    app: Flask, packet_id: UUID, files: FileStore, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        for number in part_numbers(packet_id):
            jobs.part(str(packet_id), str(number))
        jobs.join(str(packet_id))
        key = look(packet_id).file_key or ""
        data = bytearray(files.read(key))
        data[len(data) // 2] ^= 1
        files.path(key).write_bytes(data)

        jobs.read_back(str(packet_id))

        packet = look(packet_id)
        assert (packet.state, packet.last_error_code) == ("failed", "not_whole")
        assert packet.file_key is None
        assert files.exists(aside_key(key))
        assert not files.exists(key)
    assert "is not what was issued" in caplog.text


def test_the_sweeper_removes_what_a_cancelled_packet_left(
    app: Flask, world: World, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        jobs.begin(str(packet_id))
        jobs.part(str(packet_id), "0")
        with work() as w:
            service.cancel(w.session, look(packet_id), world["officer"], now())
        assert left(files, packet_id)
        ringing_jobs.clear_left_over(files)
        assert left(files, packet_id) == []
