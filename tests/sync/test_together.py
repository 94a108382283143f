"""The quick way and the ordinary way are one way: the same answers, the same rows in every table.

`app.sync.together` writes new visits many at a time; `app.sync.judge` takes each item alone.  The
same batches go both ways from the same state, and everything that can be seen of it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.devices.models import CaptureProof
from app.rounds.programme import load_programme
from app.shared.canonical import canonical_json
from app.shared.db import db
from app.shared.ids import new_id
from app.subjects.models import ReceiptCode
from app.sync import together
from app.sync.inbox import read_item, take, take_new
from app.sync.receipts import result_of
from app.sync.together import NotTogether, are_new_visits
from app.sync.verdicts import Delivery
from app.visits.models import Visit, VisitRevision
from tests.conftest import World
from tests.sync.phone_client import Item, Phone
from tests.sync.rows import count, statuses
from tests.sync.statements import statements_of

PhoneOf = Callable[[str], Phone]
INSTANT = datetime.now(UTC)
# What an item of a batch can be; the plain ones more often, as they are in life.
SORTS = (
    "plain", "plain", "plain", "with a code", "a code of another", "from afar", "from nowhere",
    "of no centre", "of a foreign centre", "nobody came", "not readable", "of another phone",
    "with bytes", "unsigned", "wrongly signed", "twice", "twice otherwise", "sent before",
    "sent before otherwise", "an edit", "a striking out", "a follow-up", "an early follow-up",
    "an early edit", "a place", "no item",
)  # fmt: skip
one_batch = st.lists(st.sampled_from(SORTS), min_size=1, max_size=12)
batches = st.lists(one_batch, min_size=1, max_size=3)
CODES = [f"{n:012}" for n in range(1, 3)]
ANNOUNCED = {
    "id": str(new_id()), "role": "original", "sha256": "a" * 64, "bytes": 9, "type": "image/jpeg",
}  # fmt: skip


@dataclass
class Outbox:
    """What a phone may send, made from the words above."""

    phone: Phone
    world: World
    sent: list[Item] = field(default_factory=list)

    def batch(self, sorts: list[str]) -> list[Any]:
        """Items of these sorts; the later may refer to the earlier."""
        made: list[Any] = []
        for number, sort in enumerate(sorts):
            made.append(self._item(sort, number, [i for i in made if isinstance(i, dict)]))
        self.sent += [item for item in made if isinstance(item, dict)]
        return made

    def _item(self, sort: str, number: int, made: list[Item]) -> Any:
        here = [item for item in made if _is_visit(item)]
        before = [item for item in self.sent if _is_visit(item)]
        if make := self._fresh(number).get(sort):
            return make()
        if here and (make := self._about(here[-1], number).get(sort)):
            return make()
        if before and (make := self._again(before[number % len(before)]).get(sort)):
            return make()
        return self.phone.visit(
            self.world.centre, satisfaction=5, suggestion="ดีมาก\nขอบคุณ", time_in="09:30"
        )

    def _fresh(self, number: int) -> dict[str, Callable[[], Any]]:
        phone, centre = self.phone, self.world.centre
        visit = partial(phone.visit, centre)
        code = f"{new_id().int % 10**12:012}"
        shared = CODES[number % 2]
        return {
            "with a code": lambda: visit() | {"receipt_code": code},
            "a code of another": lambda: visit(consent_photo=True) | {"receipt_code": shared},
            "from afar": partial(visit, origin_subdistrict_code="560101", trainer="ครูนก"),
            "from nowhere": partial(visit, origin_subdistrict_code="999999"),
            "of no centre": partial(phone.visit, new_id()),
            "of a foreign centre": partial(phone.visit, self.world.stranger),
            "nobody came": partial(visit, n_male=0, n_female=0, n_child=0),
            "not readable": partial(visit, n_male="twenty"),
            "of another phone": partial(visit, device_id=str(new_id())),
            "with bytes": lambda: phone.item(
                "visit", "create", phone.visit_data(centre), attachments=[ANNOUNCED]
            ),
            "unsigned": lambda: visit() | {"captured": None},
            "wrongly signed": lambda: _badly_signed(visit()),
            "an early follow-up": partial(phone.followup, new_id()),
            "an early edit": lambda: phone.edit("visit", phone.visit_data(centre), 1),
            "a place": partial(phone.photo, "centre", centre, b"\xff\xd8\xff" + bytes(100)),
            "no item": lambda: "nothing",
        }

    def _about(self, item: Item, number: int) -> dict[str, Callable[[], Any]]:
        phone, data = self.phone, item["data"]
        return {
            "twice": lambda: item,
            "twice otherwise": partial(_otherwise, phone, item),
            "an edit": lambda: phone.edit("visit", data | {"n_male": 7 + number}, 1),
            "a striking out": lambda: phone.delete("visit", item["id"], 1, "ซ้ำ"),
            "a follow-up": partial(phone.followup, item["id"]),
        }

    def _again(self, item: Item) -> dict[str, Callable[[], Any]]:
        return self._about(item, 3) | {
            "sent before": lambda: item,
            "sent before otherwise": partial(_otherwise, self.phone, item),
        }


@given(batches=batches)
@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_a_phone_sends_both_ways_end_alike(
    app: Flask, world: World, phone_of: PhoneOf, batches: list[list[str]]
):
    phone = phone_of("volunteer")
    outbox = Outbox(phone, world)
    for batch in batches:
        assert_alike(app, _delivery(app, phone, world), outbox.batch(batch))


def test_a_day_of_plain_entries_is_written_together_and_alike(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    items = Outbox(phone, world).batch(["plain", "with a code", "from afar", "unsigned"] * 5)
    assert assert_alike(app, _delivery(app, phone, world), items) == ["created"] * 20


def test_what_was_not_new_after_all_is_written_by_nobody_twice(
    app: Flask, world: World, phone_of: PhoneOf
):
    """Another request wrote one of them after this one had looked."""
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre) for _ in range(3)]
    phone.put(items[1])
    with _blind():
        assert statuses(phone.post(items)) == ["created", "known", "created"]
    assert count(app, Visit) == 3


def test_a_code_that_another_visit_has_costs_no_record(app: Flask, world: World, phone_of: PhoneOf):
    phone = phone_of("volunteer")
    for _ in range(2):
        items = [phone.visit(world.centre) | {"receipt_code": CODES[0]}, phone.visit(world.centre)]
        assert statuses(phone.post(items)) == ["created"] * 2
    assert count(app, Visit) == 4


def test_a_hundred_entries_take_no_more_statements_than_two(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    few, many = ([phone.visit(world.centre) for _ in range(n)] for n in (2, 100))
    with statements_of(app) as said:
        phone.post(few)
    with statements_of(app) as said_of_many:
        phone.post(many)
    assert len(said_of_many) == len(said)


@pytest.mark.parametrize("number", [1, 20])
def test_new_entries_are_written_by_one_statement_and_need_no_transaction_around_it(
    app: Flask, world: World, phone_of: PhoneOf, number: int
):
    """On PostgreSQL each statement of it is a transaction: a second one could be lost alone."""
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre, consent_followup=True) for _ in range(number)]
    items[0] |= {"receipt_code": CODES[0]}
    with statements_of(app) as said:
        assert statuses(phone.post(items)) == ["created"] * number
    writing = [each for each in said if re.search("INSERT|UPDATE|DELETE", each)]
    tables = set(re.findall(r"INSERT INTO (\w+)", " ".join(writing)))
    assert tables == {"visit", "visit_revision", "audit_entry", "capture_proof", "receipt_code"}
    with app.app_context():
        on_postgresql = db.engine.dialect.name == "postgresql"
    assert len(writing) == (1 if on_postgresql else len(tables))


def test_a_lone_entry_whose_code_is_taken_is_written_whole_or_not_at_all(
    app: Flask, world: World, phone_of: PhoneOf
):
    """The stroke fails at its last table; the ordinary way then leaves out the code alone."""
    phone = phone_of("volunteer")
    for _ in range(2):
        item = phone.visit(world.centre, consent_photo=True) | {"receipt_code": CODES[1]}
        assert statuses(phone.post([item])) == ["created"]
    found = [count(app, table) for table in (Visit, VisitRevision, CaptureProof, ReceiptCode)]
    assert found == [2, 2, 2, 1]


def assert_alike(app: Flask, by: Delivery, sent: list[Any]) -> list[str]:
    """Both ways from here, each undone; then the ordinary one for good.  Returns its statuses."""
    with app.app_context():
        session = db.session()
        ordinary = _tried(session, sent, by, take)
        ways = [partial(take, quick=True)]
        if are_new_visits([read_item(item) for item in sent]):
            ways.append(take_new)
        told = [_tried(session, sent, by, way) for way in ways]
        assert all(each in (None, ordinary) for each in told)
        answers = take(session, [read_item(item) for item in sent], by)
        session.commit()
        db.session.remove()
    plain = [a for a in answers if a.verdict.status == "created" and a.named.kind == "visit"]
    if len(plain) == len(sent) and not any("receipt_code" in item for item in sent):
        assert None not in told  # nothing at all was out of the ordinary
    return [answer.verdict.status for answer in answers]


def _tried(session: Session, sent: list[Any], by: Delivery, way: Callable[..., Any]) -> Any:
    """Answers and rows of one way; None where it gives up."""
    try:
        answers = way(session, [read_item(item) for item in sent], by)
        told = [canonical_json(result_of(answer, by)) for answer in answers]
        return told, [list(a.verdict.rings) for a in answers], _everything(session)
    except (NotTogether, IntegrityError):
        return None
    finally:
        session.rollback()


def _everything(session: Session) -> dict[str, list[str]]:
    """Every table's rows, without what numbers or names a row by chance.  Entries of the audit log
    and of histories in the order they were written."""
    session.flush()
    found = {}
    for table in db.metadata.sorted_tables:
        by_chance = {c.name for c in table.primary_key if isinstance(c.type, Integer)} - {"version"}
        by_chance |= {"id"} if table.name == "held_item" else set()
        columns = [column for column in table.columns if column.name not in by_chance]
        if not columns:
            continue
        numbers = [column for column in table.primary_key if column.name in by_chance]
        order = numbers if table.name == "audit_entry" else []
        rows = [repr(tuple(row)) for row in session.execute(select(*columns).order_by(*order))]
        found[table.name] = rows if order else sorted(rows)
    return found


def _delivery(app: Flask, phone: Phone, world: World) -> Delivery:
    return Delivery(
        device_id=UUID(phone.device_id),
        actor=replace(world["volunteer"]),
        now=INSTANT,
        received_at=INSTANT,
        clock_skew_s=3,
        programme=load_programme(),
        seed=app.config["SETTINGS"].signing_key,
    )


def _is_visit(item: Item) -> bool:
    return (item["kind"], item["op"]) == ("visit", "create") and "n_male" in item["data"]


def _badly_signed(item: Item) -> Item:
    return item | {"captured": item["captured"] | {"signature": "A" * 86}}


def _otherwise(phone: Phone, item: Item) -> Item:
    return phone.item("visit", "create", item["data"] | {"n_female": 3, "n_child": 0})


@contextmanager
def _blind() -> Iterator[None]:
    """The first look sees nothing that is stored."""
    seen = together._draft

    def draft(item: Any, by: Delivery) -> Any:
        return seen(item, replace(by, seen=replace(by.seen, proofs={}, stored=frozenset())))

    with patch.object(together, "_draft", draft):
        yield


@pytest.fixture(autouse=True)
def _is_quick() -> Iterator[None]:
    """A test of this file that never took the quick way would prove nothing."""
    with patch("app.sync.inbox.write_together", wraps=together.write) as written:
        yield
    assert written.called
