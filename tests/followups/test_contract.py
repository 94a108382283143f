"""Two doors, one lock: form and JSON judge every case of the contract alike."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.followups import rules
from app.followups.draft import FollowupDraft, followup_from_json
from app.followups.forms import FollowupForm
from app.followups.rules import VisitFacts, check_followup
from app.shared.errors import Malformed, Problem
from tests.contract.doors import load_cases, sentences, shown_by, typed
from tests.visits.drafts import PROGRAMME

FILE = load_cases("followup_cases.json")
ORDINARY: dict[str, Any] = FILE["ordinary"]
FACTS: dict[str, Any] = FILE["visit_facts"]
NOW = datetime.fromisoformat(FILE["now"])
JUDGED = [case for case in FILE["cases"] if "problems" in case]
TYPED = [case for case in JUDGED if case.get("door") != "json"]
MALFORMED = [case for case in FILE["cases"] if "malformed" in case]
STEPS = [("", "-"), *((str(n), "-") for n in PROGRAMME.followup_months)]


def named(case: dict[str, Any]) -> str:
    return case["name"]


def draft_of(case: dict[str, Any]) -> FollowupDraft:
    return followup_from_json(ORDINARY | case["followup"])


def judge(case: dict[str, Any], draft: FollowupDraft) -> list[Problem]:
    facts = FACTS | case.get("visit", {})
    visit = VisitFacts(**facts | {"visit_date": date.fromisoformat(facts["visit_date"])})
    return check_followup(draft, visit=visit, now=NOW, programme=PROGRAMME)


@pytest.mark.parametrize("case", JUDGED, ids=named)
def test_the_server_agrees_with_the_contract(case: dict[str, Any]):
    problems = judge(case, draft_of(case))
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
            form = FollowupForm(formdata=typed(ORDINARY | case["followup"]), meta={"csrf": False})
            form.offer(PROGRAMME, "th", steps=STEPS)
            if form.validate():
                visit_id = UUID(ORDINARY["visit_id"])
                draft = form.to_draft(
                    visit_id=visit_id, capture=form.id.capture, programme_version=PROGRAMME.name
                )
                draft = replace(draft, capture=draft_of(case).capture)
                form.refuse(judge(case, draft))
                assert draft == draft_of(case), case["name"]
            assert shown_by(form) == sentences(judge(case, draft_of(case))), case["name"]


def test_the_contract_covers_every_code_of_the_rules():
    source = inspect.getsource(rules)
    written = set(re.findall(r'Problem\((?:field|"\w+"), "(\w+)"', source)) | {"not_reached"}
    covered = {code for case in JUDGED for _field, code in case["problems"]}
    assert written <= covered
