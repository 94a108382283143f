"""Plans in the database: what counts of a report, what is carried over, what is dropped."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.plans.queries import items_of, items_seen, newest_results, results_of, totals_by_district
from app.plans.rules import carried_id, totals_of
from app.plans.service import PlanItemStruckOut, UnknownPlanItem, carry_over, check_item_known, drop
from app.records.service import strike_out
from app.shared.errors import Forbidden
from app.shared.ids import new_id
from tests.conftest import World
from tests.plans.drafts import (
    NOW,
    PROGRAMME,
    TODAY,
    make_result,
    store_item,
    store_result,
)


def test_a_plan_is_read_by_centre_and_the_districts_own_comes_last(session: Session, world: World):
    own = store_item(session, world, None)
    second = store_item(session, world, world.neighbour)
    first = store_item(session, world, world.centre)
    store_item(session, world, world.centre, fiscal_year=2566)
    store_item(session, world, world.stranger, "other_officer")
    session.expunge_all()
    counted: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: counted.append(a[2]))

    items = items_of(session, "5606", 2567)

    assert [item.id for item in items] == [first.id, second.id, own.id]
    assert [item.centre.code if item.centre else None for item in items] == [
        "5606-001",
        "5606-002",
        None,
    ]
    assert len([one for one in counted if one != "BEGIN"]) == 1
    seen = items_seen(session, world["volunteer"], "5606", 2567)
    assert [item.id for item in seen] == [first.id]
    assert items_seen(session, world["other_officer"], "5606", 2567) == []


def test_the_newest_report_up_to_a_day_is_what_counts(session: Session, world: World):
    item, silent = (store_item(session, world, world.centre) for _ in range(2))
    early = store_result(session, world, item, reported_on=date(2024, 2, 20), done_percent=10)
    late = store_result(session, world, item, reported_on=date(2024, 3, 20), done_percent=60)
    gone = store_result(session, world, item, reported_on=date(2024, 3, 24), done_percent=90)
    strike_out(
        session, PLAN_RESULT, gone.id, expected_version=1, reason="twice", actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    session.commit()

    assert newest_results(session, [item.id, silent.id], TODAY) == {item.id: late}
    assert newest_results(session, [item.id], date(2024, 2, 29)) == {item.id: early}
    assert newest_results(session, [], TODAY) == {}
    assert results_of(session, [item.id, silent.id]) == {item.id: [late, early], silent.id: []}


def test_a_result_belongs_to_an_item_that_exists(session: Session, world: World):
    item = store_item(session, world, world.centre)
    draft = make_result(item)
    assert check_item_known(session, draft, world["officer"]) == item
    with pytest.raises(UnknownPlanItem):  # it may still be on a phone, or it is another district's
        check_item_known(session, draft, world["other_officer"])
    with pytest.raises(UnknownPlanItem):
        check_item_known(session, make_result(item, item_id=new_id()), world["officer"])


def test_a_result_of_an_item_struck_out_is_told_so(session: Session, world: World):
    item = store_item(session, world, world.centre)
    strike_out(
        session, PLAN_ITEM, item.id, expected_version=1, reason="twice", actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    with pytest.raises(PlanItemStruckOut):
        check_item_known(session, make_result(item), world["officer"])


def test_unfinished_items_go_on_once_however_often_they_are_chosen(session: Session, world: World):
    half = store_item(session, world, world.centre, fiscal_year=2566, title="ทำต่อ")
    done = store_item(session, world, world.centre, fiscal_year=2566)
    store_result(session, world, half, spent_baht=1_500)
    store_result(session, world, done, done_percent=100)
    chosen = [half.id, done.id, new_id()]
    carry = {"actor": world["officer"], "now": NOW, "programme": PROGRAMME}

    made, refused = carry_over(session, chosen, 2567, **carry)
    session.commit()

    assert refused == []
    [new] = made
    assert (new.id, new.carried_from, new.title) == (carried_id(half.id, 2567), half.id, "ทำต่อ")
    assert (new.fiscal_year, new.starts_on, new.budget_baht) == (2567, date(2025, 2, 15), 3_500)
    assert carry_over(session, chosen, 2567, **carry) == ([], [])
    later = {**carry, "now": NOW.replace(day=26)}
    assert carry_over(session, chosen, 2567, **later) == ([], [])


def test_what_was_carried_over_and_struck_out_can_be_carried_again(session: Session, world: World):
    old = store_item(session, world, world.centre, fiscal_year=2566)
    carry = {"actor": world["officer"], "now": NOW, "programme": PROGRAMME}
    [new], _refused = carry_over(session, [old.id], 2567, **carry)
    strike_out(
        session, PLAN_ITEM, new.id, expected_version=1, reason="not now", actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    [again], _refused = carry_over(session, [old.id], 2567, **carry)
    assert again.id != new.id
    assert again.carried_from == old.id


def test_nobody_carries_over_what_he_does_not_see_or_may_not_write(session: Session, world: World):
    old = store_item(session, world, world.centre, fiscal_year=2566)
    carry = {"now": NOW, "programme": PROGRAMME}
    assert carry_over(session, [old.id], 2567, actor=world["other_officer"], **carry) == ([], [])
    with pytest.raises(Forbidden):
        carry_over(session, [old.id], 2567, actor=world["reviewer"], **carry)


def test_a_dropped_item_stays_in_the_plan_with_its_reason_and_costs_nothing(
    session: Session, world: World
):
    item = store_item(session, world, world.centre)
    kept = store_item(session, world, world.centre, side="people", budget_baht=700)
    how = {"actor": world["officer"], "now": NOW, "programme": PROGRAMME}
    drop(session, item.id, "น้ำท่วม", expected_version=1, **how)
    session.commit()

    items = items_of(session, "5606", 2567)
    assert {one.id: one.dropped_reason for one in items} == {item.id: "น้ำท่วม", kept.id: None}
    totals = totals_of(items, {})
    assert (totals.items, totals.dropped, totals.budget) == (1, 1, 700)
    assert totals.by_side == {"people": 700}
    assert totals_by_district(session, world["reviewer"], 2567) == {"5606": (1, 700)}

    back = drop(session, item.id, None, expected_version=2, **how)
    assert back.dropped_reason is None
