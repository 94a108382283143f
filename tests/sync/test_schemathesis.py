"""The API as it runs keeps to its contract, whatever is sent; at length: `make test-fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync.fuzz import fuzz

EXAMPLES = 8  # for each operation, beside some 1,800 cases at the edges of every schema
SEED = 20261122


@pytest.mark.timeout(600)  # a minute on an idle machine
def test_whatever_is_sent_the_answer_is_one_the_contract_knows(tmp_path: Path) -> None:
    outcome = fuzz(tmp_path, examples=EXAMPLES, seed=SEED)
    assert outcome.passed, outcome.report[-8000:]
    assert outcome.server_errors == 0, outcome.statuses
    assert outcome.cases > 1_000
    assert {200, 201, 204, 400, 401, 404} <= set(outcome.statuses)  # it got past the door
