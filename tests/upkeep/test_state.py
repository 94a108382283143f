"""Who runs the product sees what is stuck; a machine that watches is told the same in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.job_log import job_figures, note_job
from app.shared.queue import QUEUES, connect, queue_named, sender
from app.shared.work import work
from app.upkeep import marks, state, storage
from app.upkeep.alarms import alarms
from app.upkeep.jobs import sweep
from app.upkeep.pending import pending
from app.upkeep.state import EVERYWHERE
from config import Settings
from tests.conftest import PASSWORD, SentJobs, World
from tests.prints.test_index import photo_row
from tests.sync.phone_client import Phone

TOKEN = "a-token-for-those-who-watch-in-tests"
MIGRATED = "create table alembic_version (version_num text)"  # tests make tables without it


@pytest.fixture
def queue(redis_url: str) -> Iterator[Redis]:
    """A real queue, emptied before and after."""
    with connect(redis_url) as connection:
        connection.flushall()
        yield connection
        connection.flushall()


@pytest.fixture
def watched(settings: Settings, redis_url: str, queue: Redis, sent: SentJobs) -> Iterator[Flask]:
    """The application with a queue that answers and a token for who watches."""
    told = settings.model_copy(update={"redis_url": redis_url, "metrics_token": TOKEN})
    app = create_app(told, send_job=sent)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def look(app: Flask, queue: Redis, folder: Path, later: timedelta = timedelta()) -> state.State:
    instant = now() + later
    return state.look(db.session(), queue, actor=EVERYWHERE, folder=folder, now=instant)


def wait_for_a_worker(session: Session, world: World, since: datetime | None = None) -> None:
    """A received photo that nobody has taken up."""
    photo = photo_row(new_id(), world)
    photo.state_since = since or now()
    session.add(photo)
    session.flush()


def scraped(app: Flask) -> dict[str, float]:
    """`/metrics` by name and labels, read as Prometheus reads it."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_sweep_leaves_its_mark_and_counts_what_is_kept(
    app: Flask, session: Session, world: World
) -> None:
    assert marks.mark(session, "sweep") is None
    sweep()
    assert marks.seconds_since(session, "sweep", now()) < 60
    counted = marks.mark(session, "storage")
    assert counted is not None
    assert counted.facts["visits"] == counted.facts["photos"] == 0
    assert counted.facts["database_bytes"] > 100_000


def test_what_is_kept_is_counted_four_times_a_day_not_at_every_sweep(
    app: Flask, session: Session, world: World
) -> None:
    instant = now()
    assert storage.count_now_and_then(session, instant)
    assert not storage.count_now_and_then(session, instant + timedelta(hours=5))
    assert storage.count_now_and_then(session, instant + timedelta(hours=6))


def test_work_is_late_by_its_row_whatever_the_queue_says(
    app: Flask, session: Session, world: World
) -> None:
    wait_for_a_worker(session, world)
    session.commit()
    found = {each.kind: each for each in pending(session, now())}
    assert (found["photos"].count, found["photos"].late) == (1, False)
    later = {each.kind: each for each in pending(session, now() + timedelta(hours=2))}
    assert later["photos"].late
    assert not later["packets"].count


