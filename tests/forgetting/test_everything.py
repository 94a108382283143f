"""Bar 23: somebody is forgotten, and then every byte there is gets searched for them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.packets.frozen.content import Options
from app.packets.models import Packet
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, now
from app.shared.db import db
from app.shared.work import work
from app.subjects.models import SubjectRequest
from app.subjects.service import decide, open_request
from app.upkeep.jobs import sweep
from app.visits.queries import VisitFilter, visit_totals
from tests.conftest import SentJobs, World
from tests.forgetting.searching import (
    GIVEN,
    NAME,
    PHONE,
    REMARK,
    SAID,
    found_in,
    found_in_database,
    found_under,
)
from tests.packets.building import build
from tests.photos import makers
from tests.sync.phone_client import Item, Phone

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def phones(app: Flask, world: World) -> tuple[Phone, Phone]:
    """The volunteer's phone and an officer's."""
    found = []
    for who in ("volunteer", "officer"):
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol(who, "a long test password")
        found.append(phone)
    return found[0], found[1]


def recorded(world: World, mine: Phone, other: Phone) -> Item:
    """A visit with a person all over it: corrected on two phones, photographed, followed up."""
    visit = mine.visit(
        world.centre, leader_name=NAME, phone=PHONE, suggestion=f"{REMARK} ({GIVEN})",
        group_name=f"ครอบครัวคุณ{GIVEN}", visit_date="2024-01-10",
    )  # fmt: skip
    assert mine.put(visit)["status"] == "created"
    picture = makers.jpeg(picture=makers.scene((320, 240)))
    words = {"caption": f"{NAME} ห่มดิน โทร 089-135-7924", "file_name": f"{GIVEN}.jpg"}
    photo = mine.photo("visit", visit["id"], picture, **words)
    assert mine.put(photo)["status"] == "created"
    mine.upload(photo["attachments"][0], picture)
    check = mine.followup(visit["id"], reason=SAID, next_step=f"โทรหา {NAME} ๐๘๙-๑๓๕-๗๙๒๔")
    assert mine.put(check)["status"] == "created"
    other.put(other.edit("visit", visit["data"] | {"n_male": 1}, 1))
    conflict = mine.edit("visit", visit["data"] | {"n_male": 2, "suggestion": REMARK}, 1)
    assert mine.put(conflict)["status"] == "conflict"
    return visit


def packets_of(app: Flask, world: World) -> None:
    """A masked and an unmasked edition of the centre's quarter, built."""
    with app.app_context():
        for options in (Options(), Options(unmasked=True)):
            with work() as w:
                officer = world["officer"]
                packet, _ = request_packet(
                    w.session, officer, scope_for(w.session, officer, "centre", "5606-001"),
                    Quarter.parse("2567Q2"), programme=load_programme(), now=now(),
                    options=options, reason=f"จะโทรหา {NAME} 0891357924",
                )  # fmt: skip
            build(str(packet.id))


def asked(app: Flask, visit: Item, world: World) -> None:
    """The person asks on paper, in words of their own."""
    with app.app_context(), work() as w:
        open_request(
            w.session, kind="forget", via="paper", area_code="5606", visit_id=_id(visit),
            asked=f"ขอลบชื่อ {NAME}", contact=PHONE, recorded_by=world["officer"].account_id,
            now=now(),
        )  # fmt: skip


def figures(app: Flask, world: World, client: FlaskClient) -> list[Any]:
    """What is counted: totals of the book, and the pages that show sums."""
    with app.app_context():
        totals = visit_totals(db.session(), world["officer"], VisitFilter())
        db.session.remove()
    pages = [client.get(f"/board?q={q}").status_code for q in ("2567Q1", "2567Q2")]
    return [totals, pages]


def test_a_forgotten_person_is_found_nowhere(
    app: Flask,
    world: World,
    sent: SentJobs,
    phones: tuple[Phone, Phone],
    sign_in: SignIn,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    mine, other = phones
    visit = recorded(world, mine, other)
    with app.app_context():
        for name, ids in [job for job in sent.jobs if job[0] == "app.photos.jobs.process"]:
            from app.photos.jobs import process

            assert name
            process(**ids)
    asked(app, visit, world)
    packets_of(app, world)
    client = sign_in("officer")
    assert GIVEN.encode() in client.get("/visits.csv").data
    mine.pull()
    other.pull()
    assert found_in(str(other.held).encode())
    before = figures(app, world, client)
    var_dir: Path = app.config["SETTINGS"].var_dir
    with app.app_context():
        assert found_in_database(db.engine)  # the search finds what there is to find
    assert found_under(var_dir)

    answer = client.post(
        f"/visits/{visit['id']}/forget",
        data={"reason": f"{NAME} โทรมาขอ 0891357924", "photos_too": "y"},
    )
    assert answer.status_code == 303, answer.text
    with app.app_context():
        with work() as w:  # until it is decided, an open request keeps the address to answer to
            request = w.session.scalars(select(SubjectRequest)).one()
            assert (request.asked, request.contact) == (None, PHONE)
            decide(
                w.session, request.id, done=True, decision="ลบแล้ว", actor=world["officer"],
                now=now(),
            )  # fmt: skip
        sweep()
        queued = select(Packet.id).where(Packet.state == "queued")
        again = [str(each) for each in db.session().scalars(queued)]
        db.session.remove()
        for packet_id in again:
            build(packet_id)
        sweep()
    assert len(again) == 2  # both editions are made again, without

    with app.app_context():
        assert found_in_database(db.engine) == {}
    assert found_under(var_dir) == {}
    assert found_in(str(sent.jobs).encode()) == set()
    assert found_in(caplog.text.encode()) == set()
    for phone in phones:
        phone.pull()
        assert found_in(str(phone.held).encode()) == set()
    for path in (f"/visits/{visit['id']}", "/visits.csv", "/visits", "/visits.xlsx"):
        assert found_in(client.get(path).data) == set(), path
    assert figures(app, world, client) == before

    # A phone that lost its receipt sends the old entry again: it is known, and nothing comes back.
    assert mine.put(visit)["status"] == "known"
    stale = mine.edit("visit", visit["data"] | {"n_male": 3}, 1)
    assert mine.put(stale)["status"] == "conflict"
    with app.app_context():
        sweep()
        assert found_in_database(db.engine) == {}


def _id(visit: Item) -> Any:
    from uuid import UUID

    return UUID(visit["id"])
