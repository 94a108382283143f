"""Three phones against the real server: whatever they do, it agrees with a page of Python.

Two volunteers of one centre and their district's officer write, correct, strike out, send in any
order, send again, lose answers, upload in pieces, sign out and in; the officer forgets people.
After every step the database is what the model says: each receipted item is there exactly once,
nothing struck out or forgotten comes back, what was in conflict is kept - and in the end every
phone sees the same.  At length: `make test-model`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import Account
from app.accounts.rules import Actor
from app.audit.models import AuditEntry
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.devices.nonce import nonce_at
from app.followups.models import Followup, FollowupRevision
from app.photos.models import Photo, PhotoRevision
from app.shared.clock import bangkok_day
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.veil import either
from app.shared.work import work
from app.sync.models import HeldItem
from app.visits.models import Visit, VisitRevision
from app.visits.service import forget_visitor
from config import Settings
from tests.conftest import PASSWORD, SentJobs
from tests.sync.model import Record, Server, Who
from tests.sync.phone_client import Item, Phone, Refused

STEPS = 40  # of a game
MOST_OF_A_KIND = 5
GAMES = {"sqlite": 20, "postgresql": 4}
TABLES: dict[str, tuple[Any, Any]] = {
    "visit": (Visit, VisitRevision.visit_id),
    "followup": (Followup, FollowupRevision.followup_id),
    "photo": (Photo, PhotoRevision.photo_id),
}
NAMES = st.sampled_from(["โรงเรียนบ้านควร", "กลุ่มสตรีบ้านปง", "อบต.ควร", "วัดป่า"])
LEADER = "ครูสมศรี ใจดี"
WHO = st.sampled_from(["first", "second", "officer"])
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
counted = {"steps": 0, "posted": 0}


class Player:
    """One phone: what it holds unsent, what it has sent, and which versions it believes in."""

    def __init__(self, app: Flask, login: str, who: Who) -> None:
        self.phone = Phone(app.test_client(use_cookies=False))
        self.login, self.who = login, who
        self.locker = self.phone.enrol(login, PASSWORD)["locker"]
        self.outbox: list[Item] = []
        self.sent: list[Item] = []
        self.believed: dict[str, int] = {}

    def sign_in(self) -> None:
        device_id = self.phone.device_id
        assert self.phone.enrol(self.login, PASSWORD)["locker"] == self.locker
        assert self.phone.device_id == device_id


class Phones(RuleBasedStateMachine):
    """The phones' doings, and what must be true after each."""

    make_app: Callable[[], Flask]

    def __init__(self) -> None:
        super().__init__()
        self.app = type(self).make_app()
        seed = self.app.config["SETTINGS"].signing_key
        self.model = Server(partial(nonce_at, seed))
        self.centres, self.officer, self.players = _people(self.app)
        self.data: dict[str, tuple[str, dict[str, Any]]] = {}  # id -> kind, newest data
        self.contents: dict[str, bytes] = {}  # of photos
        self.started = False

    def teardown(self) -> None:
        """Everybody sends all and looks: they agree."""
        if self.started:
            for player in self.players.values():
                if not player.phone.token:
                    player.sign_in()
                self._post(player, _apart(player.outbox))
            self._all_agree()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    @initialize()
    def an_ordinary_morning(self) -> None:
        """A school class came; somebody asked how an earlier one fares, and took a photo."""
        self.write_visit("first", "โรงเรียนบ้านควร", contact=True, elsewhere=False, age=3)
        [visit] = self.players["first"].outbox
        self._keep("first", self.players["first"].phone.followup(visit["id"], method="activity"))
        self.send_all("first")
        self.pull("officer")

    # --- writing, offline ------------------------------------------------------------------

    @precondition(lambda self: self._room_for("visit"))
    @rule(
        who=WHO, name=NAMES, contact=st.booleans(), elsewhere=st.booleans(), age=st.integers(0, 40)
    )
    def write_visit(self, who: str, name: str, contact: bool, elsewhere: bool, age: int) -> None:
        centres = sorted(self.players[who].who.centres)
        centre = centres[-1 if elsewhere else 0]
        day = bangkok_day(datetime.now(UTC)) - timedelta(days=age)
        facts = _visit_facts(name, contact) | {"visit_date": day.isoformat()}
        self._keep(who, self.players[who].phone.visit(centre, **facts))

    @precondition(lambda self: self._known("visit") and self._room_for("followup"))
    @rule(who=WHO, name=NAMES, data=st.data())
    def write_followup(self, who: str, name: str, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from(self._known("visit")))
        facts = {"method": "activity", "next_step": name}  # needs nobody's consent
        self._keep(who, self.players[who].phone.followup(visit_id, **facts))

    @precondition(lambda self: self._room_for("photo"))
    @rule(who=WHO, name=NAMES, data=st.data())
    def take_photo(self, who: str, name: str, data: st.DataObject) -> None:
        centre = sorted(self.players[who].who.centres)[0]
        subjects = [("visit", visit_id) for visit_id in self._known("visit")]
        kind, subject_id = data.draw(st.sampled_from([("centre", centre), *subjects]))
        content = b"\xff\xd8\xff\xe0" + new_id().bytes * 4
        item = self.players[who].phone.photo(kind, subject_id, content, caption=name)
        self.contents[item["id"]] = content
        self._keep(who, item)

    @precondition(lambda self: self._known("visit"))
    @rule(who=WHO, data=st.data())
    def look_at_a_number(self, who: str, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from(self._known("visit")))
        seen_at = datetime.now(UTC).isoformat()
        item = self.players[who].phone.item(
            "contact_seen", "create", {"visit_id": visit_id, "seen_at": seen_at}, record_id=new_id()
        )
        self.players[who].outbox.append(item)

    @precondition(lambda self: self.data)
    @rule(
        who=WHO,
        name=NAMES,
        contact=st.booleans(),
        guess=st.sampled_from([0, 0, 0, 1, 2, 3]),
        at_once=st.booleans(),
        data=st.data(),
    )
    def correct(
        self, who: str, name: str, contact: bool, guess: int, at_once: bool, data: st.DataObject
    ) -> None:
        record_id = data.draw(st.sampled_from(sorted(self.data)))
        kind, told = self.data[record_id]
        said = {"visit": _visit_facts(name, contact), "followup": {"next_step": name}}.get(kind)
        new = told | said if said else {"caption": name}
        player = self.players[who]
        base = guess or player.believed.get(record_id, 1)
        edit = player.phone.item(kind, "edit", new, record_id=record_id, base_version=base)
        self._put(player, edit, at_once)

    @precondition(lambda self: self.data)
    @rule(who=WHO, surely=st.booleans(), at_once=st.booleans(), data=st.data())
    def strike_out(self, who: str, surely: bool, at_once: bool, data: st.DataObject) -> None:
        record_id = data.draw(st.sampled_from(sorted(self.data)))
        player, kind = self.players[who], self.data[record_id][0]
        base = None if surely else player.believed.get(record_id, 1)
        reason = {"reason": "เขียนซ้ำ"}
        item = player.phone.item(kind, "delete", reason, record_id=record_id, base_version=base)
        self._put(player, item, at_once)

    @precondition(lambda self: self._known("visit"))
    @rule(who=WHO, name=NAMES, data=st.data())
    def write_under_a_taken_id(self, who: str, name: str, data: st.DataObject) -> None:
        visit_id = data.draw(st.sampled_from(self._known("visit")))
        told = self.data[visit_id][1]
        if told["centre_id"] in self.players[who].who.centres:
            new = told | _visit_facts(name, contact=True)
            self.players[who].outbox.append(self.players[who].phone.item("visit", "create", new))

    # --- sending -----------------------------------------------------------------------------

    @rule(who=WHO, data=st.data(), lost=st.booleans())
    def send(self, who: str, data: st.DataObject, lost: bool) -> None:
        player = self.players[who]
        if not player.outbox:
            return
        held_back = data.draw(st.integers(0, len(player.outbox) - 1))
        batch = data.draw(st.permutations(player.outbox))[held_back:]
        self._post(player, _apart(batch), lost=lost)

    @rule(who=WHO)
    def send_all(self, who: str) -> None:
        player = self.players[who]
        if player.outbox:
            self._post(player, _apart(player.outbox))

    @rule(who=WHO, by=WHO, data=st.data())
    def send_again(self, who: str, by: str, data: st.DataObject) -> None:
        """Old batches come again, also by way of another phone (photos' bytes are their own)."""
        old = [i for i in self.players[who].sent if who == by or i["kind"] != "photo"]
        if old:
            batch = data.draw(st.lists(st.sampled_from(old), min_size=1, max_size=6))
            self._post(self.players[by], _apart(batch), lost=True)

    @precondition(lambda self: self.contents)
    @rule(who=WHO, pieces=st.sampled_from([1, 2, None]), data=st.data())
    def upload(self, who: str, pieces: int | None, data: st.DataObject) -> None:
        player = self.players[who]
        own = [
            i for i in (*player.outbox, *player.sent) if i["kind"] == "photo" and i["attachments"]
        ]
        if not own or not player.phone.token:
            return
        item = data.draw(st.sampled_from(own))
        content, [attachment] = self.contents[item["id"]], item["attachments"]
        reached = player.phone.upload(attachment, content, piece=30, pieces=pieces)
        if reached == len(content):
            self.model.arrive(player.who, attachment)

    # --- the rest of a day -------------------------------------------------------------------

    @rule(who=WHO)
    def pull(self, who: str) -> None:
        player = self.players[who]
        if player.phone.token:
            player.phone.pull()
            self._sees_what_is_there(player)
            for kind in TABLES:
                for record in player.phone.held["records"][f"{kind}s"]:
                    player.believed[record["id"]] = record.get("version", 1)

    @rule(who=WHO)
    def sign_out_or_in(self, who: str) -> None:
        player = self.players[who]
        if not player.phone.token:
            player.sign_in()
            return
        old = player.phone.token
        player.phone.sign_out()
        answer = player.phone.send("GET", "/changes", headers={"Authorization": f"Bearer {old}"})
        assert answer.status_code == 401

    @rule(data=st.data())
    def forget_a_person(self, data: st.DataObject) -> None:
        alive = [r.id for r in self.model.records.values() if r.kind == "visit" and not r.deleted]
        if alive:
            visit_id = data.draw(st.sampled_from(sorted(alive)))
            now = datetime.now(UTC)
            now -= timedelta(microseconds=now.microsecond % 1000)  # nonces know no finer time
            with self.app.app_context(), work() as w:
                forget_visitor(
                    w.session, UUID(visit_id), actor=self.officer, now=now,
                    reason="เจ้าของข้อมูลขอ",
                )  # fmt: skip
            self.model.forget(visit_id, now)

    # --- what must be true after every step -------------------------------------------------

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        counted["steps"] += 1
        with self.app.app_context():
            session = db.session()
            for kind, (table, owner) in TABLES.items():
                rows = session.scalars(select(table)).all()
                wanted = {r.id: _said(r) for r in self.model.records.values() if r.kind == kind}
                assert {str(row.id): _stored(kind, row) for row in rows} == wanted
                versions = dict(session.execute(select(owner, func.count()).group_by(owner)).all())
                assert {str(i): n for i, n in versions.items()} == {
                    record_id: said["version"] for record_id, said in wanted.items()
                }
            held = session.scalars(select(HeldItem)).all()
            assert {self._key(h): h.state for h in held} == {
                key: one.state for key, one in self.model.held.items()
            }
            self._what_is_held_is_whole(held)
            looks = select(func.count()).where(AuditEntry.action == "visit.contact_seen")
            assert session.scalar(looks) == self.model.looks
            db.session.remove()

    def _what_is_held_is_whole(self, held: Any) -> None:
        for one in held:
            model = self.model.held[self._key(one)]
            if one.state in ("pending", "conflict"):
                assert one.body["item"]["data"] == model.item["data"]
            else:
                assert one.body is None
            forgotten = self.model.records.get(str(one.record_id))
            if forgotten is not None and forgotten.forgotten:
                assert LEADER not in str(one.body)
                assert one.body is None or not one.body["item"]["captured"]

    def _key(self, held: HeldItem) -> tuple[str, str]:
        """As the model names it: by the plain digest, of which the server may keep a veiled one."""
        record_id = str(held.record_id)
        known = {
            spelled: digest
            for of, digest in self.model.held
            if of == record_id
            for spelled in either(db.session(), digest)
        }
        return record_id, known.get(held.item_sha256, held.item_sha256)

    # --- how it is done -----------------------------------------------------------------------

    def _known(self, kind: str) -> list[str]:
        return sorted(record_id for record_id, (of, _) in self.data.items() if of == kind)

    def _room_for(self, kind: str) -> bool:
        """Few records, so that phones meet at them."""
        return len(self._known(kind)) < MOST_OF_A_KIND

    def _keep(self, who: str, item: Item) -> None:
        self.data[item["id"]] = (item["kind"], item["data"])
        self.players[who].outbox.append(item)

    def _put(self, player: Player, item: Item, at_once: bool) -> None:
        if at_once:
            self._post(player, [item])
        else:
            player.outbox.append(item)

    def _post(self, player: Player, batch: list[Item], *, lost: bool = False) -> None:
        self.started = True
        if not batch:
            return
        if not player.phone.token:
            with pytest.raises(Refused) as refused:
                player.phone.post(batch)
            assert (refused.value.status, refused.value.code) == (401, "device_unknown")
            return
        counted["posted"] += len(batch)
        results = player.phone.post(batch)
        told = [(r["status"], (r["receipt"] or {}).get("version")) for r in results]
        wanted = self.model.post(player.who, batch)
        differ = [each for each in zip(batch, told, wanted, strict=True) if each[1] != each[2]]
        assert not differ, [(_short(item), t, w) for item, t, w in differ]
        for item, result in zip(batch, results, strict=True):
            self._bytes_are_told(player, item, result)
        player.sent += [item for item in batch if item not in player.sent]
        if not lost:  # an answer that was lost leaves everything waiting on the phone
            player.outbox = [item for item in player.outbox if item not in batch]
            for item, (status, version) in zip(batch, told, strict=True):
                if status in ("created", "known") and version:
                    player.believed[item["id"]] = version

    def _bytes_are_told(self, player: Player, item: Item, result: dict[str, Any]) -> None:
        if not item["attachments"] or result["receipt"] is None:
            return
        [attachment] = item["attachments"]
        photo = self.model.records.get(item["id"])
        key = (player.who.account_id, attachment["id"], attachment["sha256"])
        here = key in self.model.bytes_of or (photo is not None and photo.arrived)
        blob = {name: attachment[name] for name in ("id", "sha256", "bytes")}
        held, missing = ([blob], []) if here else ([], [blob])
        assert (result["receipt"]["held"], result["receipt"]["missing"]) == (held, missing)

    def _all_agree(self) -> None:
        for player in self.players.values():
            player.phone.cursor = None
            player.phone.pull()
            self._sees_what_is_there(player)
            assert player.phone.pull() == {}

    def _sees_what_is_there(self, player: Player) -> None:
        """What the phone pulled is what the model has in its area - no more, no less."""
        told = player.phone.held["records"]
        visits = self.model.seen_by(player.who, "visit")
        shown = {
            v.id: v for v in (*_latest(visits), *visits) if _is_told(v, player, _latest(visits))
        }
        assert {v["id"]: (v["version"], v["deleted"], v["mine"]) for v in told["visits"]} == {
            v.id: (v.version, v.deleted, _mine(v, player)) for v in shown.values()
        }
        for kind in ("followup", "photo"):
            wanted = {
                r.id: _mine(r, player)
                for r in self.model.seen_by(player.who, kind)
                if _mine(r, player) or r.deleted or (r.parent is not None and r.parent.id in shown)
            }
            assert {r["id"]: r["mine"] for r in told[f"{kind}s"]} == wanted
        states = {r.id: r.arrived for r in self.model.seen_by(player.who, "photo")}
        for photo in told["photos"]:
            assert (photo["state"] != "awaited") == states[photo["id"]]
        self._calls_nobody_who_did_not_agree(player)

    def _calls_nobody_who_did_not_agree(self, player: Player) -> None:
        for due in player.phone.held["due"]:
            visit = self.model.records[due["visit_id"]]
            assert visit.contact, due
            assert not visit.deleted, due
            assert visit.centre in player.who.centres, due


