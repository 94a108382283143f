"""A phone that has everything is told so cheaply, and never when there is something new.

No way of changing a record is trusted to announce it: whatever stands in a row that a section is
told from is changed here, column by column, past every service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, Select, Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.keeping.models import Erasure
from app.rounds.programme import load_programme, programme_key
from app.shared.clock import bangkok_day
from app.shared.db import WRITES, db
from app.shared.work import work
from app.sync.changes_sections import Asked, questions_for, section_for
from app.sync.changes_stamps import stamps_for
from tests.conftest import World
from tests.sync.phone_client import Phone
from tests.sync.statements import statements_of
from tests.sync.test_changes import _add_photo, _follow, _record
from tests.sync.test_changes_office import _send_back, _written
from tests.visits.drafts import CONSENTED

NOW = datetime.now(UTC)
PhoneOf = Callable[[str], Phone]
Row = dict[str, Any]


def _filled(app: Flask, world: World, phone: Phone) -> None:
    """Something in every table that a section is told from."""
    items = _written(phone, world)
    _send_back(app, world, items["plan_item"])
    visit_id = _record(app, world, "officer", world.centre, **CONSENTED)
    _follow(app, world, visit_id)
    _add_photo(app, world, visit_id, recorder_id=world["officer"].account_id)
    with app.app_context(), work() as w:
        w.session.add(Erasure(id=uuid4(), kind="visit", object_id=visit_id, at=NOW))


def _asked(session: Session, actor: Actor) -> Asked:
    return Asked(session, actor, bangkok_day(NOW), load_programme())


def _told(asked: Asked, name: str) -> str:
    asked.session.expire_all()
    return json.dumps(section_for(asked, name), default=str)


def _tables(asked: Asked) -> list[Table]:
    """Every table that any question reads."""
    programme = asked.programme
    found: dict[str, Table] = {}
    for questions in questions_for(
        asked.actor, asked.today, programme_key(programme), programme.fiscal_year
    ).values():
        for question in questions.values():
            found |= {name: db.metadata.tables[name] for name in _read_by(question)}
    return [found[name] for name in sorted(found)]


def _read_by(question: Select[Any]) -> Iterator[str]:
    for part in visitors.iterate(question):
        if isinstance(part, Table):
            yield part.name


def _others(column: Column[Any], value: Any) -> Iterator[Any]:
    """Other values of the column's type, likely ones first; checks refuse some."""
    if isinstance(column.type, JSON):
        yield from ([{"name": "อื่น", "criterion": "x", "points": 9}], [], {})
        return
    match value:
        case bool():
            yield not value
        case int() | float() | Decimal():
            yield from (value + 1, value - 1, value / 2)
        case datetime():
            yield from (value - timedelta(days=200), value + timedelta(days=1))
        case date():
            yield from (value - timedelta(days=1), value + timedelta(days=400))
        case str():
            states = ("returned", "accepted", "ok", "unreadable", "closed", "device", "photo")
            yield from (f"{value}1", f"9{value[1:]}", value.swapcase(), *states)
        case UUID():
            yield uuid4()
        case None:
            guesses = (NOW, NOW.date(), "อื่น", 1, True, uuid4())
            yield from (guess for guess in guesses if _fits(column, guess))


def _fits(column: Column[Any], guess: Any) -> bool:
    return type(guess) is column.type.python_type


def _changes(session: Session, table: Table) -> Iterator[tuple[str, list[Any]]]:
    """Every column of a row with other values for it; and the row gone, and come twice."""
    keys = list(table.primary_key.columns)
    row = session.execute(select(table).limit(1)).mappings().one_or_none()
    if row is None:
        return
    this = [key == row[key] for key in keys]
    yield f"-{table.name}", [delete(table).where(*this)]
    new = {key.name: uuid4() for key in keys if key.type.python_type is UUID}
    yield f"+{table.name}", [insert(table).values(**(dict(row) | new))]
    for column in table.columns:
        changed = update(table).where(*this)
        others = [x for x in _others(column, row[column]) if x != row[column]]
        yield f"{table.name}.{column.name}", [changed.values({column.name: x}) for x in others]


def test_whatever_changes_in_what_a_phone_is_told_moves_the_stamp(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    _filled(app, world, phone_of("officer"))
    told: set[str] = set()
    with app.app_context():
        session = db.session()
        session.connection(execution_options={WRITES: True})
        asked = _asked(session, world["officer"])
        stamps = stamps_for(asked, "")
        texts = {name: _told(asked, name) for name in stamps}
        for table in _tables(asked):
            for what, ways in _changes(session, table):
                taken = (_moves(asked, way, stamps, texts) for way in ways)
                moves = next((one for one in taken if one is not None), False)
                told |= {what} if moves else set()
        session.rollback()
    for some in (
        "visit.group_name", "visit.leader_name", "visit.next_followup_on", "visit.deleted_at",
        "followup.followed_on", "photo.state", "photo.record_gone", "activity.title",
        "area.name_th",
        "centre.name", "centre.steward_name", "assessment.scores", "plan_item.title",
        "plan_result.done_percent", "network_order.members", "submission.state",
        "submission_step.reason", "item_verdict.note", "post.title", "document.title",
        "visit_tally.people", "+visit", "-erasure", "-item_verdict",
    ):  # fmt: skip
        table = some.strip("+-").partition(".")[0]
        assert some in told or table in ("post", "document"), some


def _moves(
    asked: Asked, change: Any, stamps: dict[str, bytes], texts: dict[str, str]
) -> bool | None:
    """Whether a change moves a stamp; None if the database refuses it.

    Where it moves none, nothing else is told than before.
    """
    place = asked.session.begin_nested()
    try:
        asked.session.execute(change)
        moved = stamps_for(asked, "")
        still = {name: text for name, text in texts.items() if moved[name] == stamps[name]}
        assert {name: _told(asked, name) for name in still} == still, str(change)
    except (DBAPIError, StatementError, TypeError):
        return None  # a check refuses it
    finally:
        place.rollback()
    return moved != stamps


def test_nothing_new_costs_a_handful_of_questions(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    _filled(app, world, phone)
    phone.pull()
    with statements_of(app) as said:
        assert phone.pull() == {}
    assert len(said) <= 10


def test_each_section_is_told_anew_only_where_something_changed(
    app: Flask, world: World, phone_of: PhoneOf
) -> None:
    phone = phone_of("officer")
    _filled(app, world, phone)
    phone.pull()
    with app.app_context(), work() as w:
        w.session.execute(update(Centre).values(steward_name="ลุงคำ"))
    assert set(phone.pull()) == {"centres"}
    with app.app_context(), work() as w:
        w.session.execute(update(Centre).values(village="บ้านใหม่"))  # no phone is told it
    assert phone.pull() == {}


@pytest.mark.parametrize("who", ["officer", "volunteer"])
def test_what_a_phone_has_pulled_bit_by_bit_is_what_it_would_be_told_whole(
    app: Flask, world: World, phone_of: PhoneOf, who: str
) -> None:
    phone, other = phone_of(who), phone_of("officer")
    phone.pull()
    for _step in range(2):
        _filled(app, world, other) if _step == 0 else other.put(
            other.visit(world.centre, group_name="มาใหม่")
        )
        phone.pull()
        held = dict(phone.held)
        phone.cursor = None
        assert phone.pull() == held
