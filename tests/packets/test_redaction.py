"""Forgetting: no edition keeps a person who asked to be forgotten, and the register stays true."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, undefer

from app.packets.clearing import CHANGE_OF_MIND
from app.packets.frozen.content import Options, from_json
from app.packets.models import Packet, PacketPart, PacketPerson
from app.packets.queries import scope_for, taken_by
from app.packets.redaction import REASON, forget_late
from app.packets.service import cancel, note_download, request_packet
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.work import work
from app.upkeep.jobs import clear_packets
from app.visits.models import Visit
from app.visits.service import forget_visitor, record_visit
from tests.conftest import World
from tests.packets.building import build
from tests.packets.conftest import Quarter2567Q2
from tests.packets.reading import pdf_text
from tests.visits.drafts import CONSENTED, NOW, make_draft

SignIn = Callable[[str], FlaskClient]
ASKED = datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
FORGOTTEN = ASKED + timedelta(days=9)
Q2 = Quarter.parse("2567Q2")
NAME, NUMBER, REMARK = "ครูสมศรี", "0812345678", "ฝากขอบคุณลุงแดงมาก"
WHY = f"จะโทรหา{NAME} ใจดี เพื่อตรวจสอบ"
UNMASKED = Options(unmasked=True)


def ask(
    session: Session, world: World, options: Options | None = None, unit: str = "5606"
) -> Packet:
    officer = world["officer"]
    kind = "centre" if "-" in unit else "district"
    return request_packet(
        session, officer, scope_for(session, officer, kind, unit), Q2,
        programme=load_programme(), now=ASKED, options=options, reason=WHY,
    )[0]  # fmt: skip


def issue(app: Flask, packet: Packet) -> None:
    """As if it was built: a file that holds the name, and what building left beside it."""
    files: FileStore = app.extensions["files"]
    key = f"packets/{packet.id}/1.zip"
    files.put_bytes(key, NAME.encode())
    files.put_bytes(f"packets/{packet.id}/parts/0.pdf", NAME.encode())
    packet.state, packet.file_key, packet.size_bytes = "ready", key, len(NAME.encode())
    packet.fingerprint, packet.ready_at, packet.started_at = "ab" * 32, ASKED, ASKED


@pytest.fixture
def visit(session: Session, world: World) -> UUID:
    """A visit whose person left a name, a number and a remark."""
    draft = make_draft(world.centre, **CONSENTED, suggestion=REMARK)
    visit_id = record_visit(session, draft, actor=world["officer"], now=NOW)[0].id
    session.commit()
    return visit_id


def forget(session: Session, world: World, visit_id: UUID) -> None:
    forget_visitor(session, visit_id, actor=world["officer"], now=FORGOTTEN, reason="ขอให้ลบ")


def sweep_packets(app: Flask, instant: datetime) -> None:
    """As the sweeper does."""
    clear_packets(app.extensions["files"], instant)


def all_of(session: Session, packet: Packet) -> str:
    """Every column of a packet's row, as text."""
    session.flush()
    session.expire_all()
    row = session.get_one(Packet, packet.id, options=[undefer(Packet.frozen)])
    return " ".join(str(getattr(row, column.key)) for column in inspect(Packet).column_attrs)