def _apart(batch: list[Item]) -> list[Item]:
    """No two changes of one version of one record: of those no order is promised in one batch."""
    found: dict[Any, Item] = {}
    for item in batch:
        fresh = item["op"] == "create" and item["kind"] != "visit"
        found.setdefault(
            item["id"] if fresh else (item["id"], item["op"], item["base_version"]), item
        )
    return list(found.values())[:100]


def _short(item: Item) -> str:
    return f"{item['op']} {item['kind']} {item['id']} from version {item['base_version']}"


def _visit_facts(name: str, contact: bool) -> dict[str, Any]:
    if contact:
        return {"group_name": name, "leader_name": LEADER, "phone": "0812345678",
                "consent_followup": True}  # fmt: skip
    return {"group_name": name, "leader_name": None, "phone": None, "consent_followup": False}


def _said(record: Record) -> dict[str, Any]:
    newest = record.contents[-1]
    words = {"visit": "group_name", "followup": "next_step", "photo": "caption"}[record.kind]
    return {
        "version": record.version,
        "deleted": record.deleted,
        "words": None if record.kind == "followup" and record.forgotten else newest[words],
        "by": record.by.account_id,
        "contact": record.contact,
        "arrived": record.arrived,
    }


def _stored(kind: str, row: Any) -> dict[str, Any]:
    words = {"visit": "group_name", "followup": "next_step", "photo": "caption"}[kind]
    return {
        "version": row.version,
        "deleted": row.deleted_at is not None,
        "words": getattr(row, words),
        "by": str(row.recorder_id),
        "contact": kind == "visit" and bool(row.leader_name or row.phone),
        "arrived": kind == "photo" and row.state != "awaited",
    }


