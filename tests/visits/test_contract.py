"""Two doors, one lock: form and JSON judge every case of the contract alike."""

from __future__ import annotations

import inspect
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.shared.errors import Malformed
from app.visits import rules
from app.visits.draft import VisitDraft, visit_from_json
from app.visits.forms import VisitForm
from app.visits.rules import check_visit
from tests.contract.doors import load_cases, sentences, shown_by, typed
from tests.visits.drafts import PROGRAMME

FILE = load_cases("visit_cases.json")
ORDINARY: dict[str, Any] = FILE["ordinary"]
NOW = datetime.fromisoformat(FILE["now"])
JUDGED = [case for case in FILE["cases"] if "problems" in case]
TYPED = [case for case in JUDGED if case.get("door") != "json"]
MALFORMED = [case for case in FILE["cases"] if "malformed" in case]
CENTRE = ORDINARY["centre_id"]


def named(case: dict[str, Any]) -> str:
    return case["name"]


def draft_of(case: dict[str, Any]) -> VisitDraft:
    return visit_from_json(ORDINARY | case["visit"])


@pytest.mark.parametrize("case", JUDGED, ids=named)
def test_the_server_agrees_with_the_contract(case: dict[str, Any]):
    problems = check_visit(draft_of(case), now=NOW, programme=PROGRAMME)
    assert [[p.field, p.code] for p in problems] == case["problems"]


@pytest.mark.parametrize("case", MALFORMED, ids=named)
def test_the_json_door_takes_no_shape_for_another(case: dict[str, Any]):
    with pytest.raises(Malformed) as refusal:
        draft_of(case)
    assert [refusal.value.field, refusal.value.expected] == case["malformed"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_says_what_the_json_door_says(app: Flask):
    for case in TYPED:
        with app.test_request_context():
            form = VisitForm(formdata=typed(ORDINARY | case["visit"]), meta={"csrf": False})
            form.offer(PROGRAMME, "th", centres=[(CENTRE, "-")], places=[("", "-")])
            if form.validate():
                capture, version = draft_of(case).capture, PROGRAMME.name
                draft = form.to_draft(capture=capture, programme_version=version)
                form.refuse(check_visit(draft, now=NOW, programme=PROGRAMME))
                assert draft == draft_of(case), case["name"]
            judged = check_visit(draft_of(case), now=NOW, programme=PROGRAMME)
            assert shown_by(form) == sentences(judged), case["name"]


def test_the_contract_covers_every_code_of_the_rules():
    written = set(re.findall(r'Problem\([^"]*"[^"]+",\s*"(\w+)"', inspect.getsource(rules)))
    written |= set(re.findall(r'Problem\(field, "(\w+)"', inspect.getsource(rules)))
    written |= {"phone_invalid", "national_id_refused"}
    covered = {code for case in JUDGED for _field, code in case["problems"]}
    assert written <= covered


def test_what_is_not_an_object_is_malformed():
    for item in (None, [], "visit", 1):
        with pytest.raises(Malformed):
            visit_from_json(item)


def test_a_retry_of_the_same_json_has_the_same_hash_however_it_is_spelled():
    again = ORDINARY | {"captured_at": "2024-02-13T02:55:00Z", "visit_date": "2567-02-13"}
    first, second = visit_from_json(ORDINARY), visit_from_json(again)
    assert first.columns() == second.columns()
    other = visit_from_json(ORDINARY | {"n_male": 21})
    assert other.content_sha256 != first.content_sha256


def test_who_carried_the_record_does_not_change_its_content():
    carried = ORDINARY | {"device_id": "018da0ee-1c00-7000-8000-00000000d001", "clock_skew_s": 5}
    first, second = visit_from_json(ORDINARY), visit_from_json(carried)
    assert first.content_sha256 == second.content_sha256
