"""`flask packet`: a packet without web and queue, and the check that needs neither."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.packets.bag.verify import verify
from app.packets.models import Packet
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from tests.conftest import World
from tests.packets.building import build
from tests.packets.conftest import Quarter2567Q2
from tests.packets.test_service import ask


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["packet", *arguments])
    return result.exit_code, result.output


def test_a_packet_built_here_and_on_the_web_has_the_same_bytes(
    app: Flask, world: World, quarter: Quarter2567Q2, tmp_path: Path
) -> None:
    with app.app_context():
        with work() as w:
            packet_id = ask(w.session, world["officer"], at=now())[0].id
        build(str(packet_id))
        sha256 = db.session.get_one(Packet, packet_id, populate_existing=True).sha256
        db.session.remove()
    out = tmp_path / "packet.zip"

    code, said = _run(app, "build", "--quarter", "2567Q2", "--area", "5606", "--out", str(out))

    assert code == 0, said
    assert f"SHA-256 {sha256}" in said
    assert "edition 1, as asked for on the web" in said
    code, said = _run(app, "verify", str(out))
    assert code == 0
    assert "issued here on" in said


def test_without_a_request_it_builds_what_the_next_edition_would_be(
    app: Flask, quarter: Quarter2567Q2, tmp_path: Path
) -> None:
    out = tmp_path / "packet.zip"
    code, said = _run(
        app, "build", "--quarter", "2567Q2", "--centre", "5606-001", "--out", str(out)
    )
    assert code == 0, said
    assert "edition 1, not issued" in said
    assert verify(out).whole
    with app.app_context():
        assert db.session.query(Packet).count() == 0
    assert "not in this system's register" in _run(app, "verify", str(out))[1]


def test_verify_answers_by_exit_status(app: Flask, tmp_path: Path) -> None:
    absent = tmp_path / "absent.zip"
    assert _run(app, "verify", str(absent))[0] == 2
    absent.write_bytes(b"no zip")
    assert _run(app, "verify", str(absent))[0] == 2


def test_wrong_units_and_quarters_are_named(app: Flask, tmp_path: Path) -> None:
    out = str(tmp_path / "x.zip")
    code, said = _run(app, "build", "--quarter", "2567Q2", "--area", "9999", "--out", out)
    assert (code, "no such unit" in said) == (2, True)
    code, said = _run(app, "build", "--quarter", "2024", "--area", "5606", "--out", out)
    assert (code, "2024" in said) == (2, True)
    assert _run(app, "build", "--quarter", "2567Q2", "--out", out)[0] == 2


def test_building_an_unissued_list_twice_gives_the_same_bytes(
    app: Flask, quarter: Quarter2567Q2, tmp_path: Path
) -> None:
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for file in files:
        code, said = _run(app, "build", "--quarter", "2567Q2", "--area", "5606", "--out", str(file))
        assert code == 0, said
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_folder_that_is_not_there_is_told_in_one_line(
    app: Flask, quarter: Quarter2567Q2, tmp_path: Path
) -> None:
    out = str(tmp_path / "gone" / "x.zip")
    code, said = _run(app, "build", "--quarter", "2567Q2", "--area", "5606", "--out", out)
    assert (code, len(said.strip().splitlines())) == (1, 1)
    assert "gone" in said
