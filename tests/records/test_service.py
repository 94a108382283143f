"""Records of any kind: written once, corrected by versions, struck out by tombstones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.activities.kinds import ACTIVITY
from app.audit.history import StaleVersion
from app.networks.kinds import NETWORK_ORDER
from app.records.draft import Draft
from app.records.queries import EntryFilter, entries_for_report, entry_for, history_of, list_entries
from app.records.rules import check_fields
from app.records.service import RecordConflict, UnknownDistrict, edit, record, strike_out
from app.rounds.models import QuarterSeal
from app.rounds.seals import QuarterSealed
from app.shared.clock import Quarter
from app.shared.errors import Forbidden, NotFound
from app.shared.ids import new_id
from app.shared.record import Capture
from app.visits.service import CentreFixed, UnknownCentre
from tests.activities.drafts import HELD_ON, NOW, PROGRAMME, make_activity
from tests.conftest import World

Write = Callable[..., tuple[Any, bool]]
ITS_QUARTER = Quarter.of_day(HELD_ON)


@pytest.fixture
def write(session: Session, world: World) -> Write:
    """A function: someone of `world` writes an activity down."""

    def by(draft: Draft, who: str = "volunteer") -> tuple[Any, bool]:
        return record(session, ACTIVITY, draft, actor=world[who], now=NOW, programme=PROGRAMME)

    return by


def order_of(district: str) -> Draft:
    """A district's network order with one member."""
    member = {"name": "นายดี", "organisation": None, "sector": "media", "role": None, "phone": None}
    told = {field.name: field.nothing for field in NETWORK_ORDER.fields} | {
        "order_no": "12/2567",
        "dated_on": date(2024, 2, 1),
        "fiscal_year": 2567,
        "act": "appoint",
        "members": [member],
    }
    return Draft(
        kind="network_order",
        id=new_id(),
        district_code=district,
        values=told,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )


def seal(session: Session, world: World, district: str) -> None:
    session.add(
        QuarterSeal(
            district_code=district, quarter=str(ITS_QUARTER), reason="ครบแล้ว", sealed_at=NOW,
            sealed_by=world["reviewer"].account_id,
        )
    )  # fmt: skip
    session.flush()


def test_sent_twice_it_is_stored_once(write: Write, world: World):
    draft = make_activity(world.centre)
    row, created = write(draft)
    again, anew = write(draft)
    assert (created, anew, again.id, again.version) == (True, False, row.id, 1)
    assert (row.district_code, row.n_total) == ("5606", 32)


def test_the_same_id_with_other_content_is_a_conflict(write: Write, world: World):
    draft = make_activity(world.centre)
    write(draft)
    with pytest.raises(RecordConflict):
        write(replace(draft, values={**draft.values, "n_male": 1}))


def test_a_correction_keeps_who_when_and_what(session: Session, write: Write, world: World):
    draft = make_activity(world.centre)
    write(draft)
    better = replace(draft, values={**draft.values, "title": "เอามื้อสามัคคี"})
    for _twice in range(2):
        row = edit(
            session, ACTIVITY, better, expected_version=1, actor=world["officer"], now=NOW,
            programme=PROGRAMME, reason="ชื่อยาวไป",
        )  # fmt: skip
    assert row.version == 2
    (newest, name), (first, _name) = history_of(session, draft.id)
    assert (newest.action, name, first.action) == ("edited", "Test officer", "recorded")
    assert newest.changes == {"title": [draft.values["title"], "เอามื้อสามัคคี"]}
    assert write(draft)[0].version == 2  # the phone's old copy comes once more: known, not undone


def test_a_stale_correction_and_a_stale_strike_are_refused(
    session: Session, write: Write, world: World
):
    draft = make_activity(world.centre)
    write(draft)
    late = replace(draft, values={**draft.values, "title": "ช้าไป"})
    with pytest.raises(StaleVersion):
        edit(
            session, ACTIVITY, late, expected_version=7, actor=world["officer"], now=NOW,
            programme=PROGRAMME,
        )  # fmt: skip
    with pytest.raises(StaleVersion):
        strike_out(
            session, ACTIVITY, draft.id, expected_version=2**40, reason="ซ้ำ",
            actor=world["officer"], now=NOW,
        )  # fmt: skip


