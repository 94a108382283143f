"""Phone and server agree: on the spelling that is hashed, on text, on the facts of a refusal.

The same files are read by `node --test` (tests/js/contract.test.js); here stands the server's side.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest

from app.followups.draft import followup_from_json
from app.followups.rules import VisitFacts, check_followup
from app.rounds.programme import load_programme
from app.shared.canonical import canonical_json
from app.shared.errors import Problem
from app.shared.personal import holds_id_number, normal_phone
from app.shared.thai import clean_text
from app.visits.draft import visit_from_json
from app.visits.rules import check_visit
from tests.contract.doors import load_cases

CANONICAL = load_cases("canonical_cases.json")
TEXT = load_cases("text_cases.json")
PHONE = load_cases("phone_facts.json")
VISITS, FOLLOWUPS = load_cases("visit_cases.json"), load_cases("followup_cases.json")
PROGRAMME = load_programme()
LISTS = ("visit_kinds", "visitor_sectors", "topics")
FOLLOWUP_LISTS = ("followup_methods", "followup_uses", "outcomes")
HASHED = ("kind", "op", "id", "base_version", "data", "attachments")


@pytest.mark.parametrize("case", CANONICAL["cases"], ids=lambda case: case["name"])
def test_a_value_has_one_spelling(case: dict[str, Any]):
    assert canonical_json(case["value"]) == case["canonical"]


@pytest.mark.parametrize("case", CANONICAL["items"], ids=lambda case: case["item"]["kind"])
def test_an_item_has_one_hash(case: dict[str, Any]):
    content = {"base_version": None, "attachments": []}
    content |= {name: value for name, value in case["item"].items() if name in HASHED}
    assert sha256(canonical_json(content).encode()).hexdigest() == case["item_sha256"]


def test_half_a_letter_has_no_spelling():
    with pytest.raises(UnicodeEncodeError):
        canonical_json({"name": "\ud83d"}).encode()


def test_text_is_cleaned_as_on_the_phone():
    for case in TEXT["texts"]:
        assert clean_text(case["text"]) == case["clean"]
        assert clean_text(case["text"], lines=True) == case["lines"]


def test_phone_and_id_numbers_are_read_as_on_the_phone():
    for case in TEXT["phones"]:
        assert normal_phone(case["typed"]) == case["normal"], case["typed"]
    for case in TEXT["id_numbers"]:
        assert holds_id_number(case["text"]) == case["holds"], case["text"]


def test_the_phones_tests_know_the_programme_in_force():
    lists = {name: [one.key for one in getattr(PROGRAMME, name)] for name in LISTS + FOLLOWUP_LISTS}
    months = list(PROGRAMME.followup_months)
    assert PHONE["programme"] == {"name": PROGRAMME.name, "followup_months": months} | lists


def test_the_facts_of_a_refusal_are_those_the_phone_tells():
    assert _told(VISITS, _judge_visit) == PHONE["facts"]["visit"]
    assert _told(FOLLOWUPS, _judge_followup) == PHONE["facts"]["followup"]


def _told(file: dict[str, Any], judge: Any) -> dict[str, list[dict[str, object]]]:
    """The facts of every case that has any, by the case's name."""
    judged = [case for case in file["cases"] if "problems" in case]
    problems = {case["name"]: judge(file, case) for case in judged}
    return {
        name: [dict(one.facts) for one in found]
        for name, found in problems.items()
        if any(one.facts for one in found)
    }


def _judge_visit(file: dict[str, Any], case: dict[str, Any]) -> list[Problem]:
    draft = visit_from_json(file["ordinary"] | case["visit"])
    return check_visit(draft, now=datetime.fromisoformat(file["now"]), programme=PROGRAMME)


def _judge_followup(file: dict[str, Any], case: dict[str, Any]) -> list[Problem]:
    facts = file["visit_facts"] | case.get("visit", {})
    visit = VisitFacts(**facts | {"visit_date": date.fromisoformat(facts["visit_date"])})
    draft = followup_from_json(file["ordinary"] | case["followup"])
    now = datetime.fromisoformat(file["now"])
    return check_followup(draft, visit=visit, now=now, programme=PROGRAMME)
