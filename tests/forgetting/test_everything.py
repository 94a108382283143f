"""Bar 23: somebody is forgotten, and then every byte there is gets searched for them."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from sqlalchemy import select

from app.board.queries import quarter_by_unit
from app.followups.queries import FollowupFilter, followup_totals
from app.packets.frozen.content import Options
from app.packets.models import Packet
from app.packets.queries import scope_for
from app.packets.service import request_packet
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, now
from app.shared.db import db
from app.shared.queue import QUEUES, ListedJob, queue_named, sender
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
    found_in_dump,
    found_in_redis,
    found_packed,
    found_under,
)
from tests.packets.building import build
from tests.photos import makers
from tests.sync.phone_client import Item, Phone
from tools.supervisor import queue_server

SignIn = Callable[[str], FlaskClient]
SHOWN = ("/board/5606?quarter=2567Q2", "/board/5606?quarter=2567Q1")


class Ringing(SentJobs):
    """The real queue, and what was rung for besides."""

    def __init__(self, redis_url: str) -> None:
        super().__init__()
        self.ring = sender(redis_url)

    def __call__(self, function: str, /, **ids: str) -> None:
        super().__call__(function, **ids)
        self.ring(function, **ids)


@pytest.fixture
def queue_url() -> Iterator[str]:
    """A queue's server of this test alone, which writes down all it is told as in production."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path has 100 bytes at most
        socket, data = Path(short) / "redis.sock", Path(short) / "queue"
        data.mkdir()
        command = queue_server.server_command(queue_server.find_binary(), socket, data)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                waited = Event()
                while not queue_server.answers(socket):
                    assert server.poll() is None
                    waited.wait(0.01)
                yield queue_server.url_of(socket)
            finally:
                server.kill()


@pytest.fixture
def redis(queue_url: str) -> Iterator[Redis]:
    """A client of it."""
    with Redis.from_url(queue_url) as client:
        yield client


@pytest.fixture
def sent(queue_url: str) -> SentJobs:
    """Jobs go where they go in production, too."""
    return Ringing(queue_url)


def work_off(app: Flask, redis: Redis) -> int:
    """Have a worker do what was rung for; returns how many jobs."""
    queues = [queue_named(name, redis) for name in QUEUES]
    waiting = sum(queue.count for queue in queues)
    with app.app_context():
        worker = SimpleWorker(queues, connection=redis, serializer=JSONSerializer,
                              job_class=ListedJob)  # fmt: skip
        worker.death_penalty_class = TimerDeathPenalty  # the tests' own clock uses the signal
        worker.work(burst=True, logging_level="WARNING")
    return waiting


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
    pages = [_numbers(client.get(address).text) for address in SHOWN]
    assert all(pages), "a page that shows no number proves nothing"
    sheet = client.get("/board.csv?quarter=2567Q2")
    assert sheet.status_code == 200
    with app.app_context():
        quarter = Quarter.parse("2567Q2")
        units = quarter_by_unit(db.session(), world["officer"], quarter, by="centre")
        learners = followup_totals(db.session(), world["officer"], FollowupFilter(quarter=quarter))
        db.session.remove()
    assert sum(unit.visits for unit in units) == 1
    return [totals, pages, sheet.data, units, learners]


def _numbers(page: str) -> list[str]:
    """The numbers that a page shows, in order."""
    body = page[page.index("<main") : page.index("</main>")]
    return re.findall(r"\d[\d.,]*", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.timeout(600)  # it builds four packets: a minute on a busy machine
def test_a_forgotten_person_is_found_nowhere(
    app: Flask,
    world: World,
    sent: SentJobs,
    redis: Redis,
    phones: tuple[Phone, Phone],
    sign_in: SignIn,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    mine, other = phones
    visit = recorded(world, mine, other)
    assert work_off(app, redis) >= 1  # the picture, at least
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
        assert found_in_dump(db.engine) >= {GIVEN, PHONE, REMARK, SAID}
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
        assert found_in_dump(db.engine) == set()
    assert found_under(var_dir) == {}
    assert found_in(str(sent.jobs).encode()) == set()
    assert work_off(app, redis) >= 1
    assert found_in_redis(redis) == {}
    told = b"".join(path.read_bytes() for path in _files(Path(str(redis.config_get("dir")["dir"]))))
    assert b"app.photos.jobs.process" in told  # it did write down what it was told
    assert found_packed(told) == set()
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


def test_the_search_finds_what_the_queue_holds(redis: Redis) -> None:
    packed = zlib.compress(json.dumps({"name": NAME}).encode())
    redis.hset("rq:job:1", mapping={"data": packed, "exc_info": b""})
    redis.xadd("rq:results:1", {"return_value": PHONE})
    redis.zadd("rq:failed:photos", {f"job of {GIVEN}": 1})
    assert set(found_in_redis(redis)) == {"rq:job:1", "rq:results:1", "rq:failed:photos"}
    assert found_in_redis(redis)["rq:job:1"] >= {GIVEN}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _id(visit: Item) -> Any:
    from uuid import UUID

    return UUID(visit["id"])