def _mine(record: Record, player: Player) -> bool:
    return record.by.account_id == player.who.account_id


def _latest(visits: list[Record]) -> list[Record]:
    """Each centre's latest five."""
    found: list[Record] = []
    for centre in {visit.centre for visit in visits}:
        alive = [v for v in visits if v.centre == centre and not v.deleted]
        alive.sort(key=lambda v: (v.contents[-1]["visit_date"], v.id), reverse=True)
        found += alive[:5]
    return found


def _is_told(visit: Record, player: Player, latest: list[Record]) -> bool:
    return visit.deleted or visit in latest or _mine(visit, player)


def _people(app: Flask) -> tuple[list[str], Actor, dict[str, Player]]:
    now = datetime.now(UTC)
    with app.app_context():
        with work() as w:
            drafts = (
                CentreDraft(f"5606-00{n}", f"ศูนย์เรียนรู้ {n}", "HLM3", "560601", 19.15, 100.27)
                for n in (1, 2)
            )
            here, there = (add_centre(w.session, d, actor=None, now=now).id for d in drafts)
            accounts = {
                name: Account(
                    username=name, name=name, role="officer" if name == "officer" else "volunteer",
                    area_code="5606" if name == "officer" else "560601",
                    centre_id=None if name == "officer" else here, password_hash=_HASH,
                    is_demo=True, created_at=now,
                )
                for name in ("first", "second", "officer")
            }  # fmt: skip
            w.session.add_all(accounts.values())
        ids = {name: account.id for name, account in accounts.items()}
        db.session.remove()
    area = {"officer": frozenset({str(here), str(there)})}
    players = {
        name: Player(app, name, Who(str(ids[name]), area.get(name, frozenset({str(here)}))))
        for name in ids
    }
    actor = Actor(ids["officer"], "officer", "5606", None, "officer")
    return [str(here), str(there)], actor, players


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite at length, PostgreSQL shortly: every game has a database of its own."""
    return str(request.param)


@pytest.fixture
def make_app(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Flask]:
    """A function that makes the application on a fresh database."""
    numbers = itertools.count()

    def make() -> Flask:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        if backend == "sqlite":
            shutil.copyfile(request.getfixturevalue("filled_sqlite"), folder / "game.db")
            url = f"sqlite:///{folder / 'game.db'}"
        else:
            make_database = request.getfixturevalue("make_postgres_database")
            url = make_database(template=request.getfixturevalue("filled_postgres"))
        return create_app(_settings(url, folder), send_job=SentJobs())

    return make


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        env="test", secret_key="a secret for tests only, long enough", signing_key="A" * 43,
        database_url=url, redis_url=f"unix://{folder / 'none.sock'}", var_dir=folder / "var",
    )  # fmt: skip


def _play(make_app: Callable[[], Flask], *, games: int, at_random: bool) -> None:
    class Machine(Phones):
        pass

    Machine.make_app = staticmethod(make_app)  # type: ignore[assignment]
    profile = settings(
        max_examples=games, stateful_step_count=STEPS, deadline=None, database=None,
        derandomize=not at_random, print_blob=True, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if at_random else [Phase.generate, Phase.shrink],
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=profile)


@pytest.mark.timeout(600)  # half a minute on an idle machine
def test_three_phones_and_the_server_agree(make_app: Callable[[], Flask], backend: str) -> None:
    _play(make_app, games=GAMES[backend], at_random=False)


@pytest.mark.skipif("LAKTHAN_MODEL_STEPS" not in os.environ, reason="make test-model")
@pytest.mark.timeout(0)
def test_at_length(
    make_app: Callable[[], Flask], backend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    share = GAMES[backend] / GAMES["sqlite"]
    wanted, started = int(int(os.environ["LAKTHAN_MODEL_STEPS"]) * share), time.monotonic()
    counted.update(steps=0, posted=0)
    while counted["steps"] < wanted:
        _play(make_app, games=50, at_random=True)
    with capsys.disabled():
        seconds = time.monotonic() - started
        sys.stdout.write(
            f"\n{backend}: {counted['steps']} steps, {counted['posted']} items posted,"
            f" {seconds:.0f} s\n"
        )
