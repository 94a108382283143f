"""Records of every kind are judged on the server as on the phone: both read records.json."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from app.records.draft import draft_from_json
from app.records.fields import facts_for_phone
from app.records.kinds import KINDS
from app.rounds.programme import load_programme
from app.shared.errors import Malformed
from app.sync.record_items import problems_of
from tests.contract.doors import load_cases

FILE = load_cases("records.json")
TOLD = load_cases("record_kinds.json")
PROGRAMME = load_programme()


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda c: f"{c['kind']}: {c['name']}")
def test_the_server_agrees_with_the_contract(case: dict[str, Any]):
    kind = KINDS[case["kind"]]
    data = FILE["ordinary"][kind.name] | case["data"]
    if "malformed" in case:
        with pytest.raises(Malformed) as refused:
            draft_from_json(kind.name, kind.fields, data)
        assert [refused.value.field, refused.value.expected] == case["malformed"]
        return
    draft = draft_from_json(kind.name, kind.fields, data)
    now = datetime.fromisoformat(FILE["now"])
    found = problems_of(kind, draft, now=now, programme=PROGRAMME)
    assert [[one.field, one.code, dict(one.facts)] for one in found] == case["problems"]


def test_the_phones_tests_know_the_fields_of_every_kind():
    assert TOLD["fields"] == {
        name: facts_for_phone(kind.fields) for name, kind in KINDS.items()
    }  # where a kind has changed, so have the cases to be thought of


def test_the_phones_tests_know_the_programmes_lists():
    told = dict(TOLD["programme"])
    form = told.pop("assessment")
    assert told == {name: [{"key": one.key} for one in getattr(PROGRAMME, name)] for name in told}
    assert form["criteria"] == [
        {"key": one.key, "anchors": [{"points": a.points} for a in one.anchors]}
        for one in PROGRAMME.assessment.criteria
    ]
    assert form["anchors"] == [{"points": a.points} for a in PROGRAMME.assessment.anchors]
