"""With a bucket, hosts share the database, the queue and the bucket, and no disk.

Each pod of deploy/kubernetes is an application with a data folder of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import select

from app import create_app
from app.keeping.models import Erasure
from app.packets import jobs, parts
from app.packets.bag.verify import verify
from app.packets.models import Packet
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.upkeep.scrub_jobs import scrub
from app.visits.models import Visit
from app.visits.service import forget_visitor
from config import Settings
from tests.backups.filling import PASSPHRASE
from tests.conftest import NOW, SentJobs, World
from tests.deploy.conftest import applications
from tests.deploy.places import manifests, pods
from tests.packets.building import part_numbers
from tests.packets.conftest import Quarter2567Q2, quarter
from tests.packets.test_service import ask

__all__ = ["quarter"]

on_a_bucket = pytest.mark.parametrize("database_url", ["bucket"], indirect=True)


@pytest.fixture
def pod(settings: Settings, tmp_path: Path, sent: SentJobs) -> Iterator[Callable[..., Flask]]:
    """A function: the application as another pod runs it; only its disk is its own."""
    with applications() as made:

        def make(name: str, **other: str) -> Flask:
            own = {"var_dir": tmp_path / "pods" / name} | other
            made.append(create_app(settings.model_copy(update=own), send_job=sent))
            made[-1].config["WTF_CSRF_ENABLED"] = False
            return made[-1]

        yield make


@on_a_bucket
def test_a_packet_s_parts_are_made_on_one_host_bound_on_another_and_taken_from_a_third(
    app: Flask, world: World, quarter: Quarter2567Q2, pod: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setattr(parts, "MOST_LINES", parts.SHEET_LINES + 2)
    with app.app_context():
        with work() as w:
            packet, _to_build = ask(w.session, world["officer"], at=now())
        packet_id = str(packet.id)
        db.session.remove()
    with pod("first").app_context():
        jobs.begin(packet_id)
        numbers = part_numbers(UUID(packet_id))
        db.session.remove()
    for number in numbers:
        with pod(f"part-{number}").app_context():
            jobs.part(packet_id, str(number))
            db.session.remove()
    with pod("binder").app_context():
        jobs.join(packet_id)
        db.session.remove()
    with pod("reader").app_context():
        jobs.read_back(packet_id)
        made = db.session.get_one(Packet, UUID(packet_id))
        assert (made.state, len(numbers)) == ("ready", 2)
        assert made.sha256
        key = made.file_key or ""
        with pod("web").extensions["files"].local(key) as path:
            assert verify(path).whole
    for disk in (tmp_path / "pods").iterdir():
        assert [each for each in disk.rglob("*") if each.is_file()] == [], "left on a host's disk"


@on_a_bucket
def test_whom_the_web_erased_the_worker_of_upkeep_writes_down_and_a_restore_forgets(
    app: Flask, world: World, quarter: Quarter2567Q2, pod: Callable[..., Flask], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("LAKTHAN_BACKUP_PASSPHRASE", PASSPHRASE)
    with app.app_context():
        stamp()
    backup = pod("backup").test_cli_runner()
    made = backup.invoke(args=["backup", str(tmp_path / "backups")])
    assert made.exit_code == 0, made.output
    visit = quarter.visits[0]
    with pod("web").app_context(), work() as w:
        forget_visitor(w.session, visit, actor=world["officer"], now=NOW, reason="ขอให้ลบ")
    upkeep = pod("upkeep")
    with upkeep.app_context():
        assert scrub(upkeep.extensions["files"], now()) == 1
        assert db.session.scalars(select(Erasure.scrubbed_at)).all() != [None]

    # The database is lost.  What the worker of upkeep kept is there for the restore's job.
    restoring = pod("upkeep", database_url=f"sqlite:///{tmp_path / 'anew.db'}")
    done = restoring.test_cli_runner().invoke(args=["restore", str(tmp_path / "backups")])
    assert "1 people were forgotten again" in done.output, done.output
    with restoring.app_context():
        assert db.session.get_one(Visit, visit).leader_name is None


def test_no_volume_is_shared_by_pods_that_run_at_the_same_time() -> None:
    kinds = {each["metadata"]["name"]: each["kind"] for each in manifests()}
    claims = {
        each["metadata"]["name"]: each["spec"]["accessModes"]
        for each in manifests() if each["kind"] == "PersistentVolumeClaim"
    }  # fmt: skip
    assert set(map(tuple, claims.values())) == {("ReadWriteOnce",)}
    users: dict[str, list[str]] = {name: [] for name in claims}
    for name, spec in pods().items():
        for volume in spec["volumes"]:
            if "persistentVolumeClaim" in volume:
                users[volume["persistentVolumeClaim"]["claimName"]].append(name)
    # A restore is done while nothing else runs.
    assert users == {
        "lakthan-kept": ["worker-upkeep", "restore"], "lakthan-backups": ["backup", "restore"],
    }  # fmt: skip
    (upkeep,) = (each for each in manifests() if each["metadata"]["name"] == "worker-upkeep")
    assert (upkeep["spec"]["replicas"], upkeep["spec"]["strategy"]) == (1, {"type": "Recreate"})
    assert kinds["restore"] == "Job"


def test_every_folder_that_a_pod_writes_to_has_an_end() -> None:
    endless = [
        (name, volume["name"])
        for name, spec in pods().items()
        for volume in spec["volumes"]
        if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]
    ]
    assert endless == []