def bytes_below(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Every file, and every file in every ZIP (a packet, a workbook, a DOCX)."""
    for path in (each for each in folder.rglob("*") if each.is_file()):
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}!{name}", archive.read(name)


def test_an_unmasked_edition_is_withdrawn_and_made_again_without_the_person(
    app: Flask, session: Session, world: World, visit: UUID
) -> None:
    packet = ask(session, world, UNMASKED)
    issue(app, packet)
    note_download(session, packet, world["reviewer"], ASKED)

    forget(session, world, visit)

    assert packet.state == "withdrawn"
    assert packet.withdrawn_at
    again = session.scalars(select(Packet).where(Packet.redacts_id == packet.id)).one()
    content = from_json(again.frozen)
    assert (again.state, again.edition, again.reason) == ("queued", 2, REASON)
    assert (content.redacts, content.requested.reason, again.unmasked) == (1, REASON, True)
    assert [v.n_total for v in content.visits] == [42]  # counts stay
    for row in (packet, again):
        for word in (NAME, NUMBER, REMARK):
            assert word not in all_of(session, row)
    assert [taken.name for taken in taken_by(session, packet)] == [world["reviewer"].name]


def test_a_masked_edition_goes_only_where_it_holds_the_persons_remark(
    app: Flask, session: Session, world: World, visit: UUID
) -> None:
    told = ask(session, world)
    issue(app, told)
    other = ask(session, world, unit="5606-002")  # another centre's packet
    issue(app, other)
    forget(session, world, visit)
    assert (told.state, other.state) == ("withdrawn", "ready")
    assert NAME not in all_of(session, told)


def test_a_masked_edition_without_a_remark_stays(
    app: Flask, session: Session, world: World
) -> None:
    draft = make_draft(world.centre, **CONSENTED, suggestion=None)
    visit_id = record_visit(session, draft, actor=world["officer"], now=NOW)[0].id
    packet = ask(session, world)
    issue(app, packet)
    forget(session, world, visit_id)
    assert packet.state == "ready"


def test_an_edition_in_the_works_is_stopped_and_asked_for_again(
    session: Session, world: World, visit: UUID
) -> None:
    packet = ask(session, world)
    packet.state, packet.started_at = "building", ASKED
    session.flush()
    forget(session, world, visit)
    again = session.scalars(select(Packet).where(Packet.redacts_id == packet.id)).one()
    assert (packet.state, again.state) == ("withdrawn", "queued")


def test_a_cancelled_edition_loses_its_list_and_is_not_made_again(
    session: Session, world: World, visit: UUID
) -> None:
    packet = ask(session, world)
    cancel(session, packet, world["officer"], ASKED)
    forget(session, world, visit)
    assert (packet.state, packet.frozen) == ("withdrawn", {})
    assert session.scalars(select(Packet).where(Packet.redacts_id == packet.id)).all() == []


def test_forgetting_twice_and_another_person_later_each_leave_one_edition_that_stands(
    app: Flask, session: Session, world: World, visit: UUID
) -> None:
    draft = make_draft(world.neighbour, **CONSENTED, suggestion="อีกคนหนึ่ง")
    second = record_visit(session, draft, actor=world["officer"], now=NOW)[0].id
    ask(session, world)
    for visit_id in (visit, visit, second):
        forget(session, world, visit_id)
    found = session.scalars(select(Packet).order_by(Packet.edition)).all()
    assert [packet.state for packet in found] == ["withdrawn", "withdrawn", "queued"]
    assert not any(v.suggestion for v in from_json(found[-1].frozen).visits)


def test_a_list_of_before_it_was_written_down_who_is_in_it_is_found_too(
    session: Session, world: World, visit: UUID
) -> None:
    packet = ask(session, world)
    packet.head = {}
    for row in session.scalars(select(PacketPerson)).all():
        session.delete(row)
    session.flush()
    forget(session, world, visit)
    assert packet.state == "withdrawn"


def test_a_list_frozen_while_somebody_was_being_forgotten_is_found_by_the_sweeper(
    session: Session, world: World, visit: UUID
) -> None:
    forget(session, world, visit)
    one = session.get_one(Visit, visit)
    one.suggestion = REMARK  # as a transaction sees it that began before
    packet = ask(session, world)
    packet.requested_at = FORGOTTEN + timedelta(seconds=2)
    session.flush()
    assert forget_late(session, FORGOTTEN + timedelta(seconds=30)) == 1
    assert packet.state == "withdrawn"
    assert forget_late(session, FORGOTTEN + timedelta(seconds=40)) == 0


@pytest.mark.both_stores
def test_the_sweeper_leaves_no_byte_of_a_withdrawn_edition_and_spares_the_others(
    app: Flask, session: Session, world: World, visit: UUID
) -> None:
    gone = ask(session, world, UNMASKED)
    issue(app, gone)
    session.add(PacketPart(packet_id=gone.id, number=0, weight=1, state="done"))
    kept = ask(session, world, unit="5606-002")
    issue(app, kept)
    kept_key = kept.file_key or ""
    forget(session, world, visit)
    session.commit()

    sweep_packets(app, FORGOTTEN)
    sweep_packets(app, FORGOTTEN)

    files: FileStore = app.extensions["files"]
    assert not files.path(f"packets/{gone.id}").exists()
    assert files.exists(kept_key)
    session.expire_all()
    assert (gone.file_key, gone.started_at) == (None, None)
    assert session.scalars(select(PacketPart)).all() == []
    assert gone.fingerprint  # what was signed can still be told to be withdrawn


@pytest.mark.both_stores
def test_a_worker_that_writes_after_the_withdrawal_is_cleared_up_after(
    app: Flask, session: Session, world: World, visit: UUID
) -> None:
    packet = ask(session, world)
    packet.state, packet.started_at = "building", ASKED
    session.add(
        PacketPart(
            packet_id=packet.id, number=0, weight=1, state="making",
            lease_until=FORGOTTEN + timedelta(seconds=60),
        )
    )  # fmt: skip
    session.flush()
    forget(session, world, visit)
    session.commit()
    files: FileStore = app.extensions["files"]
    sweep_packets(app, FORGOTTEN)
    files.put_bytes(f"packets/{packet.id}/parts/0.pdf", NAME.encode())
    sweep_packets(app, FORGOTTEN + timedelta(seconds=61))
    assert not files.path(f"packets/{packet.id}").exists()
    session.expire_all()
    assert packet.started_at is None


@pytest.mark.both_stores
def test_a_cancelled_packet_keeps_its_files_for_an_hour(
    app: Flask, session: Session, world: World
) -> None:
    packet = ask(session, world)
    packet.started_at = ASKED
    session.flush()
    cancel(session, packet, world["officer"], ASKED)
    session.commit()
    files: FileStore = app.extensions["files"]
    files.put_bytes(f"packets/{packet.id}/parts/0.pdf", b"x")
    sweep_packets(app, ASKED + CHANGE_OF_MIND - timedelta(seconds=1))
    assert files.path(f"packets/{packet.id}").exists()
    sweep_packets(app, ASKED + CHANGE_OF_MIND)
    assert not files.path(f"packets/{packet.id}").exists()


@pytest.mark.both_stores
def test_a_withdrawn_edition_cannot_be_taken_and_says_who_had_it(
    app: Flask, sign_in: SignIn, world: World
) -> None:
    with app.app_context():
        with work() as w:
            draft = make_draft(world.centre, **CONSENTED, suggestion=REMARK)
            visit_id = record_visit(w.session, draft, actor=world["officer"], now=NOW)[0].id
            packet = ask(w.session, world, UNMASKED)
            issue(app, packet)
            note_download(w.session, packet, world["reviewer"], ASKED)
            forget(w.session, world, visit_id)
            withdrawn = f"/packets/{packet.id}"
            redacted = select(Packet.id).where(Packet.redacts_id == packet.id)
            again = f"/packets/{w.session.scalars(redacted).one()}"
        db.session.remove()
    client = sign_in("officer")
    shown = client.get(withdrawn).text
    assert "ถูกเพิกถอน" in shown
    assert again in shown
    assert world["reviewer"].name in shown
    assert withdrawn in client.get(again).text
    for what in ("download", "documents/report.pdf"):
        assert client.get(f"{withdrawn}/{what}").status_code == 404
    client.post(f"{withdrawn}/again")
    client.post(f"{withdrawn}/cancel")
    assert client.get(f"{withdrawn}/state").json["state"] == "withdrawn"  # type: ignore[index]


@pytest.mark.both_stores
def test_after_forgetting_the_name_is_in_no_row_and_no_file(
    app: Flask, world: World, quarter: Quarter2567Q2, fonts: Path
) -> None:
    """Built for real, forgotten, built again: searched byte by byte, also inside what is packed."""
    folder: Path = app.extensions["files"].root
    with app.app_context():
        with work() as w:
            packet_id = ask(w.session, world, UNMASKED).id
        build(str(packet_id))
        assert any(NAME in text for _name, text in _texts(folder)), "the name was never there"
        with work() as w:
            forget(w.session, world, quarter.visits[0])
        sweep_packets(app, FORGOTTEN)
        with work() as w:
            again = w.session.scalars(select(Packet).where(Packet.redacts_id == packet_id)).one()
            again_id = again.id
        build(str(again_id))
        rows = db.session.scalars(select(Packet).options(undefer(Packet.frozen))).all()
        assert [row.state for row in sorted(rows, key=lambda r: r.edition)] == [
            "withdrawn",
            "ready",
        ]
        for row in rows:
            for word in (NAME, NUMBER):
                assert word not in all_of(db.session(), row)
        db.session.remove()
    for name, text in (*_texts(folder), *_texts(app.config["SETTINGS"].files_dir)):
        assert NAME not in text, name
        assert NUMBER not in text, name


def _texts(folder: Path) -> Iterable[tuple[str, str]]:
    for name, data in bytes_below(folder):
        if data.startswith(b"%PDF"):
            yield name, pdf_text(data)
        yield name, data.decode("utf-8", "ignore")