def test_nobody_writes_reads_or_moves_it_elsewhere(session: Session, write: Write, world: World):
    draft = make_activity(world.centre)
    write(draft)
    with pytest.raises(UnknownCentre):
        write(make_activity(world.centre), "other_officer")
    with pytest.raises(Forbidden):
        write(make_activity(world.centre), "reviewer")
    for who in ("other_officer", "other_volunteer"):
        with pytest.raises(NotFound):
            entry_for(session, ACTIVITY, world[who], draft.id)
        assert list_entries(session, ACTIVITY, world[who]).items == []
    with pytest.raises(CentreFixed):
        edit(
            session, ACTIVITY, replace(draft, centre_id=world.neighbour), expected_version=1,
            actor=world["officer"], now=NOW, programme=PROGRAMME,
        )  # fmt: skip


def test_a_district_writes_for_itself_only(session: Session, world: World):
    def write(district: str, who: str) -> Any:
        return record(
            session, NETWORK_ORDER, order_of(district), actor=world[who], now=NOW,
            programme=PROGRAMME,
        )  # fmt: skip

    row, _created = write("5606", "officer")
    assert (row.centre_id, row.district_code, row.sectors) == (None, "5606", ["media"])
    for district, who in (("5601", "officer"), ("5699", "admin"), ("56", "admin")):
        with pytest.raises(UnknownDistrict):
            write(district, who)
    assert entry_for(session, NETWORK_ORDER, world["reviewer"], row.id) is row
    for who in ("other_officer", "volunteer"):
        with pytest.raises(NotFound):
            entry_for(session, NETWORK_ORDER, world[who], row.id)


def test_personal_values_are_in_no_history(session: Session, world: World):
    draft = order_of("5606")
    record(session, NETWORK_ORDER, draft, actor=world["officer"], now=NOW, programme=PROGRAMME)
    other = [{**draft.values["members"][0], "phone": "0812345678"}]
    edit(
        session, NETWORK_ORDER, replace(draft, values={**draft.values, "members": other}),
        expected_version=1, actor=world["officer"], now=NOW, programme=PROGRAMME,
    )  # fmt: skip
    assert history_of(session, draft.id)[0][0].changes == {"members": None}


def test_a_sealed_quarter_takes_what_is_late_and_changes_nothing(
    session: Session, write: Write, world: World
):
    draft = make_activity(world.centre)
    write(draft)
    seal(session, world, "5606")
    assert write(make_activity(world.centre))[1]
    moved = replace(draft, values={**draft.values, "held_on": date(2023, 11, 1)})
    with pytest.raises(QuarterSealed):
        edit(
            session, ACTIVITY, moved, expected_version=1, actor=world["officer"], now=NOW,
            programme=PROGRAMME,
        )  # fmt: skip
    with pytest.raises(QuarterSealed):
        strike_out(
            session, ACTIVITY, draft.id, expected_version=1, reason="ซ้ำ", actor=world["officer"],
            now=NOW,
        )  # fmt: skip
    write(make_activity(world.stranger), "other_officer")


def test_lists_go_by_day_place_and_words_page_by_page(session: Session, write: Write, world: World):
    ids: list[UUID] = []
    for number in range(53):
        centre = world.neighbour if number % 2 else world.centre
        draft = make_activity(centre, held_on=date(2024, 1, 1 + number % 30), title=f"งาน {number}")
        write(draft, "officer")
        ids.append(draft.id)
    officer = world["officer"]
    first = list_entries(session, ACTIVITY, officer)
    second = list_entries(session, ACTIVITY, officer, after=first.next_cursor)
    assert sorted(row.id for row in (*first.items, *second.items)) == sorted(ids)
    assert (len(first.items), second.next_cursor) == (50, None)
    days = [row.held_on for row in first.items]
    assert days == sorted(days, reverse=True)
    asked = EntryFilter(centre_id=world.centre, quarter=ITS_QUARTER, district="5606")
    found = list_entries(session, ACTIVITY, officer, conditions=asked.conditions(ACTIVITY))
    assert len(found.items) == 27
    assert len(list_entries(session, ACTIVITY, officer, search="งาน ๕๒").items) == 1
    report = entries_for_report(session, ACTIVITY, world["volunteer"])
    assert len(list(report)) == 27


def test_more_rows_than_a_form_has_are_refused():
    draft = order_of("5606")
    many = replace(draft, values={**draft.values, "members": draft.values["members"] * 101})
    problems = check_fields(many, NETWORK_ORDER.fields, now=NOW, programme=PROGRAMME)
    assert [(problem.field, problem.code) for problem in problems] == [("members", "too_many")]
