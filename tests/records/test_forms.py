"""The form that every kind of record gets from its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from app.activities.kinds import ACTIVITY
from app.networks.kinds import NETWORK_ORDER
from app.plans.kinds import PLAN_RESULT
from app.records.forms import RecordForm, form_for
from app.records.rules import check_fields
from app.rounds.programme import load_programme
from app.shared.errors import Problem
from app.shared.ids import new_id
from tests.conftest import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OrderForm = form_for(NETWORK_ORDER, {})
ActivityForm = form_for(ACTIVITY, {})
ResultForm = form_for(PLAN_RESULT, {})
CENTRE = str(new_id())


@pytest.fixture(autouse=True)
def request_of_a_browser(app: Flask) -> Iterator[None]:
    """Forms read the request they stand in."""
    with app.test_request_context("/", method="POST"):
        yield


def sent(form: type[RecordForm], *pairs: tuple[str, str], **refs: Any) -> RecordForm:
    """The form as a browser sends it."""
    made = form(formdata=MultiDict([("id", str(new_id())), *pairs]))
    return made.offer(
        load_programme(), "th", centres=[(CENTRE, "5606-001")], districts=[("5606", "ปง")], **refs
    )


def order(*members: tuple[str, str]) -> RecordForm:
    return sent(
        OrderForm,
        ("district_code", "5606"), ("order_no", "12/2567"), ("dated_on", "1/2/2567"),
        ("fiscal_year", "๒๕๖๗"), ("act", "appoint"), *members,
    )  # fmt: skip


MEMBERS = (
    ("members-0-name", "นายดี ใจงาม"), ("members-0-sector", "government"),
    ("members-1-name", ""), ("members-1-sector", ""),
    ("members-7-name", "พระครู"), ("members-7-sector", "religious"), ("members-7-phone", "12"),
)  # fmt: skip


def test_rows_left_empty_go_away_and_the_others_keep_their_order() -> None:
    form = order(*MEMBERS)
    assert form.validate(), form.errors
    draft = form.to_draft(NETWORK_ORDER, "khok_nong_na_2567.1")
    assert [member["name"] for member in draft.values["members"]] == ["นายดี ใจงาม", "พระครู"]
    assert draft.values["members"][0]["phone"] is None
    assert (draft.centre_id, draft.district_code) == (None, "5606")
    assert draft.values["fiscal_year"] == 2567


def test_a_fault_in_a_row_stands_under_its_box() -> None:
    form = order(*MEMBERS)
    assert form.validate()
    draft = form.to_draft(NETWORK_ORDER, "khok_nong_na_2567.1")
    assert not form.refuse(NETWORK_ORDER.check(draft, load_programme()))
    first, second = form.members.entries
    assert (first.errors, list(second.errors)) == ({}, ["phone"])
    assert second.form.phone.id == "members-1-phone"
    assert "members" in form.errors


def test_a_fault_of_a_field_without_a_box_stands_above_the_form() -> None:
    form = order(*MEMBERS)
    form.refuse([Problem("nothing-9-x", "required"), Problem("members-99-name", "required")])
    assert len(form.form_errors) == 2


def test_no_rows_at_all_are_refused_where_some_are_needed() -> None:
    form = order()
    assert not form.validate()
    assert form.members.errors


def test_row_numbers_that_are_none_are_no_rows() -> None:
    hostile = [(f"members-{place}-name", "x") for place in ("²", "-1", "x", "1e3", "", "9" * 400)]
    form = order(*hostile)
    assert len(form.members.entries) <= 1


def test_without_javascript_a_button_adds_a_row_and_judges_nothing(app: Flask) -> None:
    data = {"members-0-name": "นายดี", "add-members": "1"}
    with app.test_request_context("/", method="POST", data=data):
        form = OrderForm().offer(load_programme(), "th", districts=[("5606", "ปง")])
        assert form.asks_for_rows()
        assert [entry.form.data["name"] for entry in form.members.entries] == ["นายดี", None]
        assert form.members.entries[1].form.sector.choices
        assert not form.errors


def test_the_row_for_the_script_has_a_place_to_be_numbered() -> None:
    blank = order().members.blank
    html = render_template_string("{{ row.name }}{{ row.sector }}", row=blank)
    assert 'name="members-__n__-name"' in html
    assert 'value="religious"' in html


def test_few_answers_are_chips_many_a_list_and_an_optional_one_can_be_taken_back() -> None:
    form = sent(ActivityForm)
    assert form.kind.as_list
    assert [choice.value for choice in form.kind.choices][:2] == ["", "aow_mue"]
    act = order().act
    assert not act.as_list
    assert [choice.value for choice in act.choices] == ["appoint", "review"]


def test_what_a_record_names_may_stay_though_it_is_offered_no_more() -> None:
    kept, other = str(new_id()), str(new_id())
    form = ActivityForm(data={"plan_item_id": kept}, formdata=MultiDict({"plan_item_id": kept}))
    form.offer(load_programme(), "th", refs={"plan_item_id": [(other, "ปลูกป่า")]})
    assert [choice.value for choice in form.plan_item_id.choices] == ["", kept, other]
    foreign = ActivityForm(formdata=MultiDict({"plan_item_id": kept}))
    foreign.offer(load_programme(), "th", centres=[(CENTRE, "")])
    assert not foreign.validate()
    assert "plan_item_id" in foreign.errors


def test_evidence_is_a_list_of_ids_that_were_offered() -> None:
    item, proof, foreign = (str(new_id()) for _ in range(3))
    told = (
        ("district_code", "5606"), ("item_id", item), ("reported_on", "1/2/2567"),
        ("done_percent", "40"), ("result", "ขุดแล้ว"),
    )  # fmt: skip
    refs = {"item_id": [(item, "ปลูกป่า")], "evidence": [(proof, "ภาพ")]}
    form = sent(ResultForm, *told, ("evidence", proof), refs=refs)
    assert form.validate(), form.errors
    draft = form.to_draft(PLAN_RESULT, "khok_nong_na_2567.1")
    assert (draft.values["item_id"], draft.values["evidence"]) == (UUID(item), [proof])
    assert not sent(ResultForm, *told, ("evidence", foreign), refs=refs).validate()


def test_a_record_of_a_centre_is_not_the_districts_as_well() -> None:
    form = sent(
        ResultForm, ("centre_id", CENTRE), ("district_code", "5606"), ("reported_on", "1/2/2567")
    )
    draft = form.to_draft(PLAN_RESULT, "khok_nong_na_2567.1")
    assert (draft.centre_id, draft.district_code) == (UUID(CENTRE), None)


def test_without_any_place_the_district_is_asked_for() -> None:
    form = sent(OrderForm)
    draft = form.to_draft(NETWORK_ORDER, "khok_nong_na_2567.1")
    problems = check_fields(draft, (), now=NOW, programme=load_programme())
    form.refuse(problems)
    assert form.district_code.errors