def test_a_queue_that_is_away_rings_and_the_page_stands(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    page = sign_in("admin").get("/state")  # the test's Redis is not there
    assert page.status_code == 200
    assert "คิวงานไม่ตอบ" in page.text


def test_a_queue_without_workers_rings_until_one_comes(
    watched: Flask, queue: Redis, tmp_path: Path
) -> None:
    with watched.app_context():
        with work() as w:
            marks.note(w.session, "sweep", now=now())
        assert {a.of for a in alarms(look(watched, queue, tmp_path), now(), by_night=False)} >= {
            *QUEUES
        }
        worker = SimpleWorker(
            [queue_named(name, queue) for name in QUEUES], connection=queue,
            serializer=JSONSerializer,
        )  # fmt: skip
        worker.register_birth()
        found = look(watched, queue, tmp_path)
        assert found.doorbell is not None
        assert [hand.queues for hand in found.doorbell.hands] == [QUEUES]
        codes = {a.code for a in alarms(found, now(), by_night=False)}
        assert "no_worker" not in codes
        worker.register_death()


def test_jobs_that_wait_are_seen_with_their_age(
    watched: Flask, queue: Redis, redis_url: str, tmp_path: Path
) -> None:
    send = sender(redis_url)
    send("app.packets.jobs.begin", packet_id="1")
    send("app.packets.jobs.begin", packet_id="2")
    with watched.app_context():
        found = look(watched, queue, tmp_path)
    assert found.doorbell is not None
    packets = next(bell for bell in found.doorbell.bells if bell.queue == "packets")
    assert packets.waiting == 2
    assert packets.since is not None
    assert abs((now() - packets.since).total_seconds()) < 60


def test_what_is_in_redis_and_not_ours_breaks_no_page(
    watched: Flask, queue: Redis, tmp_path: Path
) -> None:
    queue.rpush("rq:queue:photos", b"\xff\xfe")
    queue.hset("rq:lakthan:jobs", b"\xff something", b"1")
    queue.sadd("rq:workers", "rq:worker:nobody")
    with watched.app_context():
        assert look(watched, queue, tmp_path).doorbell is not None
    assert job_figures(queue) == []


def test_alarms_come_in_the_order_of_their_urgency(
    app: Flask, queue: Redis, session: Session, world: World, tmp_path: Path
) -> None:
    found = look(app, queue, tmp_path)
    full = replace(found, room=(1, 100), failed_packets=3)
    codes = [a.code for a in alarms(full, now(), by_night=True)]
    assert codes[0] == "no_worker"
    assert codes[-4:] == ["sweep_late", "disk_low", "packets_failed", "retention_late"]


def test_jobs_are_counted_over_all_workers(queue: Redis) -> None:
    for seconds in (0.5, 1.5):
        note_job(queue, "app.photos.jobs.process", broken=False, seconds=seconds)
    note_job(queue, "app.photos.jobs.process", broken=True, seconds=1)
    note_job(queue, "os.system", broken=True, seconds=0)
    photos, refused = job_figures(queue)
    assert (photos.done, photos.broken, photos.seconds) == (2, 1, 3.0)
    assert (refused.job, refused.broken) == ("refused", 1)


def test_ready_says_that_work_is_late_and_stays_in_service(watched: Flask, world: World) -> None:
    with watched.app_context():
        wait_for_a_worker(db.session(), world, since=now() - timedelta(hours=3))
        db.session.execute(text(MIGRATED))
        db.session.commit()
    answer = watched.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json["parts"] == {
        "database": "ok", "queue": "ok", "disk": "ok", "work": "late", "sweep": "late",
    }  # fmt: skip


@pytest.mark.parametrize("told", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ู"])
def test_without_the_token_there_are_no_metrics(watched: Flask, told: str | None) -> None:
    headers = {} if told is None else {"Authorization": told.encode().decode("latin-1")}
    assert watched.test_client().get("/metrics", headers=headers).status_code == 404


def test_where_no_token_is_set_nobody_gets_metrics(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_tell_requests_work_queues_and_alarms(
    watched: Flask, queue: Redis, world: World
) -> None:
    with watched.app_context():
        wait_for_a_worker(db.session(), world)
        db.session.commit()
    note_job(queue, "app.photos.jobs.process", broken=False, seconds=2)
    watched.test_client().get("/healthz")
    before = scraped(watched)["lakthan_answers_total{upkeep.healthz,2xx}"]
    watched.test_client().get("/healthz")
    told = scraped(watched)
    assert told["lakthan_answers_total{upkeep.healthz,2xx}"] == before + 1
    assert told["lakthan_answer_seconds_count{upkeep.healthz}"] >= 2
    assert told["lakthan_pending_rows{photos}"] == 1
    assert told["lakthan_queue_up{}"] == 1
    assert told["lakthan_queue_workers{photos}"] == 0
    assert told["lakthan_alarms{no_worker}"] == len(QUEUES)
    assert told["lakthan_jobs_total{app.photos.jobs.process,done}"] == 1
    assert told["lakthan_job_seconds_total{app.photos.jobs.process}"] == 2


def test_metrics_name_nobody(watched: Flask, world: World) -> None:
    answer = watched.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    for actor in world.actors.values():
        assert actor.name not in answer.text
    assert str(world.centre) not in answer.text


def test_a_queue_that_is_away_is_a_figure_too(settings: Settings, sent: SentJobs) -> None:
    away = create_app(settings.model_copy(update={"metrics_token": TOKEN}), send_job=sent)
    told = scraped(away)
    assert told["lakthan_queue_up{}"] == 0
    assert told["lakthan_alarms{queue_away}"] == 1
    assert "lakthan_queue_workers{photos}" not in told
    with away.app_context():
        db.session.remove()
        db.engine.dispose()


def test_only_an_administrator_sees_the_state(
    world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    for who in ("volunteer", "officer", "reviewer"):
        assert sign_in(who).get("/state").status_code in (403, 404)


def test_the_page_shows_versions_phones_and_waiting_work(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    phone = Phone(app.test_client(use_cookies=False))
    phone.enrol("volunteer", PASSWORD)
    with app.app_context():
        wait_for_a_worker(db.session(), world)
        db.session.commit()
    page = sign_in("admin").get("/state").text
    assert app.config["VERSION"] in page
    assert "ภาพถ่ายที่รอประมวลผล" in page
